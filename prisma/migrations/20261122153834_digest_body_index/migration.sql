-- CreateIndex
CREATE INDEX "digest_body_idx" ON "digest"("body");
