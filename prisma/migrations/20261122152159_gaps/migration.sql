-- CreateTable
CREATE TABLE "gap" (
    "community" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "gap_pkey" PRIMARY KEY ("community","text")
);

-- CreateIndex
CREATE INDEX "gap_last_at_idx" ON "gap"("last_at");
