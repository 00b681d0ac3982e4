-- DropIndex
DROP INDEX "opinion_community_topic_at_idx";

-- DropIndex
DROP INDEX "opinion_community_topic_member_idx";

-- AlterTable
ALTER TABLE "opinion" ADD COLUMN     "aside" TEXT,
ADD COLUMN IF NOT EXISTS "evidence" TEXT,
ADD COLUMN     "next_at" TIMESTAMPTZ(3),
ADD COLUMN     "platform" TEXT,
ADD COLUMN     "print" TEXT,
ADD COLUMN     "quotable" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- Until now a community was on one platform.
UPDATE "opinion" SET "platform" = split_part("community", ':', 1);
ALTER TABLE "opinion" ALTER COLUMN "platform" SET NOT NULL;

-- CreateTable
CREATE TABLE "opinion_cell" (
    "community" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "day" INTEGER NOT NULL,
    "next" INTEGER NOT NULL,
    "stance" TEXT NOT NULL,
    "platform" TEXT NOT NULL,
    "measured" BOOLEAN NOT NULL,
    "aside" TEXT NOT NULL,
    "n" INTEGER NOT NULL,

    CONSTRAINT "opinion_cell_pkey" PRIMARY KEY ("community","topic","version","day","next","stance","platform","measured","aside")
);

-- CreateTable
CREATE TABLE "topic_change" (
    "seq" BIGSERIAL NOT NULL,
    "community" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "title" TEXT NOT NULL,
    "proposition" TEXT NOT NULL,
    "agree" TEXT NOT NULL,
    "disagree" TEXT NOT NULL,
    "question" TEXT NOT NULL,
    "metric" TEXT,
    "other" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "member" TEXT,

    CONSTRAINT "topic_change_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "choice" (
    "member" TEXT NOT NULL,
    "quoting" BOOLEAN,
    "opted_out" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "choice_pkey" PRIMARY KEY ("member")
);

-- CreateTable
CREATE TABLE "statement" (
    "id" TEXT NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "community" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "member" TEXT NOT NULL,
    "opinion" TEXT,

    CONSTRAINT "statement_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "statement_vote" (
    "statement_id" TEXT NOT NULL,
    "member" TEXT NOT NULL,
    "vote" INTEGER NOT NULL,

    CONSTRAINT "statement_vote_pkey" PRIMARY KEY ("statement_id","member")
);

-- CreateIndex
CREATE INDEX "topic_change_community_topic_seq_idx" ON "topic_change"("community", "topic", "seq");

-- CreateIndex
CREATE INDEX "topic_change_member_idx" ON "topic_change"("member");

-- CreateIndex
CREATE INDEX "statement_opinion_idx" ON "statement"("opinion");

-- CreateIndex
CREATE INDEX "statement_member_idx" ON "statement"("member");

-- CreateIndex
CREATE UNIQUE INDEX "statement_community_topic_text_key" ON "statement"("community", "topic", "text");

-- CreateIndex
CREATE INDEX "statement_vote_member_idx" ON "statement_vote"("member");

-- CreateIndex
CREATE INDEX "opinion_community_topic_version_at_idx" ON "opinion"("community", "topic", "version", "at");

-- CreateIndex
CREATE INDEX "opinion_community_topic_version_next_at_idx" ON "opinion"("community", "topic", "version", "next_at");

-- CreateIndex
CREATE INDEX "opinion_community_topic_version_member_at_idx" ON "opinion"("community", "topic", "version", "member", "at");

-- CreateIndex
CREATE INDEX "opinion_community_topic_version_quotable_stance_at_idx" ON "opinion"("community", "topic", "version", "quotable", "stance", "at");

-- CreateIndex
CREATE INDEX "opinion_community_topic_print_idx" ON "opinion"("community", "topic", "print");

-- CreateIndex
CREATE INDEX "opinion_community_at_idx" ON "opinion"("community", "at");

-- AddForeignKey
ALTER TABLE "statement_vote" ADD CONSTRAINT "statement_vote_statement_id_fkey" FOREIGN KEY ("statement_id") REFERENCES "statement"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What follows Prisma's schema cannot say: functions and triggers.

