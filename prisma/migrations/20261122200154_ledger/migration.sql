-- CreateTable
CREATE TABLE "report" (
    "id" TEXT NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "community" TEXT NOT NULL,
    "member" TEXT NOT NULL,
    "network" TEXT NOT NULL,
    "gpu" TEXT NOT NULL,
    "gpus" INTEGER NOT NULL,
    "nodes" INTEGER NOT NULL,
    "hours" DOUBLE PRECISION NOT NULL,
    "interruptions" INTEGER NOT NULL,
    "written" INTEGER,
    "lost" INTEGER,
    "resumed" INTEGER,
    "recovery_hours" DOUBLE PRECISION,
    "evidence" TEXT NOT NULL,
    "grade" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "report_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "report_community_at_idx" ON "report"("community", "at");

-- CreateIndex
CREATE INDEX "report_member_idx" ON "report"("member");
