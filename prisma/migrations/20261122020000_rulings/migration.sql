-- Rulings on findings, appeals against them, and the cases kept from them. They outlive the decisions that they are about.

CREATE TYPE "ruling_answer" AS ENUM ('true_positive', 'false_positive', 'unsure');
CREATE TYPE "ruling_basis" AS ENUM ('sampled', 'appealed', 'picked');
CREATE TYPE "appeal_status" AS ENUM ('open', 'upheld', 'overturned', 'withdrawn');
CREATE TYPE "case_expectation" AS ENUM ('fires', 'does_not_fire');

CREATE TABLE "appeal" (
    "id" UUID NOT NULL,
    "ref" SERIAL NOT NULL,
    "use_case_id" UUID NOT NULL,
    "decision_id" UUID NOT NULL,
    "decided_at" TIMESTAMPTZ(3) NOT NULL,
    "control" TEXT NOT NULL,
    "level" TEXT,
    "effect" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "status" "appeal_status" NOT NULL,
    "open_key" TEXT,
    "opened_by_id" UUID NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_by_id" UUID,
    "closed_at" TIMESTAMPTZ(3),
    "answer" TEXT,

    CONSTRAINT "appeal_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "appeal_says_why" CHECK (length("reason") >= 20),
    CONSTRAINT "appeal_is_open_for_its_finding" CHECK (("status" = 'open') = ("open_key" IS NOT NULL)),
    CONSTRAINT "appeal_end_is_dated" CHECK (num_nulls("closed_by_id", "closed_at") = CASE "status" WHEN 'open' THEN 2 ELSE 0 END),
    CONSTRAINT "appeal_four_eyes" CHECK ("status" NOT IN ('upheld', 'overturned') OR ("closed_by_id" <> "opened_by_id" AND "answer" IS NOT NULL AND length("answer") > 0)),
    CONSTRAINT "appeal_is_taken_back_by_its_appellant" CHECK ("status" <> 'withdrawn' OR ("closed_by_id" = "opened_by_id" AND "answer" IS NULL))
);
CREATE UNIQUE INDEX "appeal_ref_key" ON "appeal"("ref");
CREATE UNIQUE INDEX "appeal_open_key_key" ON "appeal"("open_key");
CREATE INDEX "appeal_use_case_id_status_idx" ON "appeal"("use_case_id", "status");
CREATE INDEX "appeal_decision_id_idx" ON "appeal"("decision_id");

CREATE TABLE "ruling" (
    "id" UUID NOT NULL,
    "use_case_id" UUID NOT NULL,
    "decision_id" UUID NOT NULL,
    "decided_at" TIMESTAMPTZ(3) NOT NULL,
    "control" TEXT NOT NULL,
    "level" TEXT,
    "effect" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "answer" "ruling_answer" NOT NULL,
    "basis" "ruling_basis" NOT NULL,
    "note" TEXT,
    "sample" JSONB,
    "appeal_id" UUID,
    "ruled_by_id" UUID NOT NULL,
    "ruled_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ruling_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "ruling_counts_from_one" CHECK ("number" >= 1),
    CONSTRAINT "ruling_of_an_appeal_names_it" CHECK (("basis" = 'appealed') = ("appeal_id" IS NOT NULL)),
    CONSTRAINT "ruling_of_the_sample_says_where" CHECK (("basis" = 'sampled') = ("sample" IS NOT NULL))
);
CREATE INDEX "ruling_use_case_id_control_decided_at_idx" ON "ruling"("use_case_id", "control", "decided_at");
CREATE INDEX "ruling_decision_id_idx" ON "ruling"("decision_id");
CREATE INDEX "ruling_ruled_at_id_idx" ON "ruling"("ruled_at", "id");
CREATE UNIQUE INDEX "ruling_use_case_id_decision_id_control_number_key" ON "ruling"("use_case_id", "decision_id", "control", "number");

CREATE TABLE "regression_case" (
    "id" UUID NOT NULL,
    "ref" SERIAL NOT NULL,
    "use_case_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "control" TEXT NOT NULL,
    "expected" "case_expectation" NOT NULL,
    "facts" JSONB NOT NULL,
    "fact" BYTEA NOT NULL,
    "sought" JSONB,
    "live_key" TEXT,
    "ruling_id" UUID NOT NULL,
    "decision_id" UUID NOT NULL,
    "decided_at" TIMESTAMPTZ(3) NOT NULL,
    "kept_by_id" UUID NOT NULL,
    "kept_at" TIMESTAMPTZ(3) NOT NULL,
    "retired_by_id" UUID,
    "retired_at" TIMESTAMPTZ(3),
    "retire_reason" TEXT,

    CONSTRAINT "regression_case_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "regression_case_is_live_for_its_facts" CHECK (("retired_at" IS NULL) = ("live_key" IS NOT NULL)),
    CONSTRAINT "regression_case_end_is_whole" CHECK (num_nulls("retired_by_id", "retired_at", "retire_reason") IN (0, 3))
);
CREATE UNIQUE INDEX "regression_case_ref_key" ON "regression_case"("ref");
CREATE UNIQUE INDEX "regression_case_live_key_key" ON "regression_case"("live_key");
CREATE INDEX "regression_case_use_case_id_retired_at_idx" ON "regression_case"("use_case_id", "retired_at");

