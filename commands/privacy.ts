/** `/privacy`: what is stored of a member, a copy to take along, erasure that erases, and whether they are quoted or logged at all. */
import { buttons, defineCommand, file, heading, literal, note, type Reply, reply, type Services, text, z } from "../src/kit.ts";

const count = (n: number, one: string, many: string) => (n === 1 ? `1 ${one}` : `${n} ${many}`);

type Stored = Awaited<ReturnType<Services["privacy"]["read"]>>;

/** What else there is than opinions, in words; only what there is. */
function others(stored: Stored): string {
  const { audience, statements, statementVotes, votes, polls, joined } = stored;
  const { subscriptions, changes, settings, follows, digests, buttons: bound } = stored;
  const kinds: readonly (readonly [number, string, string])[] = [
    [audience === null ? 0 : 1, "choice of whom I explain things for", ""],
    [statements.length, "claim for others to vote on", "claims for others to vote on"],
    [statementVotes.length, "vote on claims", "votes on claims"],
    [votes.length, "vote in a poll", "votes in polls"],
    [polls.length, "poll that you asked", "polls that you asked"],
    [joined ? 1 : 0, "joined account on another platform", ""],
    [subscriptions.length, "digest time that you asked for", "digest times that you asked for"],
    [changes.length, "change of settings by you", "changes of settings by you"],
    [settings.length + follows.length, "setting of your private chat", "settings of your private chat"],
    [digests.length, "digest in your private chat", "digests in your private chat"],
  ];
  const said = kinds.flatMap(([n, one, many]) => (n === 0 ? [] : [`, ${count(n, one, many)}`]));
  return `${said.join("")} and ${count(bound.length, "button", "buttons")} of mine that concern you, each gone after 30 days.`;
}

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
  async run({ services, actor, room, now }, { action = "show", confirm = false }) {
    switch (action) {
      case "show": {
        const [stored, backups, { retentionDays }] = await Promise.all([
          services.privacy.read(actor.member),
          services.privacy.backups(),
          services.communities.settings(room.community),
        ]);
        const { quoting, optedOut } = stored.choice;
        return reply(
          heading("Your privacy"),
          text(`Stored of you on this platform: **${count(stored.opinions.length, "opinion", "opinions")}**${others(stored)}`),
          text(
            "You are stored as a keyed hash, never by name or id. Each opinion has its text, topic, stance, how I read it, time and community, and is counted only in that community. Nothing is logged unless you ask for it or press a button; other messages are not kept, and what you send to me only until I have answered it.",
          ),
          text(
            optedOut
              ? "**You have opted out:** nothing of you is logged. That wish itself is kept under your hash."
              : quoting === true
                ? "**You may be quoted**, without a name, in the community where you said it."
                : `**You are never quoted:** ${quoting === false ? "you said so" : "you have not allowed it"}. Only your stance is counted.`,
          ),
          text(
            "What you ask with `/ask` is not stored: your last three questions in a place stay in my memory for an hour, so that you can go on from them.",
          ),
          text(
            "Erasing deletes all of it at once; what you set or asked for in a group stays there, without your hash. Your votes are counted no more; what the platform shows of an open poll you take back there. My daily backups may still hold it for up to seven days; one that is put back in that time forgets it again.",
          ),
          text(backupsInWords(backups, retentionDays, now)),
          buttons([
            { label: "Export as JSON", command: "privacy", args: { action: "export" }, for: "author" },
            { label: "Erase everything", command: "privacy", args: { action: "erase" }, for: "author" },
            quoting === true
              ? { label: "Quote me no more", command: "privacy", args: { action: "unquotable" }, for: "author" }
              : { label: "You may quote me", command: "privacy", args: { action: "quotable" }, for: "author" },
            optedOut
              ? { label: "Log me again", command: "privacy", args: { action: "optin" }, for: "author" }
              : { label: "Never log me", command: "privacy", args: { action: "optout" }, for: "author" },
          ]),
        );
      }
      case "export": {
        const content = await services.privacy.export(actor.member);
        return reply(
          text("What is stored of you on this platform:"),
          file("depinion-export.json", "application/json", content, "Your data as JSON"),
        );
      }
      case "erase": {
        if (!confirm) {
          const { opinions } = await services.privacy.read(actor.member);
          return reply(
            text(`This deletes ${count(opinions.length, "opinion", "opinions")} of yours for good, in every community on this platform.`),
            buttons([
              { label: "Yes, erase everything", command: "privacy", args: { action: "erase", confirm: true }, for: "author", update: true },
            ]),
          );
        }
        return erasedReply(await services.privacy.erase(actor.member, actor.former), "Nothing of you is stored now.");
      }
      case "quotable":
      case "unquotable": {
        const allowed = action === "quotable";
        await services.privacy.allowQuoting(actor.member, allowed);
        return reply(
          text(
            allowed
              ? "You may be quoted now, without a name and only in the community where you said it. `/privacy unquotable` takes that back."
              : "You are quoted no more: not in new answers and digests, nor where an earlier digest is shown again. Claims made of your opinions are gone.",
          ),
          note(
            allowed
              ? "Your opinions of before may be quoted too."
              : "Messages that stand in a chat already stay there until somebody deletes them.",
          ),
        );
      }
      case "optout": {
        if (!confirm)
          return reply(
            text("This erases everything of you on this platform, and nothing of you is logged here any more, whoever asks for it."),
            note("To know that, your hash and this wish stay stored, and nothing else."),
            buttons([
              { label: "Yes, never log me", command: "privacy", args: { action: "optout", confirm: true }, for: "author", update: true },
            ]),
          );
        const erased = await services.privacy.optOut(actor.member, actor.former, true);
        return erasedReply(
          erased ?? { opinions: 0, buttons: 0, left: [] },
          "Nothing of you is logged from now on; `/privacy optin` takes that back.",
        );
      }
      case "optin": {
        await services.privacy.optOut(actor.member, actor.former, false);
        return reply(text("Your opinions are logged again when you ask for it, and only then."));
      }
    }
  },
});

function erasedReply(erased: Awaited<ReturnType<Services["privacy"]["erase"]>>, then: string): Reply {
  const all = erased.left.length === 0 ? ` ${then}` : "";
  return reply(
    text(`Erased: ${count(erased.opinions, "opinion", "opinions")} and ${count(erased.buttons, "button", "buttons")}.${all}`),
    ...erased.left.map((path) => text(`Your export ${literal(path)} could not be deleted: please do that yourself.`)),
    note("Your other platforms are separate: use `/privacy` there too."),
  );
}

/** Names the backups that are there, and those that are older than this community keeps opinions. */
function backupsInWords(backups: readonly string[] | null, retentionDays: number | null, now: Date): string {
  if (backups === null) return "Backups of my database are made by whoever runs me: ask them how long they keep those.";
  if (backups.length === 0) return "There is no backup now.";
  const told = `Backups there are: ${backups.join(", ")}.`;
  if (retentionDays === null) return told;
  const limit = new Date(now.getTime() - retentionDays * 24 * 3_600_000).toISOString().slice(0, 10);
  const older = backups.filter((day) => day < limit);
  if (older.length === 0) return `${told} None is older than the ${retentionDays} days for which this community keeps opinions.`;
  return `${told} Older than the ${retentionDays} days for which this community keeps opinions: ${older.join(", ")}.`;
}
