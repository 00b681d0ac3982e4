-- CreateTable
CREATE TABLE "pushed" (
    "inbox" TEXT NOT NULL,
    "id" BIGINT NOT NULL,
    "lane" INTEGER NOT NULL,
    "payload" TEXT,
    "member" TEXT,
    "quoted" TEXT,
    "community" TEXT,
    "taken_at" TIMESTAMPTZ(3) NOT NULL,
    "starts" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "pushed_pkey" PRIMARY KEY ("inbox","id")
);

-- CreateIndex
CREATE INDEX "pushed_taken_at_idx" ON "pushed"("taken_at");

-- What waits, which is little beside what is remembered. Prisma's schema cannot say that an index is of some rows only.
CREATE INDEX "pushed_waiting_idx" ON "pushed"("inbox", "lane", "id") WHERE "payload" IS NOT NULL;
