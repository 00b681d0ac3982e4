/** `/privacy`: what is stored of a member, a copy to take along, erasure that erases, and whether they are quoted or logged at all. */
import { buttons, defineCommand, file, heading, literal, note, type Reply, reply, type Services, type Texts, text, z } from "../src/kit.ts";

type Stored = Awaited<ReturnType<Services["privacy"]["read"]>>;

/** How many there are of each kind, opinions first. */
const counts = (stored: Stored) => [stored.opinions.length, kindsOf(stored)] as const;

const kindsOf = (stored: Stored) => ({
  reports: stored.reports.length,
  audience: stored.audience === null ? 0 : 1,
  claims: stored.statements.length,
  claimVotes: stored.statementVotes.length,
  votes: stored.votes.length,
  polls: stored.polls.length,
  forecasts: stored.forecasts.length,
  questions: stored.questions.length,
  joined: stored.joined ? 1 : 0,
  subscriptions: stored.subscriptions.filter(({ room }) => room === null).length,
  ownTimes: stored.subscriptions.filter(({ room }) => room !== null).length,
  changes: stored.changes.length,
  settings: stored.settings.length + stored.follows.length,
  digests: stored.digests.length,
  buttons: stored.buttons.length,
});

export default defineCommand({
  name: "privacy",
  summary: "What I store of you; export it or erase it",
  args: z.object({
    action: z
      .enum(["show", "export", "erase", "quotable", "unquotable", "optout", "optin"])
      .optional()
      .describe("What to do (default: show)"),
    confirm: z.boolean().optional().describe("Really erase everything"),
  }),
  examples: ["/privacy", "/privacy export", "/privacy erase", "/privacy quotable", "/privacy optout"],
  access: "everyone",
  visibility: "private",
  async run({ services, actor, room, now, texts: { privacy: words } }, { action = "show", confirm = false }) {
    switch (action) {
      case "show": {
        const [stored, backups, { retentionDays }] = await Promise.all([
          services.privacy.read(actor.member),
          services.privacy.backups(),
          services.communities.settings(room.community),
        ]);
        const { quoting, optedOut } = stored.choice;
        return reply(
          heading(words.title),
          text(words.stored(...counts(stored))),
          text(words.how),
          text(optedOut ? words.optedOut : quoting === true ? words.quoted : words.notQuoted(quoting === false)),
          text(words.asking),
          text(words.erasing),
          text(backupsInWords(backups, retentionDays, now, words.backups)),
          buttons([
            { label: words.buttons.export, command: "privacy", args: { action: "export" }, for: "author" },
            { label: words.buttons.erase, command: "privacy", args: { action: "erase" }, for: "author" },
            // Of whom nothing is logged, there is nothing to quote.
            ...(optedOut
              ? []
              : [
                  quoting === true
                    ? ({ label: words.buttons.unquote, command: "privacy", args: { action: "unquotable" }, for: "author" } as const)
                    : ({ label: words.buttons.quote, command: "privacy", args: { action: "quotable" }, for: "author" } as const),
                ]),
            optedOut
              ? { label: words.buttons.optIn, command: "privacy", args: { action: "optin" }, for: "author" }
              : { label: words.buttons.optOut, command: "privacy", args: { action: "optout" }, for: "author" },
          ]),
        );
      }
      case "export": {
        const content = await services.privacy.export(actor.member);
        return reply(text(words.exported), file("depinion-export.json", "application/json", content, words.exportFile));
      }
      case "erase": {
        if (!confirm) {
          return reply(
            text(words.reallyErase(...counts(await services.privacy.read(actor.member)))),
            note(words.erasing),
            buttons([
              {
                label: words.buttons.reallyErase,
                command: "privacy",
                args: { action: "erase", confirm: true },
                for: "author",
                update: true,
              },
            ]),
          );
        }
        const stored = await services.privacy.read(actor.member);
        return erasedReply(stored, await services.privacy.erase(actor.member, actor.former), words.nothingStored, words);
      }
      case "quotable":
      case "unquotable": {
        const allowed = action === "quotable";
        await services.privacy.allowQuoting(actor.member, allowed);
        return reply(text(allowed ? words.nowQuoted : words.noLongerQuoted), note(allowed ? words.earlierToo : words.messagesStay));
      }
      case "optout": {
        if (!confirm)
          return reply(
            text(words.reallyOptOut),
            note(words.wishStays),
            buttons([
              {
                label: words.buttons.reallyOptOut,
                command: "privacy",
                args: { action: "optout", confirm: true },
                for: "author",
                update: true,
              },
            ]),
          );
        const stored = await services.privacy.read(actor.member);
        const erased = await services.privacy.optOut(actor.member, actor.former, true);
        return erasedReply(stored, erased ?? { opinions: 0, reports: 0, buttons: 0, left: [] }, words.nothingLogged, words);
      }
      case "optin": {
        await services.privacy.optOut(actor.member, actor.former, false);
        return reply(text(words.loggedAgain));
      }
    }
  },
});

type Erased = Awaited<ReturnType<Services["privacy"]["erase"]>>;

/** @param stored what there was, of which `erased` counts only a part */
function erasedReply(stored: Stored, erased: Erased, then: string, words: Texts["privacy"]): Reply {
  const all = erased.left.length === 0 ? ` ${then}` : "";
  const { opinions, reports, buttons } = erased;
  return reply(
    text(`${words.erased(opinions, { ...kindsOf(stored), reports, buttons })}${all}`),
    ...erased.left.map((path) => text(words.left(literal(path)))),
    note(words.otherPlatforms),
  );
}

/** Names the backups that are there, and those that are older than this community keeps opinions. */
function backupsInWords(
  backups: readonly string[] | null,
  retentionDays: number | null,
  now: Date,
  words: Texts["privacy"]["backups"],
): string {
  if (backups === null) return words.others;
  if (backups.length === 0) return words.none;
  const told = words.there(backups.join(", "));
  if (retentionDays === null) return told;
  const limit = new Date(now.getTime() - retentionDays * 24 * 3_600_000).toISOString().slice(0, 10);
  const older = backups.filter((day) => day < limit);
  if (older.length === 0) return `${told} ${words.noneOlder(retentionDays)}`;
  return `${told} ${words.older(retentionDays, older.join(", "))}`;
}
