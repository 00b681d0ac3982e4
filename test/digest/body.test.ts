/** What stands in a digest: every number is a figure's, and what is missing is said or left out, never zero. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatAge, formatFigure, formatTime, type Unit } from "../../src/core/figure.ts";
import { type BodyFacts, type ChangeFact, composeBody } from "../../src/digest/body.ts";
import { capacity, facts, made, morning, render, sector } from "./facts.ts";

const textOf = (parts: BodyFacts): string => {
  const { body } = composeBody(parts);
  return [...body.blocks, ...body.print].map((block) => ("text" in block ? block.text : "")).join("\n");
};

describe("a digest's body", () => {
  it("says in words why a network has no figures", () => {
    const notes = [
      { name: "Akash", rows: [], note: "off" },
      { name: "Render", rows: [], note: "render" },
    ] as const;
    expect(textOf(facts({ networks: notes }))).toMatch(
      /Akash\W* – Its sources are turned off\.\n\W*Render\W* – Render publishes no documented statistics that a program may read/,
    );
  });

  it("says the sector, the backdrop, the movers and the networks, each with its source and time", () => {
    expect(textOf(facts())).toBe(
      [
        "DePIN digest · Sunday, 22 November 2026",
        "**DePIN sector: $10.57 billion**",
        "+7.59 %\\* 24 h",
        "Bitcoin $77,671 (−0.95 % 24 h)",
        "**Movers over 24 h** (volume of $1 million and more)",
        "▲ Render +5.31 %",
        "▼ Helium −4.2 %",
        "**Networks**",
        "**Filecoin** raw capacity 2.17 EiB",
        "CoinGecko: 22 Nov 2026, 07:55 UTC",
        "glif: 22 Nov 2026, 07:55 UTC",
        "Changes of single coins, and those with \\*, are the source's own; others are worked out from Depinion's archive.",
        "Not financial advice.",
      ].join("\n"),
    );
  });

  it("leaves out the sections that a room has switched off", () => {
    expect(textOf(facts({ sections: ["networks"] }))).not.toMatch(/sector:|Movers/);
    expect(textOf(facts({ sections: ["headline"] }))).not.toMatch(/Movers|Networks/);
  });

  it("has no small print where a room wants none, but says what is the sources' own word", () => {
    const { body } = composeBody(facts({ sections: ["headline"] }));
    expect(body.print).toEqual([
      {
        kind: "note",
        text: "Changes of single coins, and those with \\*, are the source's own; others are worked out from Depinion's archive.",
      },
    ]);
    const still = composeBody(facts({ sections: ["headline"], sectorChanges: [], backdrop: [] }));
    expect(still.body.print).toEqual([]);
  });

  it("says that the sector is not known instead of writing a zero", () => {
    expect(textOf(facts({ sector: null, sectorChanges: [] }))).toContain("DePIN sector: no data");
  });

  it("says before the first number that prices are old, or only the snapshot's", () => {
    expect(textOf(facts({ origin: "stored", troubles: [{ source: "CoinGecko", kind: "timeout" }] }))).toMatch(
      /not live\.\*\* CoinGecko did not answer in time\. They are 5 min old/,
    );
    expect(textOf(facts({ origin: "baseline" }))).toContain("August 2024");
    expect(textOf(facts({ origin: "baseline" }))).not.toContain("August 2024: August 2024");
    expect(textOf(facts({ origin: "baseline", sector: null, sectorChanges: [], backdrop: [] }))).toContain("no market data today");
  });

  it("says of when a network's figure is that is not of now, and names no source for what was worked out", () => {
    const old = { ...capacity, state: "stale" as const, observedAt: new Date("2024-08-01T00:00:00Z"), precision: "month" as const };
    const against = made(
      "sector.market_cap_change_baseline",
      "DePIN sector market cap since August 2024",
      -44.4,
      "percent",
      "CoinGecko against a snapshot",
    );
    const text = textOf(
      facts({
        networks: [{ name: "Filecoin", rows: [{ figure: old, change: null }] }],
        sectorChanges: [{ period: "baseline", figure: against, from: "archive" }],
      }),
    );
    expect(text).toContain("**Filecoin** raw capacity 2.17 EiB (August 2024)");
    expect(text).toContain("−44.4 % since Aug 2024");
    expect(text).not.toContain("CoinGecko against");
  });

  it("dates a network's figure that is not of today", () => {
    const old = { ...capacity, state: "stale" as const, observedAt: new Date("2026-11-20T07:55:00Z") };
    const snapshot = { ...capacity, state: "stale" as const, precision: "month" as const, observedAt: new Date("2024-08-01T00:00:00Z") };
    const shown = (figure: typeof capacity, change: ChangeFact | null = null) =>
      textOf(facts({ networks: [{ name: "Filecoin", rows: [{ figure, change }] }] }));
    expect(shown(old)).toContain("raw capacity 2.17 EiB (20 Nov 2026, 07:55 UTC, 2 days old)");
    expect(shown(snapshot)).toContain("raw capacity 2.17 EiB (August 2024)");
    expect(shown(capacity, { period: "30d", figure: render, from: "archive" })).toContain("raw capacity 2.17 EiB (+5.31 % 30 d)");
  });

  it("says whose word a change is only where there is one", () => {
    const none = { sectorChanges: [], backdrop: [], movers: null };
    expect(textOf(facts(none))).not.toMatch(/changes/i);
  });

  it("is the same for the same facts, and another one for others", () => {
    expect(composeBody(facts()).body.id).toBe(composeBody(facts()).body.id);
    expect(composeBody(facts({ sector: made("sector.market_cap", "DePIN sector market cap", 1, "usd") })).body.id).not.toBe(
      composeBody(facts()).body.id,
    );
  });

  it("holds no number that is not one of its figures as it is formatted, whatever the figures are", () => {
    const value = fc.oneof(fc.double({ noNaN: true, min: -1e15, max: 1e15 }), fc.constant(null), fc.constant(0));
    fc.assert(
      fc.property(value, value, value, value, fc.constantFrom<Unit>("count", "eib", "usd"), (cap, change, mover, network, unit) => {
        const parts = facts({
          sector: made("sector.market_cap", "DePIN sector market cap", cap, "usd"),
          sectorChanges: [
            { period: "24h", figure: made("sector.change_24h", "DePIN sector 24 h change", change, "percent"), from: "archive" },
          ],
          movers: {
            up: [{ name: "Render", change: made("render.change_24h", "Render 24 h change", mover, "percent") }],
            down: [],
            floor: "",
          },
          networks: [{ name: "Akash", rows: [{ figure: made("akash.x", "Akash leases", network, unit, "Akash"), change: null }] }],
        });
        const { body, figures } = composeBody(parts);
        expect(body.figures).toEqual(figures.map((f) => f.id));
        // Everything that may hold a digit: formatted figures, their times, the day, and the names of periods.
        const allowed = [
          ...figures.map(formatFigure),
          ...figures.map((f) => formatTime(f.observedAt ?? f.fetchedAt, f.precision)),
          formatAge(morning.getTime() - Number(sector.observedAt)),
          parts.day,
          " 24 h",
        ].toSorted((a, b) => b.length - a.length);
        let rest = textOf(parts);
        for (const text of allowed) rest = rest.replaceAll(text, "");
        expect(rest).not.toMatch(/\d|NaN|undefined|null|Infinity/);
      }),
      { numRuns: 300 },
    );
  });
});
