-- Decision points tell each other what they have seen, so that controls on traffic hold across all of them.

CREATE TABLE "traffic_told" (
  "instance" UUID NOT NULL,
  "workload_id" UUID NOT NULL,
  "n" INTEGER NOT NULL CHECK ("n" >= 0),
  "at" TIMESTAMPTZ(3) NOT NULL,
  PRIMARY KEY ("instance", "workload_id")
);
COMMENT ON TABLE "traffic_told" IS 'Requests of a workload in the minute before "at", as one run of a decision point counted them.';

CREATE TABLE "session_tool_calls" (
  "session" BYTEA PRIMARY KEY CHECK (octet_length("session") = 16),
  "n" INTEGER NOT NULL CHECK ("n" > 0),
  "at" TIMESTAMPTZ(3) NOT NULL,
  "told_at" TIMESTAMPTZ NOT NULL
);
CREATE INDEX "session_tool_calls_told_at" ON "session_tool_calls" ("told_at");
COMMENT ON TABLE "session_tool_calls" IS 'Tool calls of a session on every decision point; the session is a digest.';
COMMENT ON COLUMN "session_tool_calls"."at" IS 'Of the newest call, by the clock of the decision point.';
