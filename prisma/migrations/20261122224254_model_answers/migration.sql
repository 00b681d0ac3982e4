-- CreateTable
CREATE TABLE "model_answer" (
    "id" TEXT NOT NULL,
    "prompt" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "model_answer_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "model_answer_at_idx" ON "model_answer"("at");
