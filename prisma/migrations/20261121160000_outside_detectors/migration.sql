-- Detectors outside, which policies may ask by name.

CREATE TABLE "outside_detector" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "secret" BYTEA,
    "timeout_ms" INTEGER NOT NULL,
    "options" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "outside_detector_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "outside_detector_is_patient_within_bounds" CHECK ("timeout_ms" BETWEEN 50 AND 5000)
);
CREATE UNIQUE INDEX "outside_detector_name_key" ON "outside_detector"("name");

CREATE TRIGGER "announce" AFTER INSERT OR UPDATE OR DELETE ON "outside_detector" FOR EACH STATEMENT EXECUTE FUNCTION "announce_snapshot"();
