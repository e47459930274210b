-- Decisions under exception of a stretch of time, without reading the hours of all the others.
CREATE INDEX "decision_hour_exempted" ON "decision_hour" ("hour") WHERE "exception" <> '00000000-0000-0000-0000-000000000000';
