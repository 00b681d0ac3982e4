-- CreateTable
CREATE TABLE "setting" (
    "community" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "setting_pkey" PRIMARY KEY ("community","name")
);

-- CreateTable
CREATE TABLE "follow" (
    "community" TEXT NOT NULL,
    "asset" TEXT NOT NULL,
    "follows" BOOLEAN NOT NULL,

    CONSTRAINT "follow_pkey" PRIMARY KEY ("community","asset")
);

-- CreateTable
CREATE TABLE "setting_change" (
    "seq" BIGSERIAL NOT NULL,
    "community" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "member" TEXT,
    "what" TEXT NOT NULL,
    "before" TEXT NOT NULL,
    "after" TEXT NOT NULL,

    CONSTRAINT "setting_change_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "digest_body" (
    "id" TEXT NOT NULL,
    "composed_at" TIMESTAMPTZ(3) NOT NULL,
    "blocks" TEXT NOT NULL,
    "print" TEXT NOT NULL,
    "figures" TEXT[],

    CONSTRAINT "digest_body_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "digest" (
    "id" TEXT NOT NULL,
    "community" TEXT NOT NULL,
    "room" TEXT NOT NULL,
    "local_date" TEXT NOT NULL,
    "composed_at" TIMESTAMPTZ(3) NOT NULL,
    "body" TEXT NOT NULL,
    "own" TEXT NOT NULL,

    CONSTRAINT "digest_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "picture" (
    "id" TEXT NOT NULL,
    "png" BYTEA NOT NULL,

    CONSTRAINT "picture_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "model_use" (
    "day" TEXT NOT NULL,
    "tokens" INTEGER NOT NULL,

    CONSTRAINT "model_use_pkey" PRIMARY KEY ("day")
);

-- CreateIndex
CREATE INDEX "setting_name_idx" ON "setting"("name");

-- CreateIndex
CREATE INDEX "follow_asset_idx" ON "follow"("asset");

-- CreateIndex
CREATE INDEX "setting_change_community_seq_idx" ON "setting_change"("community", "seq" DESC);

-- CreateIndex
CREATE INDEX "setting_change_member_idx" ON "setting_change"("member");

-- CreateIndex
CREATE INDEX "digest_body_figures_idx" ON "digest_body" USING GIN ("figures");

-- CreateIndex
CREATE INDEX "digest_community_local_date_composed_at_idx" ON "digest"("community", "local_date" DESC, "composed_at" DESC);

-- CreateIndex
CREATE INDEX "digest_room_composed_at_idx" ON "digest"("room", "composed_at" DESC);
