-- CreateTable
CREATE TABLE "reader" (
    "member" TEXT NOT NULL,
    "audience" TEXT NOT NULL,

    CONSTRAINT "reader_pkey" PRIMARY KEY ("member")
);
