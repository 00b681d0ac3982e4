-- AlterTable
ALTER TABLE "model_use" DROP CONSTRAINT "model_use_pkey",
ADD COLUMN     "key" TEXT NOT NULL DEFAULT 'bot',
ADD CONSTRAINT "model_use_pkey" PRIMARY KEY ("day", "key");
