-- Opinions are logged many at once. What follows Prisma's schema cannot say.

-- Sets `next_at` of what these members said on these wordings. Null of none.
CREATE FUNCTION opinion_chain(communities TEXT[], topics TEXT[], versions INTEGER[], members TEXT[])
RETURNS VOID LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  ids TEXT[];
  nexts TIMESTAMPTZ[];
BEGIN
  -- Member by member: joined with the whole topic, one opinion would cost as much as there are. Nothing but the index of members fits:
  -- this is planned once in a session, perhaps before the table has statistics, and then the planner takes the smallest that fits.
  SELECT array_agg(chain.id), array_agg(chain.next_at) INTO ids, nexts
    FROM unnest(communities, topics, versions, members) AS touched (community, topic, version, member),
         LATERAL (SELECT one.id, one.next_at AS known, lead(one.at) OVER (ORDER BY one.at, one.seq) AS next_at FROM opinion AS one
                   WHERE one.member = touched.member
                     AND (one.community || '', one.topic || '', one.version) = (touched.community, touched.topic, touched.version)) AS chain
   WHERE chain.known IS DISTINCT FROM chain.next_at;
  IF ids IS NOT NULL THEN
    UPDATE opinion SET next_at = chain.next_at FROM unnest(ids, nexts) AS chain (id, next_at) WHERE opinion.id = chain.id;
  END IF;
END $$;

CREATE OR REPLACE FUNCTION opinion_added() RETURNS TRIGGER LANGUAGE plpgsql SET enable_seqscan = off AS $$
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
  PERFORM opinion_chain(array_agg(community), array_agg(topic), array_agg(version), array_agg(member))
     FROM (SELECT DISTINCT community, topic, version, member FROM fresh) AS touched;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION opinion_removed() RETURNS TRIGGER LANGUAGE plpgsql SET enable_seqscan = off AS $$
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
  PERFORM opinion_chain(array_agg(community), array_agg(topic), array_agg(version), array_agg(member))
     FROM (SELECT DISTINCT community, topic, version, member FROM stale) AS touched;
  RETURN NULL;
END $$;

-- Also run by `opinion_chain`: then no row has moved, and it ends there.
CREATE OR REPLACE FUNCTION opinion_changed() RETURNS TRIGGER LANGUAGE plpgsql SET enable_seqscan = off AS $$
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
  PERFORM opinion_chain(array_agg(community), array_agg(topic), array_agg(version), array_agg(member))
     FROM (SELECT fresh.community, fresh.topic, fresh.version, fresh.member FROM fresh JOIN stale USING (id)
            WHERE (fresh.community, fresh.topic, fresh.version, fresh.member, fresh.at)
                  IS DISTINCT FROM (stale.community, stale.topic, stale.version, stale.member, stale.at)
           UNION SELECT stale.community, stale.topic, stale.version, stale.member FROM fresh JOIN stale USING (id)
            WHERE (fresh.community, fresh.topic, fresh.version, fresh.member, fresh.at)
                  IS DISTINCT FROM (stale.community, stale.topic, stale.version, stale.member, stale.at)) AS touched;
  RETURN NULL;
END $$;
