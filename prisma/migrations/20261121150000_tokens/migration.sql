-- Tokens that calls of models used, as telemetry told: written with the observations of the calls, so that each call
-- counts once. Sharded by writer like the other hours.
CREATE TABLE "token_hour" (
  "use_case_id" uuid NOT NULL,
  "hour" timestamptz(0) NOT NULL,
  "model" text NOT NULL,
  "direction" text NOT NULL CHECK ("direction" IN ('input', 'output')),
  "shard" text NOT NULL,
  "n" bigint NOT NULL,
  PRIMARY KEY ("use_case_id", "hour", "model", "direction", "shard")
);
CREATE INDEX "token_hour_by_hour" ON "token_hour" ("hour");
COMMENT ON COLUMN "token_hour"."model" IS 'Provider and model; empty when the call did not say.';
