-- Undeclared values of traffic that were marked as incidents.

CREATE TYPE "incident_status" AS ENUM ('open', 'closed');

CREATE TABLE "incident" (
    "id" UUID NOT NULL,
    "ref" SERIAL NOT NULL,
    "use_case_id" UUID NOT NULL,
    "dimension" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "n" BIGINT NOT NULL,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "workloads" TEXT[],
    "note" TEXT NOT NULL,
    "marked_by_id" UUID NOT NULL,
    "marked_at" TIMESTAMPTZ(3) NOT NULL,
    "status" "incident_status" NOT NULL,
    "closed_by_id" UUID,
    "closed_at" TIMESTAMPTZ(3),
    "closing_note" TEXT,

    CONSTRAINT "incident_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "incident_was_seen" CHECK ("n" > 0 AND "last_seen_at" >= "first_seen_at"),
    CONSTRAINT "incident_notes_say_something" CHECK (length("note") > 0 AND length("closing_note") > 0),
    CONSTRAINT "incident_closing_is_whole" CHECK (num_nulls("closed_by_id", "closed_at", "closing_note") = CASE "status" WHEN 'closed' THEN 0 ELSE 3 END),
    CONSTRAINT "incident_closed_after_it_was_marked" CHECK ("closed_at" >= "marked_at")
);
CREATE UNIQUE INDEX "incident_ref_key" ON "incident"("ref");
CREATE INDEX "incident_use_case_id_dimension_value_idx" ON "incident"("use_case_id", "dimension", "value");
ALTER TABLE "incident" ADD CONSTRAINT "incident_use_case_id_fkey" FOREIGN KEY ("use_case_id") REFERENCES "use_case"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "incident" ADD CONSTRAINT "incident_marked_by_id_fkey" FOREIGN KEY ("marked_by_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "incident" ADD CONSTRAINT "incident_closed_by_id_fkey" FOREIGN KEY ("closed_by_id") REFERENCES "person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- One open incident for a value: of two who mark it at the same instant, one does.
CREATE FUNCTION "incident_one_open"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."status" <> 'open' THEN
    RAISE EXCEPTION 'an incident begins open' USING ERRCODE = 'restrict_violation';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('incident ' || NEW."use_case_id" || NEW."dimension" || NEW."value", 0));
  IF EXISTS (SELECT FROM "incident" WHERE "use_case_id" = NEW."use_case_id" AND "dimension" = NEW."dimension"
      AND "value" = NEW."value" AND "status" = 'open') THEN
    RAISE EXCEPTION 'there is an open incident of this value' USING ERRCODE = 'unique_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "one_open" BEFORE INSERT ON "incident" FOR EACH ROW EXECUTE FUNCTION "incident_one_open"();

CREATE FUNCTION "incident_keeps_its_word"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD."status" = 'closed' OR NEW."status" <> 'closed' OR ROW(NEW."id", NEW."ref", NEW."use_case_id", NEW."dimension", NEW."value", NEW."n",
      NEW."first_seen_at", NEW."last_seen_at", NEW."workloads", NEW."note", NEW."marked_by_id", NEW."marked_at")
    IS DISTINCT FROM ROW(OLD."id", OLD."ref", OLD."use_case_id", OLD."dimension", OLD."value", OLD."n",
      OLD."first_seen_at", OLD."last_seen_at", OLD."workloads", OLD."note", OLD."marked_by_id", OLD."marked_at") THEN
    RAISE EXCEPTION 'incident % may be closed once and changed in nothing else', OLD."ref" USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "keeps_its_word" BEFORE UPDATE ON "incident" FOR EACH ROW EXECUTE FUNCTION "incident_keeps_its_word"();
CREATE TRIGGER "append_only" BEFORE DELETE ON "incident" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "no_truncate" BEFORE TRUNCATE ON "incident" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

-- What was seen of some facts, without reading the hours of all the others.
CREATE INDEX "decision_hour_by_fact" ON "decision_hour" ("use_case_id", "fact", "hour");
