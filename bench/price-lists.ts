/** Serves price lists of the size that sources have, in a process of its own: prints its address, and ends with its input. */
import { setPriority } from "node:os";
import { z } from "zod";
import { clouds, fixture, serve } from "../test/compute/source-fixtures.ts";
import { startFakeWeb } from "../test/support/fake-web.ts";

const offers = 3000;
const rows = 60_000;
/** A real offer has some eighty fields, about 2.5 KB of them; the fixture has those that are read. */
const more = Object.fromEntries(
  Array.from({ length: 65 }, (_, n) => [`field_${n}`, n % 3 === 0 ? "some text of the host's" : n * 1.000_123]),
);

const known = z.object({ offers: z.array(z.record(z.string(), z.unknown())) }).parse(JSON.parse(fixture("vast-bundles.json"))).offers;
const vast = Array.from({ length: offers }, (_, n) => ({ ...known[n % known.length], id: n, host_id: n % 700, machine_id: n, ...more }));

/** The cloud's own rows again and again, each time in another place. Most of the catalogue is AWS. */
function listOf(cloud: (typeof clouds)[number]): string {
  const [head = "", ...lines] = fixture(`gpuhunt-${cloud}.csv`).trim().split("\n");
  const share = cloud === "aws" ? rows * 0.6 : (rows * 0.4) / (clouds.length - 1);
  const place = lines[0]?.split(",")[1] ?? "";
  return [head, ...Array.from({ length: share }, (_, n) => (lines[n % lines.length] ?? "").replace(place, `${place}-${n}`))].join("\n");
}

const web = await startFakeWeb();
serve.vast(web, { offers: vast });
serve.gpuhunt(web, Object.fromEntries(clouds.map((cloud) => [cloud, listOf(cloud)])));
// What is measured is the other process.
setPriority(10);
process.stdout.write(`${web.url}\n`);
process.stdin.once("end", () => process.exit(0)).resume();
