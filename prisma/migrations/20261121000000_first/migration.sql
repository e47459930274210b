-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "role" AS ENUM ('admin', 'security_lead', 'risk_owner', 'application_owner', 'auditor');

-- CreateEnum
CREATE TYPE "change_status" AS ENUM ('draft', 'in_review', 'approved', 'applied', 'rejected', 'withdrawn');

-- CreateEnum
CREATE TYPE "change_subject" AS ENUM ('policy', 'floor', 'setting');

-- CreateEnum
CREATE TYPE "seat" AS ENUM ('risk_owner', 'security_lead');

-- CreateEnum
CREATE TYPE "verdict" AS ENUM ('approve', 'reject');

-- CreateEnum
CREATE TYPE "pack_status" AS ENUM ('pending', 'building', 'ready', 'failed');

-- CreateEnum
CREATE TYPE "exception_status" AS ENUM ('draft', 'submitted', 'approved', 'rejected', 'withdrawn', 'revoked', 'retired');

-- CreateEnum
CREATE TYPE "exception_category" AS ENUM ('waiver', 'mitigated');

-- CreateEnum
CREATE TYPE "tier" AS ENUM ('low', 'moderate', 'high', 'critical');

-- CreateEnum
CREATE TYPE "data_class" AS ENUM ('public', 'internal', 'confidential', 'restricted');

-- CreateEnum
CREATE TYPE "environment" AS ENUM ('development', 'staging', 'production');

-- CreateEnum
CREATE TYPE "credential_kind" AS ENUM ('static', 'federated', 'task');

-- CreateTable
CREATE TABLE "person" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "deactivated_at" TIMESTAMPTZ(3),

    CONSTRAINT "person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "role_grant" (
    "person_id" UUID NOT NULL,
    "role" "role" NOT NULL,
    "granted_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "role_grant_pkey" PRIMARY KEY ("person_id","role")
);

