-- CreateTable
CREATE TABLE "reading" (
    "opinion_id" TEXT NOT NULL,
    "stance" TEXT NOT NULL,
    "strength" TEXT NOT NULL,
    "aspect" TEXT,
    "evidence" TEXT,
    "read_by" TEXT NOT NULL,

    CONSTRAINT "reading_pkey" PRIMARY KEY ("opinion_id")
);

-- AddForeignKey
ALTER TABLE "reading" ADD CONSTRAINT "reading_opinion_id_fkey" FOREIGN KEY ("opinion_id") REFERENCES "opinion"("id") ON DELETE CASCADE ON UPDATE CASCADE;
