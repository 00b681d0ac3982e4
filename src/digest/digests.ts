/** The digest domain: composes a place's digest, keeps it as it was posted, and finds it again. */
import { createHash, randomUUID } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Communities, Section, Settings } from "../communities/types.ts";
import { describeChart } from "../core/chart.ts";
import type { Figure } from "../core/figure.ts";
import { type CommunityId, digestId, type OpinionId, type ReceiptId, type TopicId } from "../core/ids.ts";
import { heading, image, note, type PlainBlock, quote, text } from "../core/reply.ts";
import { type Texts, textsIn } from "../core/texts.ts";
import type { Opinions } from "../opinions/types.ts";
import type { Polls } from "../polls/types.ts";
import { type Composed, composeBody } from "./body.ts";
import { chartOf } from "./chart.ts";
import { type Facts, gather, type Sources } from "./gather.ts";
import { countsOf, pollPulse, pulse, question, sinceLast } from "./own.ts";
import type { Digest, DigestBlock, DigestLog, DigestStore, Digests, DrawChart, KeptDigest, Narrator, Picture, Place } from "./types.ts";

export interface DigestOptions extends Sources {
  readonly store: DigestStore;
  readonly figures: { save(figures: readonly Figure[]): Promise<void>; findAll(ids: readonly ReceiptId[]): Promise<readonly Figure[]> };
  readonly communities: Communities;
  readonly opinions: Opinions;
  readonly polls: Pick<Polls, "closed">;
  readonly drawChart: DrawChart;
  /** Null without a language model. */
  readonly narrator: Narrator | null;
  readonly now: () => Date;
  readonly log: DigestLog;
}

type Words = Texts["digest"];
type Pulse = Extract<DigestBlock, { kind: "pulse" }>;

interface Shared extends Composed {
  /** Those that the store does not have yet. */
  pictures: readonly Picture[];
}

/** Figures are renewed once an hour; rooms with the same wishes share what was composed from them for this long. */
const sharedMs = 10 * 60_000;
const chartDays = 30;
const pulseDays = 1;

