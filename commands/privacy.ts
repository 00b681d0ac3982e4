/** `/privacy`: what is stored of a member, a copy to take along, and erasure that erases. */
import { buttons, defineCommand, file, heading, literal, note, reply, type Services, text, z } from "../src/kit.ts";

const count = (n: number, one: string, many: string) => (n === 1 ? `1 ${one}` : `${n} ${many}`);

type Stored = Awaited<ReturnType<Services["privacy"]["read"]>>;

/** What else there is than opinions, in words; only what there is. */
function others({ audience, subscriptions, changes, settings, follows, digests, buttons: bound }: Stored): string {
  const kinds: readonly (readonly [number, string, string])[] = [
    [audience === null ? 0 : 1, "choice of whom I explain things for", ""],
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
    action: z.enum(["show", "export", "erase"]).optional().describe("What to do (default: show)"),
    confirm: z.boolean().optional().describe("Really erase everything"),
  }),
  examples: ["/privacy", "/privacy export", "/privacy erase"],
  access: "everyone",
  visibility: "private",
  async run({ services, actor }, { action = "show", confirm = false }) {
    switch (action) {
      case "show": {
        const stored = await services.privacy.read(actor.member);
        return reply(
          heading("Your privacy"),
          text(`Stored of you on this platform: **${count(stored.opinions.length, "opinion", "opinions")}**${others(stored)}`),
          text(
            "You are stored as a keyed hash, never by name or id. Each opinion has its text, topic, stance, time and community, and is shown only in that community, without saying who wrote it. Nothing is logged unless you ask for it or press a button; other messages are not kept, and what you send to me only until I have answered it.",
          ),
          text(
            "What you ask with `/ask` is not stored: your last three questions in a place stay in my memory for an hour, so that you can go on from them.",
          ),
          text(
            "Erasing deletes all of it at once; what you set or asked for in a group stays there, without your hash. My daily backups may still hold it for up to seven days; one that is put back in that time forgets it again.",
          ),
          buttons([
            { label: "Export as JSON", command: "privacy", args: { action: "export" }, for: "author" },
            { label: "Erase everything", command: "privacy", args: { action: "erase" }, for: "author" },
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
        const erased = await services.privacy.erase(actor.member, actor.former);
        const all = erased.left.length === 0 ? " Nothing of you is stored now." : "";
        return reply(
          text(`Erased: ${count(erased.opinions, "opinion", "opinions")} and ${count(erased.buttons, "button", "buttons")}.${all}`),
          ...erased.left.map((path) => text(`Your export ${literal(path)} could not be deleted: please do that yourself.`)),
          note("Your other platforms are separate: use `/privacy` there too."),
        );
      }
    }
  },
});
