/** Branded identifiers: strings that cannot be mixed up, made only here. */

declare const brand: unique symbol;
type Brand<B extends string> = string & { readonly [brand]: B };

/** The three doors. Adding a platform adds its name here and one line in `src/app/build.ts`. */
export const platformNames = ["discord", "telegram", "console"] as const;
export type PlatformName = (typeof platformNames)[number];

/** One place to post: `<platform>:<address>`, where the address belongs to the platform alone. */
export type RoomId = Brand<"RoomId">;
/** A Discord server, a Telegram chat with all its topics, or one member's private chat. */
export type CommunityId = Brand<"CommunityId">;
/** Keyed pseudonym of one person on one platform; never derived from a name. */
export type MemberId = Brand<"MemberId">;
/** Short receipt under which a posted figure can be looked up with `/why`. */
export type ReceiptId = Brand<"ReceiptId">;
/** Topic slug such as `compute-pricing`. */
export type TopicId = Brand<"TopicId">;
/** One logged opinion. */
export type OpinionId = Brand<"OpinionId">;
/** What one member reported of one run. */
export type ReportId = Brand<"ReportId">;
/** One stored button. */
export type ButtonId = Brand<"ButtonId">;
/** A room's wish for a digest at a local time. */
export type SubscriptionId = Brand<"SubscriptionId">;
/** One digest for one subscription on one local date; a UUID, and the id of its job. */
export type DeliveryId = Brand<"DeliveryId">;
/** One digest as it was posted. */
export type DigestId = Brand<"DigestId">;
/** One question with its options, in however many rooms it is asked. */
export type PollId = Brand<"PollId">;
/** One question about a figure's future. */
export type QuestionId = Brand<"QuestionId">;
/** What one room's votes are cast in: a poll of the platform's own, or buttons. */
export type BallotId = Brand<"BallotId">;

export const roomId = (platform: PlatformName, address: string): RoomId => `${platform}:${address}` as RoomId;
/** The platform's own address inside a room id: what stands behind the first colon. */
export const roomAddress = (room: RoomId): string => room.slice(room.indexOf(":") + 1);
export const communityId = (platform: PlatformName, address: string): CommunityId => `${platform}:${address}` as CommunityId;
/** The platform's own address inside the id of a community that is no private chat. */
export const communityAddress = (community: CommunityId): string => community.slice(community.indexOf(":") + 1);
/** A private chat is its own community, named by the member's pseudonym and never by the chat's address. */
export const privateCommunityId = (platform: PlatformName, member: MemberId): CommunityId => `${platform}:private:${member}` as CommunityId;
/** A private chat is a community named by its member's pseudonym, so it is the member's too, on whichever platform. */
export const privateChats = (member: MemberId): CommunityId[] => platformNames.map((platform) => privateCommunityId(platform, member));
/** Whether a community is one member's own: a private chat, or wherever that member brought the bot along. */
export const isPrivateCommunity = (community: CommunityId): boolean => community.split(":")[1] === "private";
export const memberId = (hash: string): MemberId => hash as MemberId;
export const receiptId = (text: string): ReceiptId => text as ReceiptId;
export const topicId = (slug: string): TopicId => slug as TopicId;
export const opinionId = (text: string): OpinionId => text as OpinionId;
export const reportId = (text: string): ReportId => text as ReportId;
export const buttonId = (text: string): ButtonId => text as ButtonId;
export const subscriptionId = (text: string): SubscriptionId => text as SubscriptionId;
export const deliveryId = (uuid: string): DeliveryId => uuid as DeliveryId;
export const digestId = (text: string): DigestId => text as DigestId;
export const questionId = (text: string): QuestionId => text as QuestionId;
export const pollId = (text: string): PollId => text as PollId;
/** A poll that the platform keeps under an id of its own. */
export const nativeBallot = (platform: PlatformName, id: string): BallotId => `${platform}:${id}` as BallotId;
/** Buttons under a message of ours. */
export const buttonBallot = (poll: PollId, place: number): BallotId => `buttons:${poll}:${place}` as BallotId;
export const ballotId = (text: string): BallotId => text as BallotId;
/** The platform of a room, or of a community. */
export const platformOf = (id: RoomId | CommunityId): PlatformName => {
  const name = id.slice(0, id.indexOf(":"));
  const found = platformNames.find((platform) => platform === name);
  if (found === undefined) throw new TypeError("an id without a platform");
  return found;
};