-- CreateTable
CREATE TABLE "sign_in_session" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "user_agent" TEXT,

    CONSTRAINT "sign_in_session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sign_in_attempt" (
    "key" TEXT NOT NULL,
    "failures" INTEGER NOT NULL,
    "last_failure_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sign_in_attempt_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "setup_link" (
    "token_hash" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "setup_link_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "number" BIGINT NOT NULL,
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "action" TEXT NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "actor_name" TEXT NOT NULL,
    "subject_kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "subject_ref" TEXT,
    "use_case" TEXT,
    "reason" TEXT,
    "detail" JSONB NOT NULL,
    "leaf_hash" BYTEA NOT NULL,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "audit_checkpoint" (
    "size" BIGINT NOT NULL,
    "root_hash" BYTEA NOT NULL,
    "frontier" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "key_id" TEXT NOT NULL,
    "signature" BYTEA NOT NULL,

    CONSTRAINT "audit_checkpoint_pkey" PRIMARY KEY ("size")
);

-- CreateTable
CREATE TABLE "change_request" (
    "id" UUID NOT NULL,
    "ref" SERIAL NOT NULL,
    "subject" "change_subject" NOT NULL,
    "use_case_id" UUID NOT NULL,
    "base_version" INTEGER NOT NULL,
    "proposal" JSONB NOT NULL,
    "proposal_digest" TEXT NOT NULL,
    "direction" TEXT NOT NULL,
    "justification" TEXT NOT NULL,
    "status" "change_status" NOT NULL,
    "requested_by_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "submitted_at" TIMESTAMPTZ(3),
    "closed_at" TIMESTAMPTZ(3),
    "applied_at" TIMESTAMPTZ(3),
    "applied_version" INTEGER,
    "evidence" JSONB,
    "evidence_digest" TEXT,

    CONSTRAINT "change_request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "change_approval" (
    "id" UUID NOT NULL,
    "change_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "seat" "seat" NOT NULL,
    "place" INTEGER NOT NULL DEFAULT 1,
    "verdict" "verdict" NOT NULL,
    "note" TEXT NOT NULL,
    "proposal_digest" TEXT NOT NULL,
    "evidence_digest" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "change_approval_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "change_comment" (
    "id" UUID NOT NULL,
    "change_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "text" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "change_comment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "evidence_pack" (
    "id" UUID NOT NULL,
    "ref" SERIAL NOT NULL,
    "from_at" TIMESTAMPTZ(3) NOT NULL,
    "to_at" TIMESTAMPTZ(3) NOT NULL,
    "use_cases" TEXT[],
    "status" "pack_status" NOT NULL,
    "progress" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "requested_by_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "bytes" BIGINT,
    "sha256" TEXT,
    "failure" TEXT,

    CONSTRAINT "evidence_pack_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "policy_exception" (
    "id" UUID NOT NULL,
    "ref" SERIAL NOT NULL,
    "use_case_id" UUID NOT NULL,
    "controls" TEXT[],
    "scope" JSONB NOT NULL,
    "justification" TEXT NOT NULL,
    "compensating_controls" TEXT NOT NULL,
    "category" "exception_category" NOT NULL,
    "risk_owner_id" UUID NOT NULL,
    "business_owner_id" UUID NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "review_at" TIMESTAMPTZ(3) NOT NULL,
    "reviewed_at" TIMESTAMPTZ(3),
    "status" "exception_status" NOT NULL,
    "requested_by_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "submitted_at" TIMESTAMPTZ(3),
    "terms_digest" TEXT NOT NULL,
    "decided_by_id" UUID,
    "decided_at" TIMESTAMPTZ(3),
    "decision_note" TEXT,
    "ended_at" TIMESTAMPTZ(3),
    "ended_reason" TEXT,

    CONSTRAINT "policy_exception_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "exception_review" (
    "id" UUID NOT NULL,
    "exception_id" UUID NOT NULL,
    "reviewed_by_id" UUID NOT NULL,
    "note" TEXT NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "next_review_at" TIMESTAMPTZ(3) NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "exception_review_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "policy_version" (
    "id" UUID NOT NULL,
    "use_case_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "document" JSONB NOT NULL,
    "cedar" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "effective_from" TIMESTAMPTZ(3) NOT NULL,
    "change_id" UUID,

    CONSTRAINT "policy_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "floor_version" (
    "id" UUID NOT NULL,
    "data_class" "data_class" NOT NULL,
    "number" INTEGER NOT NULL,
    "document" JSONB NOT NULL,
    "digest" TEXT NOT NULL,
    "effective_from" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "floor_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "setting_version" (
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "value" JSONB NOT NULL,
    "digest" TEXT NOT NULL,
    "effective_from" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "setting_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "use_case" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "audience" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "tier" "tier" NOT NULL,
    "data_class" "data_class" NOT NULL,
    "environment" "environment" NOT NULL,
    "risk_owner_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "use_case_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "use_case_member" (
    "use_case_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,

    CONSTRAINT "use_case_member_pkey" PRIMARY KEY ("use_case_id","person_id")
);

-- CreateTable
CREATE TABLE "workload" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "workload_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "workload_use_case" (
    "workload_id" UUID NOT NULL,
    "use_case_id" UUID NOT NULL,

    CONSTRAINT "workload_use_case_pkey" PRIMARY KEY ("workload_id","use_case_id")
);

-- CreateTable
CREATE TABLE "credential" (
    "id" UUID NOT NULL,
    "workload_id" UUID NOT NULL,
    "kind" "credential_kind" NOT NULL,
    "label" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "secret_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "credential_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "person_email_key" ON "person"("email");

-- CreateIndex
CREATE INDEX "sign_in_session_person_id_idx" ON "sign_in_session"("person_id");

-- CreateIndex
CREATE UNIQUE INDEX "audit_entry_id_key" ON "audit_entry"("id");

-- CreateIndex
CREATE INDEX "audit_entry_at_idx" ON "audit_entry"("at");

-- CreateIndex
CREATE INDEX "audit_entry_subject_kind_subject_id_idx" ON "audit_entry"("subject_kind", "subject_id");

-- CreateIndex
CREATE UNIQUE INDEX "change_request_ref_key" ON "change_request"("ref");

-- CreateIndex
CREATE INDEX "change_request_use_case_id_status_idx" ON "change_request"("use_case_id", "status");

-- CreateIndex
CREATE UNIQUE INDEX "change_approval_one_person_one_seat" ON "change_approval"("change_id", "person_id", "verdict", "proposal_digest", "evidence_digest");

-- CreateIndex
CREATE UNIQUE INDEX "change_approval_one_seat_one_person" ON "change_approval"("change_id", "seat", "place", "proposal_digest", "evidence_digest");

-- CreateIndex
CREATE INDEX "change_comment_change_id_idx" ON "change_comment"("change_id");

-- CreateIndex
CREATE UNIQUE INDEX "evidence_pack_ref_key" ON "evidence_pack"("ref");

-- CreateIndex
CREATE UNIQUE INDEX "policy_exception_ref_key" ON "policy_exception"("ref");

-- CreateIndex
CREATE INDEX "policy_exception_use_case_id_status_idx" ON "policy_exception"("use_case_id", "status");

-- CreateIndex
CREATE INDEX "exception_review_exception_id_idx" ON "exception_review"("exception_id");

-- CreateIndex
CREATE UNIQUE INDEX "policy_version_change_id_key" ON "policy_version"("change_id");

-- CreateIndex
CREATE UNIQUE INDEX "policy_version_use_case_id_number_key" ON "policy_version"("use_case_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "floor_version_data_class_number_key" ON "floor_version"("data_class", "number");

-- CreateIndex
CREATE UNIQUE INDEX "setting_version_key_number_key" ON "setting_version"("key", "number");

-- CreateIndex
CREATE UNIQUE INDEX "use_case_slug_key" ON "use_case"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "workload_slug_key" ON "workload"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "credential_prefix_key" ON "credential"("prefix");

-- CreateIndex
CREATE INDEX "credential_workload_id_idx" ON "credential"("workload_id");

-- AddForeignKey
ALTER TABLE "role_grant" ADD CONSTRAINT "role_grant_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sign_in_session" ADD CONSTRAINT "sign_in_session_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "change_request" ADD CONSTRAINT "change_request_requested_by_id_fkey" FOREIGN KEY ("requested_by_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "change_request" ADD CONSTRAINT "change_request_use_case_id_fkey" FOREIGN KEY ("use_case_id") REFERENCES "use_case"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "change_approval" ADD CONSTRAINT "change_approval_change_id_fkey" FOREIGN KEY ("change_id") REFERENCES "change_request"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "change_approval" ADD CONSTRAINT "change_approval_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "change_comment" ADD CONSTRAINT "change_comment_change_id_fkey" FOREIGN KEY ("change_id") REFERENCES "change_request"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "change_comment" ADD CONSTRAINT "change_comment_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evidence_pack" ADD CONSTRAINT "evidence_pack_requested_by_id_fkey" FOREIGN KEY ("requested_by_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "policy_exception" ADD CONSTRAINT "policy_exception_use_case_id_fkey" FOREIGN KEY ("use_case_id") REFERENCES "use_case"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "policy_exception" ADD CONSTRAINT "policy_exception_risk_owner_id_fkey" FOREIGN KEY ("risk_owner_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "policy_exception" ADD CONSTRAINT "policy_exception_business_owner_id_fkey" FOREIGN KEY ("business_owner_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "policy_exception" ADD CONSTRAINT "policy_exception_requested_by_id_fkey" FOREIGN KEY ("requested_by_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "policy_exception" ADD CONSTRAINT "policy_exception_decided_by_id_fkey" FOREIGN KEY ("decided_by_id") REFERENCES "person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "exception_review" ADD CONSTRAINT "exception_review_exception_id_fkey" FOREIGN KEY ("exception_id") REFERENCES "policy_exception"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "exception_review" ADD CONSTRAINT "exception_review_reviewed_by_id_fkey" FOREIGN KEY ("reviewed_by_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "policy_version" ADD CONSTRAINT "policy_version_use_case_id_fkey" FOREIGN KEY ("use_case_id") REFERENCES "use_case"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "policy_version" ADD CONSTRAINT "policy_version_change_id_fkey" FOREIGN KEY ("change_id") REFERENCES "change_request"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "use_case" ADD CONSTRAINT "use_case_risk_owner_id_fkey" FOREIGN KEY ("risk_owner_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "use_case_member" ADD CONSTRAINT "use_case_member_use_case_id_fkey" FOREIGN KEY ("use_case_id") REFERENCES "use_case"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "use_case_member" ADD CONSTRAINT "use_case_member_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "workload_use_case" ADD CONSTRAINT "workload_use_case_workload_id_fkey" FOREIGN KEY ("workload_id") REFERENCES "workload"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "workload_use_case" ADD CONSTRAINT "workload_use_case_use_case_id_fkey" FOREIGN KEY ("use_case_id") REFERENCES "use_case"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credential" ADD CONSTRAINT "credential_workload_id_fkey" FOREIGN KEY ("workload_id") REFERENCES "workload"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What must never be, whoever asks.

ALTER TABLE "policy_exception"
  ADD CONSTRAINT "policy_exception_has_controls" CHECK (cardinality("controls") > 0),
  ADD CONSTRAINT "policy_exception_is_justified" CHECK (char_length("justification") >= 40),
  ADD CONSTRAINT "policy_exception_ends" CHECK ("expires_at" > "starts_at"),
  ADD CONSTRAINT "policy_exception_is_reviewed_in_time" CHECK ("review_at" > "starts_at" AND "review_at" <= "expires_at"),
  ADD CONSTRAINT "policy_exception_four_eyes" CHECK (
    "status" NOT IN ('approved', 'rejected', 'revoked', 'retired')
    OR ("decided_by_id" IS NOT NULL AND "decided_at" IS NOT NULL
        AND "decided_by_id" <> "requested_by_id" AND "decided_by_id" <> "business_owner_id" AND "decided_by_id" <> "risk_owner_id")),
  ADD CONSTRAINT "policy_exception_end_is_dated" CHECK (("status" IN ('revoked', 'retired')) = ("ended_at" IS NOT NULL));

ALTER TABLE "change_request"
  ADD CONSTRAINT "change_request_submitted_with_evidence" CHECK (
    "status" IN ('draft', 'withdrawn') OR ("submitted_at" IS NOT NULL AND "evidence_digest" IS NOT NULL)),
  ADD CONSTRAINT "change_request_applied_is_dated" CHECK (("status" = 'applied') = ("applied_at" IS NOT NULL AND "applied_version" IS NOT NULL));

CREATE FUNCTION "refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, lower(TG_OP) USING ERRCODE = 'restrict_violation';
END $$;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['audit_entry', 'audit_checkpoint', 'policy_version', 'floor_version', 'setting_version', 'change_approval', 'change_comment', 'exception_review'] LOOP
    EXECUTE format('CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION "refuse_change"()', name);
    EXECUTE format('CREATE TRIGGER "no_truncate" BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"()', name);
  END LOOP;
END $$;

CREATE FUNCTION "audit_entry_follows"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last bigint;
BEGIN
  SELECT coalesce(max("number"), 0) INTO last FROM "audit_entry";
  IF NEW."number" <> last + 1 THEN
    RAISE EXCEPTION 'audit entry % does not follow %', NEW."number", last USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "follows" BEFORE INSERT ON "audit_entry" FOR EACH ROW EXECUTE FUNCTION "audit_entry_follows"();

CREATE FUNCTION "change_approval_four_eyes"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM "change_request" WHERE "id" = NEW."change_id" AND "requested_by_id" = NEW."person_id") THEN
    RAISE EXCEPTION 'the requester may not approve their own change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "four_eyes" BEFORE INSERT ON "change_approval" FOR EACH ROW EXECUTE FUNCTION "change_approval_four_eyes"();

-- What decision points hold in memory has one version counter; a change is announced when it commits.

CREATE TABLE "snapshot_version" ("only" boolean PRIMARY KEY DEFAULT true CHECK ("only"), "n" bigint NOT NULL);
INSERT INTO "snapshot_version" ("n") VALUES (1);

CREATE FUNCTION "announce_snapshot"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE version bigint;
BEGIN
  UPDATE "snapshot_version" SET "n" = "n" + 1 RETURNING "n" INTO version;
  PERFORM pg_notify('sluice_snapshot', version::text);
  RETURN NULL;
END $$;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['use_case', 'policy_version', 'floor_version', 'policy_exception', 'workload', 'workload_use_case', 'credential'] LOOP
    EXECUTE format('CREATE TRIGGER "announce" AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH STATEMENT EXECUTE FUNCTION "announce_snapshot"()', name);
  END LOOP;
END $$;

-- The decision stream: plain SQL, keyed by use case throughout, no foreign key crosses into it.

CREATE TABLE "fact" (
  "use_case_id" uuid NOT NULL,
  "digest" bytea NOT NULL,
  "facts" jsonb NOT NULL,
  "first_seen_at" timestamptz(3) NOT NULL,
  PRIMARY KEY ("use_case_id", "digest")
);

CREATE TABLE "decision" (
  "id" uuid NOT NULL,
  "use_case_id" uuid NOT NULL,
  "decided_at" timestamptz(3) NOT NULL,
  "kind" text NOT NULL CHECK ("kind" IN ('decision', 'observation')),
  "fact" bytea NOT NULL,
  "policy_version" int NOT NULL,
  "policy_digest" bytea NOT NULL,
  "outcome" text NOT NULL CHECK ("outcome" IN ('allow', 'flag', 'redact', 'require_approval', 'block')),
  "would_be" text NOT NULL CHECK ("would_be" IN ('allow', 'flag', 'redact', 'require_approval', 'block')),
  "findings" jsonb NOT NULL,
  "exceptions" uuid[] NOT NULL,
  "session_id" text,
  "trace_id" text,
  "actor_hash" bytea,
  "content_digest" bytea,
  "excerpt" text,
  "evaluated_us" int NOT NULL,
  "batch_id" uuid NOT NULL,
  "batch_index" int NOT NULL,
  "late" boolean NOT NULL,
  "synthetic" text[] NOT NULL,
  PRIMARY KEY ("use_case_id", "decided_at", "id")
) PARTITION BY RANGE ("decided_at");
CREATE INDEX "decision_by_session" ON "decision" ("use_case_id", "session_id", "decided_at") WHERE "session_id" IS NOT NULL;
CREATE INDEX "decision_by_batch" ON "decision" ("batch_id", "batch_index");
CREATE INDEX "decision_by_time" ON "decision" ("decided_at", "id");

CREATE FUNCTION "ensure_decision_partition"("day" date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE name text := 'decision_' || to_char("day", 'YYYYMMDD');
BEGIN
  IF to_regclass(quote_ident(name)) IS NULL THEN
    PERFORM pg_advisory_xact_lock(hashtext('sluice partition'));
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF "decision" FOR VALUES FROM (%L) TO (%L)',
      name, "day"::timestamp AT TIME ZONE 'UTC', ("day" + 1)::timestamp AT TIME ZONE 'UTC');
  END IF;
END $$;

CREATE TABLE "decision_batch" (
  "id" uuid NOT NULL,
  "use_case_id" uuid NOT NULL,
  "first_at" timestamptz(3) NOT NULL,
  "last_at" timestamptz(3) NOT NULL,
  "n" int NOT NULL,
  "digest" bytea NOT NULL,
  "anchored_by" bigint,
  PRIMARY KEY ("use_case_id", "id")
);
CREATE INDEX "decision_batch_unanchored" ON "decision_batch" ("id") WHERE "anchored_by" IS NULL;
CREATE INDEX "decision_batch_by_time" ON "decision_batch" ("use_case_id", "last_at", "first_at");
CREATE INDEX "decision_batch_by_anchor" ON "decision_batch" ("anchored_by", "id");

-- One row for each Idempotency-Key of a workload: the answer that every repeat gets.
CREATE TABLE "decision_key" (
  "use_case_id" uuid NOT NULL,
  "workload_id" uuid NOT NULL,
  "key" text NOT NULL,
  "request_digest" bytea NOT NULL,
  "answer" jsonb NOT NULL,
  "at" timestamptz(3) NOT NULL,
  PRIMARY KEY ("use_case_id", "workload_id", "key")
);

CREATE TABLE "decision_hour" (
  "use_case_id" uuid NOT NULL,
  "hour" timestamptz(0) NOT NULL,
  "fact" bytea NOT NULL,
  "policy_version" int NOT NULL,
  "outcome" text NOT NULL,
  "would_be" text NOT NULL,
  "exception" uuid NOT NULL,
  "shard" text NOT NULL,
  "n" bigint NOT NULL,
  PRIMARY KEY ("use_case_id", "hour", "fact", "policy_version", "outcome", "would_be", "exception", "shard")
);
CREATE INDEX "decision_hour_by_exception" ON "decision_hour" ("use_case_id", "exception") WHERE "exception" <> '00000000-0000-0000-0000-000000000000';
COMMENT ON COLUMN "decision_hour"."exception" IS 'The exception that spared it; the nil UUID for none.';

CREATE TABLE "series_hour" (
  "use_case_id" uuid NOT NULL,
  "hour" timestamptz(0) NOT NULL,
  "outcome" text NOT NULL,
  "would_be" text NOT NULL,
  "shard" text NOT NULL,
  "n" bigint NOT NULL,
  "latency" bigint[] NOT NULL,
  PRIMARY KEY ("use_case_id", "hour", "outcome", "would_be", "shard")
);
CREATE TABLE "control_hour" (
  "use_case_id" uuid NOT NULL,
  "hour" timestamptz(0) NOT NULL,
  "control" text NOT NULL,
  "level" text NOT NULL,
  "effect" text NOT NULL,
  "shard" text NOT NULL,
  "n" bigint NOT NULL,
  PRIMARY KEY ("use_case_id", "hour", "control", "level", "effect", "shard")
);
CREATE TABLE "dimension_hour" (
  "use_case_id" uuid NOT NULL,
  "hour" timestamptz(0) NOT NULL,
  "dimension" text NOT NULL,
  "value" text NOT NULL,
  "outcome" text NOT NULL,
  "would_be" text NOT NULL,
  "shard" text NOT NULL,
  "n" bigint NOT NULL,
  PRIMARY KEY ("use_case_id", "hour", "dimension", "value", "outcome", "would_be", "shard")
);
CREATE INDEX "series_hour_by_hour" ON "series_hour" ("hour");
CREATE INDEX "control_hour_by_hour" ON "control_hour" ("hour");
CREATE INDEX "dimension_hour_by_value" ON "dimension_hour" ("dimension", "value", "hour");

CREATE FUNCTION "add_counts"("a" bigint[], "b" bigint[]) RETURNS bigint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_agg(coalesce(x, 0) + coalesce(y, 0) ORDER BY i) FROM unnest("a", "b") WITH ORDINALITY AS t(x, y, i)
$$;

-- Which decision points were up in which hour: an hour without one is a gap in telemetry, not a zero.
CREATE TABLE "decision_point" (
  "name" text PRIMARY KEY,
  "started_at" timestamptz(3) NOT NULL,
  "seen_at" timestamptz(3) NOT NULL,
  "snapshot" bigint NOT NULL
);
CREATE TABLE "decision_point_hour" (
  "hour" timestamptz(0) NOT NULL,
  "name" text NOT NULL,
  PRIMARY KEY ("hour", "name")
);

CREATE TRIGGER "append_only" BEFORE UPDATE ON "decision" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
