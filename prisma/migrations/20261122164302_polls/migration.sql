-- DropIndex
DROP INDEX "subscription_room_time_zone_days_key";

-- AlterTable
ALTER TABLE "subscription" ADD COLUMN     "series" TEXT NOT NULL DEFAULT '';

-- CreateTable
CREATE TABLE "poll_series" (
    "id" TEXT NOT NULL,
    "community" TEXT NOT NULL,
    "question" TEXT NOT NULL,
    "options" TEXT[],
    "topic" TEXT,
    "hidden" BOOLEAN NOT NULL,
    "hours" INTEGER NOT NULL,
    "created_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "poll_series_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "poll" (
    "id" TEXT NOT NULL,
    "series" TEXT NOT NULL,
    "community" TEXT NOT NULL,
    "question" TEXT NOT NULL,
    "options" TEXT[],
    "topic" TEXT,
    "hidden" BOOLEAN NOT NULL,
    "created_by" TEXT,
    "opens_at" TIMESTAMPTZ(3) NOT NULL,
    "closes_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "poll_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "poll_post" (
    "poll_id" TEXT NOT NULL,
    "place" INTEGER NOT NULL,
    "room" TEXT NOT NULL,
    "community" TEXT NOT NULL,
    "ballot" TEXT,
    "message_id" TEXT,
    "state" TEXT NOT NULL,
    "totals" INTEGER[],
    "erased" INTEGER NOT NULL DEFAULT 0,
    "posted_at" TIMESTAMPTZ(3),

    CONSTRAINT "poll_post_pkey" PRIMARY KEY ("poll_id","place")
);

-- CreateTable
CREATE TABLE "vote" (
    "ballot" TEXT NOT NULL,
    "member" TEXT NOT NULL,
    "choice" INTEGER,
    "ord" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "standing" TEXT NOT NULL,

    CONSTRAINT "vote_pkey" PRIMARY KEY ("ballot","member")
);

-- CreateTable
CREATE TABLE "person" (
    "member" TEXT NOT NULL,
    "person" TEXT NOT NULL,

    CONSTRAINT "person_pkey" PRIMARY KEY ("member")
);

-- CreateTable
CREATE TABLE "link_code" (
    "code" TEXT NOT NULL,
    "member" TEXT NOT NULL,
    "community" TEXT,
    "circle" TEXT,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "link_code_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "linked_room" (
    "room" TEXT NOT NULL,
    "community" TEXT NOT NULL,
    "circle" TEXT NOT NULL,
    "agreed" BOOLEAN NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "linked_room_pkey" PRIMARY KEY ("room")
);

-- CreateIndex
CREATE INDEX "poll_series_community_idx" ON "poll_series"("community");

-- CreateIndex
CREATE INDEX "poll_series_created_by_idx" ON "poll_series"("created_by");

-- CreateIndex
CREATE INDEX "poll_community_opens_at_idx" ON "poll"("community", "opens_at" DESC);

-- CreateIndex
CREATE INDEX "poll_closes_at_idx" ON "poll"("closes_at");

-- CreateIndex
CREATE INDEX "poll_created_by_idx" ON "poll"("created_by");

-- CreateIndex
CREATE UNIQUE INDEX "poll_post_ballot_key" ON "poll_post"("ballot");

-- CreateIndex
CREATE INDEX "poll_post_room_idx" ON "poll_post"("room");

-- CreateIndex
CREATE INDEX "poll_post_community_idx" ON "poll_post"("community");

-- CreateIndex
CREATE INDEX "vote_member_idx" ON "vote"("member");

-- CreateIndex
CREATE INDEX "vote_at_idx" ON "vote"("at");

-- CreateIndex
CREATE INDEX "person_person_idx" ON "person"("person");

-- CreateIndex
CREATE INDEX "link_code_member_idx" ON "link_code"("member");

-- CreateIndex
CREATE INDEX "link_code_community_idx" ON "link_code"("community");

-- CreateIndex
CREATE INDEX "link_code_expires_at_idx" ON "link_code"("expires_at");

-- CreateIndex
CREATE INDEX "linked_room_circle_idx" ON "linked_room"("circle");

-- CreateIndex
CREATE INDEX "linked_room_community_idx" ON "linked_room"("community");

-- CreateIndex
CREATE UNIQUE INDEX "subscription_room_time_zone_days_series_key" ON "subscription"("room", "time", "zone", "days", "series");

-- AddForeignKey
ALTER TABLE "poll_post" ADD CONSTRAINT "poll_post_poll_id_fkey" FOREIGN KEY ("poll_id") REFERENCES "poll"("id") ON DELETE CASCADE ON UPDATE CASCADE;
