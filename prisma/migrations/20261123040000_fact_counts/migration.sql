-- How often each fact was met in the windows in which people look for drift, up to an hour that is over: thousands of rows
-- for a page instead of the millions of decision_hour. A job refreshes it; what came after "to" is read from the hours.
-- Hours are counted once for each stretch between the starts of the windows, and the stretches added up.
CREATE MATERIALIZED VIEW "fact_count" AS
WITH "window" AS (
  SELECT d AS "days", t AS "to", t - make_interval(hours => 24 * d) AS "from"
  FROM date_trunc('hour', now() - interval '10 minutes', 'UTC') AS t, unnest(ARRAY[7, 30, 90]) AS d
), "stretch" AS MATERIALIZED (
  SELECT h."use_case_id", h."fact", sum(h."n") AS "n", min(h."hour") AS "first", max(h."hour") AS "last"
  FROM "decision_hour" h
  WHERE h."hour" >= (SELECT min("from") FROM "window") AND h."hour" < (SELECT max("to") FROM "window")
  GROUP BY h."use_case_id", h."fact", width_bucket(h."hour", (SELECT array_agg("from" ORDER BY "from") FROM "window"))
)
SELECT w."days", s."use_case_id", s."fact", w."from", w."to",
  sum(s."n")::bigint AS "n", min(s."first") AS "first", max(s."last") AS "last"
FROM "window" w JOIN "stretch" s ON s."first" >= w."from"
GROUP BY w."days", s."use_case_id", s."fact", w."from", w."to";

CREATE UNIQUE INDEX "fact_count_key" ON "fact_count" ("use_case_id", "fact", "days");
