-- An absence of the database as one decision point met it: what was decided meanwhile came late, or was refused.
CREATE TABLE "ingest_gap" (
  "id" uuid PRIMARY KEY,
  "decision_point" text NOT NULL,
  "from_at" timestamptz(3) NOT NULL,
  "to_at" timestamptz(3) NOT NULL,
  "late" bigint NOT NULL,
  "refused" bigint NOT NULL,
  CHECK ("from_at" <= "to_at" AND "late" >= 0 AND "refused" >= 0)
);
CREATE INDEX "ingest_gap_by_time" ON "ingest_gap" ("from_at");
COMMENT ON COLUMN "ingest_gap"."to_at" IS 'The last decision of it that is known, or the return of the database.';
COMMENT ON COLUMN "ingest_gap"."late" IS 'Decisions that were acknowledged from the spool and are in the database now.';
COMMENT ON COLUMN "ingest_gap"."refused" IS 'Decisions that could be written nowhere and were answered 503, as far as the process lived to tell.';

-- Keys are dropped by age.
CREATE INDEX "decision_key_by_time" ON "decision_key" ("at");