CREATE FUNCTION opinion_day("at" TIMESTAMPTZ) RETURNS INTEGER LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN "at" IS NULL THEN 2147483647 ELSE floor(extract(epoch FROM "at") / 86400)::int END $$;

-- Each takes a lock for each member that it touches, in order: two processes that log of one member at the same time would each miss the
-- other's row. Sixty-four locks are enough to meet rarely by chance, and few enough for a statement that touches everyone.
CREATE FUNCTION opinion_added() RETURNS TRIGGER LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(72707370, bucket) FROM (
    SELECT DISTINCT hashtext(community || ' ' || topic || ' ' || member) & 63 AS bucket FROM fresh ORDER BY bucket) AS locks;
  INSERT INTO opinion_cell AS cell (community, topic, version, day, next, stance, platform, measured, aside, n)
  SELECT community, topic, version, opinion_day(at), opinion_day(next_at), stance, platform, COALESCE(evidence = 'measured', false),
         COALESCE(aside, ''), sum(sign)
    FROM (SELECT *, 1 AS sign FROM fresh) AS change
   WHERE next_at IS NULL OR opinion_day(next_at) > opinion_day(at)
   GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9 HAVING sum(sign) <> 0 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9
  ON CONFLICT (community, topic, version, day, next, stance, platform, measured, aside) DO UPDATE SET n = cell.n + excluded.n;
  UPDATE opinion SET next_at = chain.next_at
    FROM (SELECT one.id, lead(one.at) OVER (PARTITION BY one.community, one.topic, one.version, one.member ORDER BY one.at, one.seq) AS next_at
            FROM (SELECT DISTINCT community, topic, version, member FROM fresh) AS touched
            JOIN opinion AS one USING (community, topic, version, member)) AS chain
   WHERE opinion.id = chain.id AND opinion.next_at IS DISTINCT FROM chain.next_at;
  RETURN NULL;
END $$;

CREATE FUNCTION opinion_removed() RETURNS TRIGGER LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(72707370, bucket) FROM (
    SELECT DISTINCT hashtext(community || ' ' || topic || ' ' || member) & 63 AS bucket FROM stale ORDER BY bucket) AS locks;
  INSERT INTO opinion_cell AS cell (community, topic, version, day, next, stance, platform, measured, aside, n)
  SELECT community, topic, version, opinion_day(at), opinion_day(next_at), stance, platform, COALESCE(evidence = 'measured', false),
         COALESCE(aside, ''), sum(sign)
    FROM (SELECT *, -1 AS sign FROM stale) AS change
   WHERE next_at IS NULL OR opinion_day(next_at) > opinion_day(at)
   GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9 HAVING sum(sign) <> 0 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9
  ON CONFLICT (community, topic, version, day, next, stance, platform, measured, aside) DO UPDATE SET n = cell.n + excluded.n;
  DELETE FROM opinion_cell AS cell
   USING (SELECT DISTINCT community, topic, version, opinion_day(at) AS day, opinion_day(next_at) AS next, stance, platform,
                 COALESCE(evidence = 'measured', false) AS measured, COALESCE(aside, '') AS aside FROM stale) AS gone
   WHERE (cell.community, cell.topic, cell.version, cell.day, cell.next, cell.stance, cell.platform, cell.measured, cell.aside)
       = (gone.community, gone.topic, gone.version, gone.day, gone.next, gone.stance, gone.platform, gone.measured, gone.aside) AND cell.n = 0;
  UPDATE opinion SET next_at = chain.next_at
    FROM (SELECT one.id, lead(one.at) OVER (PARTITION BY one.community, one.topic, one.version, one.member ORDER BY one.at, one.seq) AS next_at
            FROM (SELECT DISTINCT community, topic, version, member FROM stale) AS touched
            JOIN opinion AS one USING (community, topic, version, member)) AS chain
   WHERE opinion.id = chain.id AND opinion.next_at IS DISTINCT FROM chain.next_at;
  RETURN NULL;
END $$;

