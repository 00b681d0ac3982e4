-- `opinion_chain` looks by the member alone: nothing reads this any more.

-- DropIndex
DROP INDEX "opinion_community_topic_version_member_at_idx";