export function createDigests(options: DigestOptions): Digests {
  const { store, figures, communities, opinions, now } = options;
  const bodies = new LRUCache<string, Promise<Shared>>({ max: 200, ttl: sharedMs });
  /** By their hash: thousands of rooms are shown the same few. */
  const pictures = new LRUCache<string, Promise<Uint8Array | null>>({ max: 16 });

  /** One digest for everyone with the same wishes on the same day. */
  function shared(localDate: string, sections: readonly Section[], settings: Settings, at: Date): Promise<Shared> {
    const day = inWords(localDate);
    const key = JSON.stringify([day, sections, settings.language, settings.audience, settings.watched, settings.unwatched]);
    const known = bodies.get(key);
    if (known !== undefined) return known;
    // Its own deadline, not one asker's: others wait for the same.
    const made = compose(sections, settings, day, at);
    bodies.set(key, made);
    made.catch(() => bodies.delete(key));
    return made;
  }

  async function compose(sections: readonly Section[], settings: Settings, day: string, at: Date): Promise<Shared> {
    const facts = await gather(options, sections, settings, day, at, AbortSignal.timeout(20_000));
    const [drawn, narrative] = await Promise.all([draw(facts, textsIn(settings.language).digest), narrate(facts, settings)]);
    const composed = composeBody({ ...facts, words: textsIn(settings.language).digest, picture: drawn?.block ?? null, narrative });
    await figures.save(composed.figures);
    return { ...composed, pictures: drawn === null ? [] : [drawn.picture] };
  }

  async function narrate(facts: Facts, settings: Settings) {
    return options.narrator === null ? null : options.narrator(figuresOf(facts), settings.audience);
  }

  /** A digest without its picture is still worth reading. */
  async function draw(facts: Facts, words: Words) {
    try {
      const sector = facts.sections.includes("headline") ? await options.market.series("sector.market_cap", chartDays) : null;
      const spec = chartOf(facts, sector, words);
      const [png, alt] = [await options.drawChart(spec), describeChart(spec)];
      if (png === null || alt === null) return null;
      const id = createHash("sha256").update(png).digest("hex");
      const block = { kind: "picture", picture: id, alt, name: "depin.png" } as const;
      return { block, picture: { id, png } };
    } catch (error) {
      options.log.error({ err: error }, "the digest's chart could not be drawn");
      return null;
    }
  }

  async function ownBlocks(place: Place, localDate: string, sections: readonly Section[], settings: Settings, body: Composed, at: Date) {
    const blocks: DigestBlock[] = [];
    const words = textsIn(settings.language).digest;
    if (sections.includes("pulse")) {
      const views = await opinions.overview(place.community, pulseDays, at);
      blocks.push(...pulse(views, settings.quoting, settings.language));
      blocks.push(...pollPulse(await options.polls.closed(place.community, 24, at), words));
      // Nobody is messaged: it stands in what is posted anyway, where the community wants it.
      if (settings.suggestions) {
        const { topics } = await opinions.book(place.community);
        blocks.push(...question(views, topics, localDate, words));
      }
    }
    if (sections.includes("since")) {
      const last = await store.last(place.community, place.room, at);
      const before = last === null ? [] : await figures.findAll(last.body.figures);
      blocks.push(...sinceLast(last, before, body.figures, words));
    }
    return blocks;
  }

  /**
   * As people see it: quotes and pictures in the place of their references.
   * @param recount what was counted a moment ago need not be counted again
   */
  async function shown(digest: Digest, recount = true): Promise<readonly PlainBlock[]> {
    const words = textsIn((await communities.settings(digest.community)).language).digest;
    const all = [...digest.body.blocks, ...digest.own, ...digest.body.print];
    const quoted = all.flatMap((block): readonly OpinionId[] => (block.kind === "opinion" ? [block.opinion] : []));
    // A community that quotes nobody any more does not do so in its old digests either.
    const quoting = quoted.length > 0 && (await communities.current(digest.community)).quoting;
    const texts = quoting ? await store.quotes(digest.community, quoted) : null;
    return Promise.all(all.map((block) => (block.kind === "pulse" ? showPulse(block, digest, recount) : show(block, texts, words))));
  }

  /** The counts as they were posted, or as they are now that somebody has erased or corrected what they said then. */
  async function showPulse({ language, lines }: Pulse, { community, composedAt }: Digest, recount: boolean): Promise<PlainBlock> {
    const words = textsIn(language).digest;
    const told = await Promise.all(
      lines.map(async ({ topic: id, version, text: posted }) => {
        if (!recount) return posted;
        // The wording that people answered then, whatever the topic says now; one that went on in another topic is counted there.
        const book = await opinions.book(community);
        const known = book.any(id);
        const topic = known?.id === id ? [known, ...book.earlier(known)].find((wording) => wording.version === version) : undefined;
        const counted = topic === undefined ? null : countsOf(await opinions.sentiment(community, topic, pulseDays, composedAt), words);
        return counted === null || counted === posted ? counted : `${counted} ${words.recounted}`;
      }),
    );
    return text([words.pulse, ...told.filter((line) => line !== null)].join("\n"));
  }

  async function whole(digest: Digest | null): Promise<KeptDigest | null> {
    if (digest === null) return null;
    return { digest, blocks: await shown(digest), figures: await figures.findAll(digest.body.figures) };
  }

  function pictureOf(id: string): Promise<Uint8Array | null> {
    const known = pictures.get(id);
    if (known !== undefined) return known;
    const read = store.picture(id);
    pictures.set(id, read);
    read.catch(() => pictures.delete(id));
    return read;
  }

  /** @param texts null where nobody is quoted */
  async function show(block: Exclude<DigestBlock, Pulse>, texts: ReadonlyMap<OpinionId, string> | null, words: Words): Promise<PlainBlock> {
    switch (block.kind) {
      case "heading":
        return heading(block.text);
      case "text":
      case "question":
        return text(block.text);
      case "note":
        return note(block.text);
      case "opinion": {
        if (texts === null) return note(words.quoteHidden);
        const said = texts.get(block.opinion);
        return said === undefined ? note(words.quoteErased) : quote(said, block.by);
      }
      case "picture": {
        const png = await pictureOf(block.picture);
        return png === null ? note(words.picture(block.alt)) : image(block.name, png, block.alt);
      }
    }
  }

  return {
    async post(wanted, place) {
      const id = wanted ?? digestId(randomUUID());
      const known = wanted === null ? null : await store.find(id);
      if (known !== null) return { id, blocks: await shown(known), asks: askedIn(known) };
      const at = now();
      const settings = await communities.current(place.community);
      const sections = place.sections ?? settings.sections;
      const localDate = place.localDate ?? isoDateIn(place.zone, at);
      const body = await shared(localDate, sections, settings, at);
      const own = await ownBlocks(place, localDate, sections, settings, body, at);
      for (const words of (await place.notes?.()) ?? []) own.push({ kind: "note", text: words });
      const { community, room } = place;
      const digest: Digest = { id, community, room, localDate, composedAt: at, body: body.body, own };
      const fresh = await store.save(digest, body.pictures);
      body.pictures = [];
      // Where two processes compose the same delivery, both post the one that was kept.
      const kept = fresh ? digest : ((await store.find(id)) ?? digest);
      return { id, blocks: await shown(kept, !fresh), asks: askedIn(kept) };
    },
    on: async (community, localDate) => whole(await store.on(community, localDate)),
    async find(community, id) {
      const digest = await store.find(id);
      return digest?.community === community ? whole(digest) : null;
    },
    dates: (community: CommunityId, limit: number) => store.dates(community, limit),
  };
}

const askedIn = ({ own }: Digest): TopicId | null => own.find((block) => block.kind === "question")?.topic ?? null;

/** What a narrative may speak of: what the reader sees below it, and what is of today, because a sentence shows no age. */
const figuresOf = ({ sections, sector, sectorChanges, backdrop, movers, networks }: Facts): readonly Figure[] =>
  [
    ...(sections.includes("headline")
      ? [sector, ...sectorChanges.map((c) => c.figure), ...backdrop.flatMap(({ price, change }) => [price, change])]
      : []),
    ...(movers === null ? [] : [...movers.up, ...movers.down].map((m) => m.change)),
    ...networks.flatMap(({ rows }) => rows.flatMap(({ figure, change }) => [figure, change?.figure ?? null])),
  ]
    .filter((figure) => figure !== null)
    .filter(({ state }) => state === "live");

const isoDateIn = (zone: string, at: Date): string => at.toTemporalInstant().toZonedDateTimeISO(zone).toPlainDate().toString();

const longDay = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

/** "Sunday, 22 November 2026": the day for which the digest is made, also where it is late and another one has begun. */
const inWords = (localDate: string): string => longDay.format(new Date(`${localDate}T00:00:00Z`));