ALTER TABLE "appeal" ADD CONSTRAINT "appeal_use_case_id_fkey" FOREIGN KEY ("use_case_id") REFERENCES "use_case"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "appeal" ADD CONSTRAINT "appeal_opened_by_id_fkey" FOREIGN KEY ("opened_by_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "appeal" ADD CONSTRAINT "appeal_closed_by_id_fkey" FOREIGN KEY ("closed_by_id") REFERENCES "person"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "ruling" ADD CONSTRAINT "ruling_use_case_id_fkey" FOREIGN KEY ("use_case_id") REFERENCES "use_case"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "ruling" ADD CONSTRAINT "ruling_appeal_id_fkey" FOREIGN KEY ("appeal_id") REFERENCES "appeal"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "ruling" ADD CONSTRAINT "ruling_ruled_by_id_fkey" FOREIGN KEY ("ruled_by_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "regression_case" ADD CONSTRAINT "regression_case_use_case_id_fkey" FOREIGN KEY ("use_case_id") REFERENCES "use_case"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "regression_case" ADD CONSTRAINT "regression_case_ruling_id_fkey" FOREIGN KEY ("ruling_id") REFERENCES "ruling"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "regression_case" ADD CONSTRAINT "regression_case_kept_by_id_fkey" FOREIGN KEY ("kept_by_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "regression_case" ADD CONSTRAINT "regression_case_retired_by_id_fkey" FOREIGN KEY ("retired_by_id") REFERENCES "person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE ON "ruling" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "no_truncate" BEFORE TRUNCATE ON "ruling" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

-- The rulings of a finding are counted without gaps: whoever ruled without having seen the last one is second.
CREATE FUNCTION "ruling_follows"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last int;
BEGIN
  SELECT coalesce(max("number"), 0) INTO last FROM "ruling"
    WHERE "use_case_id" = NEW."use_case_id" AND "decision_id" = NEW."decision_id" AND "control" = NEW."control";
  IF NEW."number" > last + 1 THEN
    RAISE EXCEPTION 'ruling % of a finding does not follow %', NEW."number", last USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "follows" BEFORE INSERT ON "ruling" FOR EACH ROW EXECUTE FUNCTION "ruling_follows"();

-- What is appealed never changes; an appeal begins open and ends once.
CREATE FUNCTION "appeal_keeps_its_word"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD."status" <> 'open' THEN
    RAISE EXCEPTION 'appeal % is closed', OLD."ref" USING ERRCODE = 'restrict_violation';
  END IF;
  IF ROW(NEW."id", NEW."ref", NEW."use_case_id", NEW."decision_id", NEW."decided_at", NEW."control", NEW."level", NEW."effect",
      NEW."reason", NEW."opened_by_id", NEW."opened_at")
    IS DISTINCT FROM ROW(OLD."id", OLD."ref", OLD."use_case_id", OLD."decision_id", OLD."decided_at", OLD."control", OLD."level", OLD."effect",
      OLD."reason", OLD."opened_by_id", OLD."opened_at") THEN
    RAISE EXCEPTION 'what appeal % is about does not change', OLD."ref" USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "keeps_its_word" BEFORE UPDATE ON "appeal" FOR EACH ROW EXECUTE FUNCTION "appeal_keeps_its_word"();
CREATE TRIGGER "append_only" BEFORE DELETE ON "appeal" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "no_truncate" BEFORE TRUNCATE ON "appeal" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

CREATE FUNCTION "appeal_begins_open"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."status" <> 'open' THEN
    RAISE EXCEPTION 'an appeal begins open' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "begins_open" BEFORE INSERT ON "appeal" FOR EACH ROW EXECUTE FUNCTION "appeal_begins_open"();

-- A case stays what it was kept as; all that happens to it is that it is retired, once.
CREATE FUNCTION "regression_case_keeps_its_word"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD."retired_at" IS NOT NULL THEN
    RAISE EXCEPTION 'case % is retired', OLD."ref" USING ERRCODE = 'restrict_violation';
  END IF;
  IF (to_jsonb(NEW) - ARRAY['live_key', 'retired_by_id', 'retired_at', 'retire_reason'])
    IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['live_key', 'retired_by_id', 'retired_at', 'retire_reason']) THEN
    RAISE EXCEPTION 'what case % holds does not change', OLD."ref" USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "keeps_its_word" BEFORE UPDATE ON "regression_case" FOR EACH ROW EXECUTE FUNCTION "regression_case_keeps_its_word"();
CREATE TRIGGER "append_only" BEFORE DELETE ON "regression_case" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "no_truncate" BEFORE TRUNCATE ON "regression_case" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

-- The random sample of findings: of each day the findings with the smallest keys (a digest of use case, control and
-- decision), so that the smallest of any stretch of days are at hand. Derived from the stream, and drawn again whenever
-- a day's hours count other than when it was drawn.
CREATE TABLE "finding_draw" (
  "use_case_id" uuid NOT NULL,
  "day" date NOT NULL,
  "control" text NOT NULL,
  "level" text NOT NULL,
  "key" bytea NOT NULL,
  "decision_id" uuid NOT NULL,
  "decided_at" timestamptz(3) NOT NULL,
  "effect" text NOT NULL,
  PRIMARY KEY ("use_case_id", "day", "control", "level", "key")
);
COMMENT ON COLUMN "finding_draw"."level" IS 'Of the signal; empty for controls that know no levels, as in control_hour.';
CREATE TABLE "finding_draw_day" (
  "use_case_id" uuid NOT NULL,
  "day" date NOT NULL,
  "n" bigint NOT NULL,
  "kept" int NOT NULL,
  PRIMARY KEY ("use_case_id", "day")
);
COMMENT ON COLUMN "finding_draw_day"."n" IS 'Findings that the hours of the day counted when it was drawn.';
COMMENT ON COLUMN "finding_draw_day"."kept" IS 'How many were kept of each control and level, at most.';
