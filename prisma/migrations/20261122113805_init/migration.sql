-- CreateTable
CREATE TABLE "opinion" (
    "id" TEXT NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "community" TEXT NOT NULL,
    "member" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "stance" TEXT NOT NULL,
    "stance_by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "opinion_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "figure" (
    "id" TEXT NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "metric" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "value" DOUBLE PRECISION,
    "exact" TEXT,
    "unit" TEXT NOT NULL,
    "bound" TEXT,
    "source_name" TEXT NOT NULL,
    "source_url" TEXT NOT NULL,
    "observed_at" TIMESTAMPTZ(3),
    "precision" TEXT NOT NULL,
    "fetched_at" TIMESTAMPTZ(3) NOT NULL,
    "raw" TEXT NOT NULL,

    CONSTRAINT "figure_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "button" (
    "id" TEXT NOT NULL,
    "command" TEXT NOT NULL,
    "args" TEXT NOT NULL,
    "member" TEXT,
    "quoted" TEXT,
    "community" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "button_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "community" (
    "id" TEXT NOT NULL,
    "arrived_at" TIMESTAMPTZ(3),
    "left_at" TIMESTAMPTZ(3),
    "greeted_at" TIMESTAMPTZ(3),

    CONSTRAINT "community_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "opinion_community_topic_at_idx" ON "opinion"("community", "topic", "at" DESC);

-- CreateIndex
CREATE INDEX "opinion_community_topic_member_idx" ON "opinion"("community", "topic", "member");

-- CreateIndex
CREATE INDEX "opinion_member_idx" ON "opinion"("member");

-- CreateIndex
CREATE INDEX "figure_metric_fetched_at_seq_idx" ON "figure"("metric", "fetched_at" DESC, "seq" DESC);

-- CreateIndex
CREATE INDEX "button_member_idx" ON "button"("member");

-- CreateIndex
CREATE INDEX "button_quoted_idx" ON "button"("quoted");

-- CreateIndex
CREATE INDEX "button_community_idx" ON "button"("community");

-- CreateIndex
CREATE INDEX "button_expires_at_idx" ON "button"("expires_at");

-- CreateIndex
CREATE INDEX "community_left_at_idx" ON "community"("left_at");
