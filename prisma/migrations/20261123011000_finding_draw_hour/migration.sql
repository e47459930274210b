-- Draws are kept up to date by the hour: what comes in while people rule draws the present hour again, not its day.
DROP TABLE "finding_draw_day";
CREATE TABLE "finding_draw_hour" (
  "use_case_id" uuid NOT NULL,
  "hour" timestamptz(0) NOT NULL,
  "n" bigint NOT NULL,
  "kept" int NOT NULL,
  PRIMARY KEY ("use_case_id", "hour")
);
COMMENT ON COLUMN "finding_draw_hour"."n" IS 'Findings that the hour counted when it was drawn.';
COMMENT ON COLUMN "finding_draw_hour"."kept" IS 'How many were kept of each control and level of its day, at most.';

-- The smallest keys of a window, without reading and sorting all of it.
CREATE INDEX "finding_draw_by_key" ON "finding_draw" ("use_case_id", "control", "level", "key");