-- Also run by the two statements above that set `next_at`: then no row has moved, and it ends there.
CREATE FUNCTION opinion_changed() RETURNS TRIGGER LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM fresh) THEN RETURN NULL; END IF;
  PERFORM pg_advisory_xact_lock(72707370, bucket) FROM (
    SELECT DISTINCT hashtext(community || ' ' || topic || ' ' || member) & 63 AS bucket FROM (SELECT community, topic, member FROM fresh UNION ALL SELECT community, topic, member FROM stale) AS change ORDER BY bucket) AS locks;
  INSERT INTO opinion_cell AS cell (community, topic, version, day, next, stance, platform, measured, aside, n)
  SELECT community, topic, version, opinion_day(at), opinion_day(next_at), stance, platform, COALESCE(evidence = 'measured', false),
         COALESCE(aside, ''), sum(sign)
    FROM (SELECT *, 1 AS sign FROM fresh UNION ALL SELECT *, -1 AS sign FROM stale) AS change
   WHERE next_at IS NULL OR opinion_day(next_at) > opinion_day(at)
   GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9 HAVING sum(sign) <> 0 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9
  ON CONFLICT (community, topic, version, day, next, stance, platform, measured, aside) DO UPDATE SET n = cell.n + excluded.n;
  DELETE FROM opinion_cell AS cell
   USING (SELECT DISTINCT community, topic, version, opinion_day(at) AS day, opinion_day(next_at) AS next, stance, platform,
                 COALESCE(evidence = 'measured', false) AS measured, COALESCE(aside, '') AS aside FROM stale) AS gone
   WHERE (cell.community, cell.topic, cell.version, cell.day, cell.next, cell.stance, cell.platform, cell.measured, cell.aside)
       = (gone.community, gone.topic, gone.version, gone.day, gone.next, gone.stance, gone.platform, gone.measured, gone.aside) AND cell.n = 0;
  UPDATE opinion SET next_at = chain.next_at
    FROM (SELECT one.id, lead(one.at) OVER (PARTITION BY one.community, one.topic, one.version, one.member ORDER BY one.at, one.seq) AS next_at
            FROM (SELECT DISTINCT community, topic, version, member FROM (SELECT fresh.community, fresh.topic, fresh.version, fresh.member FROM fresh JOIN stale USING (id)
     WHERE (fresh.community, fresh.topic, fresh.version, fresh.member, fresh.at)
           IS DISTINCT FROM (stale.community, stale.topic, stale.version, stale.member, stale.at)
    UNION SELECT stale.community, stale.topic, stale.version, stale.member FROM fresh JOIN stale USING (id)
     WHERE (fresh.community, fresh.topic, fresh.version, fresh.member, fresh.at)
           IS DISTINCT FROM (stale.community, stale.topic, stale.version, stale.member, stale.at)) AS moved) AS touched
            JOIN opinion AS one USING (community, topic, version, member)) AS chain
   WHERE opinion.id = chain.id AND opinion.next_at IS DISTINCT FROM chain.next_at;
  RETURN NULL;
END $$;

CREATE FUNCTION opinion_rebuild() RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
  LOCK TABLE opinion IN SHARE ROW EXCLUSIVE MODE;
  UPDATE opinion SET next_at = chain.next_at
    FROM (SELECT id, lead(at) OVER (PARTITION BY community, topic, version, member ORDER BY at, seq) AS next_at FROM opinion) AS chain
   WHERE opinion.id = chain.id AND opinion.next_at IS DISTINCT FROM chain.next_at;
  DELETE FROM opinion_cell;
  INSERT INTO opinion_cell AS cell (community, topic, version, day, next, stance, platform, measured, aside, n)
  SELECT community, topic, version, opinion_day(at), opinion_day(next_at), stance, platform, COALESCE(evidence = 'measured', false),
         COALESCE(aside, ''), sum(sign)
    FROM (SELECT *, 1 AS sign FROM opinion) AS change
   WHERE next_at IS NULL OR opinion_day(next_at) > opinion_day(at)
   GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9 HAVING sum(sign) <> 0 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9
  ON CONFLICT (community, topic, version, day, next, stance, platform, measured, aside) DO UPDATE SET n = cell.n + excluded.n;
END $$;

SELECT opinion_rebuild();

CREATE TRIGGER opinion_added AFTER INSERT ON opinion REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION opinion_added();
CREATE TRIGGER opinion_removed AFTER DELETE ON opinion REFERENCING OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION opinion_removed();
CREATE TRIGGER opinion_changed AFTER UPDATE ON opinion REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION opinion_changed();
