-- CreateTable
CREATE TABLE "forecast_question" (
    "id" TEXT NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "community" TEXT NOT NULL,
    "room" TEXT NOT NULL,
    "metric" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "comparison" TEXT NOT NULL,
    "threshold" DOUBLE PRECISION NOT NULL,
    "resolves_at" TIMESTAMPTZ(3) NOT NULL,
    "closes_at" TIMESTAMPTZ(3) NOT NULL,
    "tolerance_ms" INTEGER NOT NULL,
    "source" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "asked_by" TEXT,
    "outcome" TEXT,
    "figure" TEXT,
    "resolved_at" TIMESTAMPTZ(3),
    "answered" BOOLEAN NOT NULL DEFAULT false,
    "announced" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "forecast_question_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "forecast" (
    "question_id" TEXT NOT NULL,
    "member" TEXT NOT NULL,
    "percent" DOUBLE PRECISION NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "forecast_pkey" PRIMARY KEY ("question_id","member")
);

-- CreateIndex
CREATE INDEX "forecast_question_community_resolves_at_idx" ON "forecast_question"("community", "resolves_at");

-- CreateIndex
CREATE INDEX "forecast_question_outcome_resolves_at_idx" ON "forecast_question"("outcome", "resolves_at");

-- CreateIndex
CREATE INDEX "forecast_question_figure_idx" ON "forecast_question"("figure");

-- CreateIndex
CREATE INDEX "forecast_question_asked_by_idx" ON "forecast_question"("asked_by");

-- CreateIndex
CREATE INDEX "forecast_member_idx" ON "forecast"("member");

-- AddForeignKey
ALTER TABLE "forecast" ADD CONSTRAINT "forecast_question_id_fkey" FOREIGN KEY ("question_id") REFERENCES "forecast_question"("id") ON DELETE CASCADE ON UPDATE CASCADE;
