-- Hours of which decisions of a use case were recorded as they were made. What is told later (backdated observations)
-- is counted like all else, but makes no day and no decision of readiness.
CREATE TABLE "live_hour" (
  "use_case_id" uuid NOT NULL,
  "hour" timestamptz(0) NOT NULL,
  PRIMARY KEY ("use_case_id", "hour")
);
CREATE INDEX "live_hour_by_hour" ON "live_hour" ("hour");

-- What was recorded before: a batch was stored shortly before the audit entry that anchored it, or shortly before now
-- where none has yet. The hours of its first and its last decision count where they lie within a day of that instant;
-- what was between them came in other batches too.
INSERT INTO "live_hour" ("use_case_id", "hour")
SELECT DISTINCT b."use_case_id", date_trunc('hour', t."at", 'UTC')
FROM "decision_batch" b
LEFT JOIN "audit_entry" e ON e."number" = b."anchored_by"
CROSS JOIN LATERAL (VALUES (b."first_at"), (b."last_at")) AS t("at")
WHERE t."at" >= coalesce(e."at", now()) - interval '24 hours';

-- The sample organisation lives through its days while it is loaded. Nothing else writes under its name.
INSERT INTO "live_hour" ("use_case_id", "hour")
SELECT DISTINCT "use_case_id", "hour" FROM "series_hour"
WHERE "shard" ~ '^sample/[0-9]+$'
  AND EXISTS (SELECT 1 FROM "audit_entry" WHERE "action" = 'sample.loaded' AND "actor_kind" = 'job' AND "actor_id" = 'sample')
ON CONFLICT DO NOTHING;
