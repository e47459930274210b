CREATE TYPE "emergency" AS ENUM ('break_glass', 'step_back', 'step_down');
CREATE TYPE "review_verdict" AS ENUM ('upheld', 'stepped_back', 'lapsed');

-- Floors and settings are changed by the same requests as policies; the safeguards ask without a person.
ALTER TABLE "change_request"
  ALTER COLUMN "use_case_id" DROP NOT NULL,
  ALTER COLUMN "requested_by_id" DROP NOT NULL,
  ADD COLUMN "subject_key" TEXT,
  ADD COLUMN "scheduled_for" TIMESTAMPTZ(3),
  ADD COLUMN "scheduled_by_id" UUID,
  ADD COLUMN "suspended_because" TEXT,
  ADD COLUMN "reverts_id" UUID,
  ADD COLUMN "emergency" "emergency",
  ADD COLUMN "broke_glass_by_id" UUID,
  ADD COLUMN "review_due_at" TIMESTAMPTZ(3);

ALTER TABLE "floor_version" ADD COLUMN "change_id" UUID;
ALTER TABLE "setting_version" ADD COLUMN "change_id" UUID;

CREATE TABLE "change_reviewer" (
    "change_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "asked_by_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "change_reviewer_pkey" PRIMARY KEY ("change_id","person_id")
);

CREATE TABLE "readiness_acceptance" (
    "id" UUID NOT NULL,
    "change_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "condition" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "proposal_digest" TEXT NOT NULL,
    "evidence_digest" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "readiness_acceptance_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "change_review" (
    "change_id" UUID NOT NULL,
    "verdict" "review_verdict" NOT NULL,
    "person_id" UUID,
    "note" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "change_review_pkey" PRIMARY KEY ("change_id")
);

CREATE UNIQUE INDEX "readiness_acceptance_one_each" ON "readiness_acceptance"("change_id", "condition", "person_id", "proposal_digest", "evidence_digest");
CREATE UNIQUE INDEX "floor_version_change_id_key" ON "floor_version"("change_id");
CREATE UNIQUE INDEX "setting_version_change_id_key" ON "setting_version"("change_id");
CREATE INDEX "change_request_subject_subject_key_status_idx" ON "change_request"("subject", "subject_key", "status");
CREATE INDEX "change_request_status_scheduled_for_idx" ON "change_request"("status", "scheduled_for");
CREATE INDEX "change_request_emergency_review_due_at_idx" ON "change_request"("emergency", "review_due_at");

ALTER TABLE "change_request" DROP CONSTRAINT "change_request_use_case_id_fkey";
ALTER TABLE "change_request" ADD CONSTRAINT "change_request_use_case_id_fkey" FOREIGN KEY ("use_case_id") REFERENCES "use_case"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "change_request" DROP CONSTRAINT "change_request_requested_by_id_fkey";
ALTER TABLE "change_request" ADD CONSTRAINT "change_request_requested_by_id_fkey" FOREIGN KEY ("requested_by_id") REFERENCES "person"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "change_request" ADD CONSTRAINT "change_request_scheduled_by_id_fkey" FOREIGN KEY ("scheduled_by_id") REFERENCES "person"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "change_request" ADD CONSTRAINT "change_request_broke_glass_by_id_fkey" FOREIGN KEY ("broke_glass_by_id") REFERENCES "person"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "change_request" ADD CONSTRAINT "change_request_reverts_id_fkey" FOREIGN KEY ("reverts_id") REFERENCES "change_request"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "change_reviewer" ADD CONSTRAINT "change_reviewer_change_id_fkey" FOREIGN KEY ("change_id") REFERENCES "change_request"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "change_reviewer" ADD CONSTRAINT "change_reviewer_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "change_reviewer" ADD CONSTRAINT "change_reviewer_asked_by_id_fkey" FOREIGN KEY ("asked_by_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "readiness_acceptance" ADD CONSTRAINT "readiness_acceptance_change_id_fkey" FOREIGN KEY ("change_id") REFERENCES "change_request"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "readiness_acceptance" ADD CONSTRAINT "readiness_acceptance_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "change_review" ADD CONSTRAINT "change_review_change_id_fkey" FOREIGN KEY ("change_id") REFERENCES "change_request"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "change_review" ADD CONSTRAINT "change_review_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "floor_version" ADD CONSTRAINT "floor_version_change_id_fkey" FOREIGN KEY ("change_id") REFERENCES "change_request"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "setting_version" ADD CONSTRAINT "setting_version_change_id_fkey" FOREIGN KEY ("change_id") REFERENCES "change_request"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What must never be, whoever asks.

ALTER TABLE "change_request"
  ADD CONSTRAINT "change_request_names_its_subject" CHECK (
    ("subject" = 'policy') = ("use_case_id" IS NOT NULL) AND ("subject" = 'policy') = ("subject_key" IS NULL)),
  ADD CONSTRAINT "change_request_is_asked_for" CHECK (
    "requested_by_id" IS NOT NULL OR "emergency" IN ('step_back', 'step_down')),
  ADD CONSTRAINT "change_request_schedule_is_dated" CHECK (
    "status" <> 'scheduled' OR ("scheduled_for" IS NOT NULL AND "scheduled_by_id" IS NOT NULL)),
  ADD CONSTRAINT "change_request_suspension_is_explained" CHECK ("status" <> 'suspended' OR "suspended_because" IS NOT NULL),
  ADD CONSTRAINT "change_request_emergency_is_applied" CHECK ("emergency" IS NULL OR "status" = 'applied'),
  ADD CONSTRAINT "change_request_broken_glass_is_due" CHECK (
    ("emergency" IS NOT DISTINCT FROM 'break_glass') = ("broke_glass_by_id" IS NOT NULL AND "review_due_at" IS NOT NULL));

ALTER TABLE "change_review"
  ADD CONSTRAINT "change_review_lapses_without_a_person" CHECK (("verdict" = 'lapsed') = ("person_id" IS NULL));

CREATE FUNCTION "change_review_other_eyes"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM "change_request" WHERE "id" = NEW."change_id"
             AND NEW."person_id" IN ("requested_by_id", "broke_glass_by_id")) THEN
    RAISE EXCEPTION 'who broke the glass may not review it' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "other_eyes" BEFORE INSERT ON "change_review" FOR EACH ROW EXECUTE FUNCTION "change_review_other_eyes"();

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['change_reviewer', 'readiness_acceptance', 'change_review'] LOOP
    EXECUTE format('CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION "refuse_change"()', name);
    EXECUTE format('CREATE TRIGGER "no_truncate" BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"()', name);
  END LOOP;
END $$;

-- Whose request a change is, and of what, never moves; nor does what it takes back.
CREATE OR REPLACE FUNCTION "change_request_keeps_its_requester"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD."status" IN ('applied', 'rejected', 'withdrawn') THEN
    RAISE EXCEPTION 'change % is closed', OLD."ref" USING ERRCODE = 'restrict_violation';
  END IF;
  IF ROW(NEW."ref", NEW."subject", NEW."subject_key", NEW."use_case_id", NEW."requested_by_id", NEW."reverts_id")
     IS DISTINCT FROM ROW(OLD."ref", OLD."subject", OLD."subject_key", OLD."use_case_id", OLD."requested_by_id", OLD."reverts_id") THEN
    RAISE EXCEPTION 'change % keeps its use case and its requester', OLD."ref" USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
