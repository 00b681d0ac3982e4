-- CreateTable
CREATE TABLE "subscription" (
    "id" TEXT NOT NULL,
    "room" TEXT NOT NULL,
    "community" TEXT NOT NULL,
    "time" TEXT NOT NULL,
    "zone" TEXT NOT NULL,
    "days" TEXT NOT NULL,
    "sections" TEXT,
    "created_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "considered_at" TIMESTAMPTZ(3) NOT NULL,
    "paused_at" TIMESTAMPTZ(3),
    "paused_reason" TEXT,
    "untold" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "subscription_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "delivery" (
    "id" TEXT NOT NULL,
    "subscription_id" TEXT NOT NULL,
    "local_date" TEXT NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "round" INTEGER NOT NULL DEFAULT 0,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "delivery_part" (
    "delivery_id" TEXT NOT NULL,
    "index" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "message_id" TEXT,

    CONSTRAINT "delivery_part_pkey" PRIMARY KEY ("delivery_id","index")
);

-- CreateTable
CREATE TABLE "lease" (
    "name" TEXT NOT NULL,
    "holder" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "lease_pkey" PRIMARY KEY ("name")
);

-- CreateIndex
CREATE INDEX "subscription_time_zone_days_considered_at_idx" ON "subscription"("time", "zone", "days", "considered_at");

-- CreateIndex
CREATE INDEX "subscription_community_idx" ON "subscription"("community");

-- CreateIndex
CREATE INDEX "subscription_created_by_idx" ON "subscription"("created_by");

-- CreateIndex
CREATE UNIQUE INDEX "subscription_room_time_zone_days_key" ON "subscription"("room", "time", "zone", "days");

-- CreateIndex
CREATE INDEX "delivery_state_expires_at_idx" ON "delivery"("state", "expires_at");

-- CreateIndex
CREATE INDEX "delivery_due_at_idx" ON "delivery"("due_at");

-- CreateIndex
CREATE UNIQUE INDEX "delivery_subscription_id_local_date_key" ON "delivery"("subscription_id", "local_date");

-- AddForeignKey
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_subscription_id_fkey" FOREIGN KEY ("subscription_id") REFERENCES "subscription"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery_part" ADD CONSTRAINT "delivery_part_delivery_id_fkey" FOREIGN KEY ("delivery_id") REFERENCES "delivery"("id") ON DELETE CASCADE ON UPDATE CASCADE;
