-- CreateTable
CREATE TABLE "inbound" (
    "seq" BIGSERIAL NOT NULL,
    "inbox" TEXT NOT NULL,
    "low" BIGINT NOT NULL,
    "high" BIGINT NOT NULL,
    "ids" BIGINT[],
    "content" TEXT NOT NULL,
    "taken_at" TIMESTAMPTZ(3) NOT NULL,
    "starts" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "inbound_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "handled" (
    "seq" BIGSERIAL NOT NULL,
    "inbox" TEXT NOT NULL,
    "low" BIGINT NOT NULL,
    "high" BIGINT NOT NULL,
    "ids" BIGINT[],
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "handled_pkey" PRIMARY KEY ("seq")
);

-- CreateIndex
CREATE INDEX "handled_inbox_high_idx" ON "handled"("inbox", "high");

-- CreateIndex
CREATE INDEX "handled_at_idx" ON "handled"("at");
