-- AlterTable
ALTER TABLE "poll_post" ADD COLUMN     "last_order" BIGINT;
