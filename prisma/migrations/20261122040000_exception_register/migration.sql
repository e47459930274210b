-- Exceptions: renewals that point back, owners who are replaced, use counted for each, campaigns of reviews.

-- AlterTable
ALTER TABLE "policy_exception" ADD COLUMN "renews_id" UUID,
ADD COLUMN "root_id" UUID,
ADD COLUMN "revision" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "exception_reassignment" (
    "id" UUID NOT NULL,
    "exception_id" UUID NOT NULL,
    "revision" INTEGER NOT NULL,
    "owner" TEXT NOT NULL,
    "from_id" UUID NOT NULL,
    "to_id" UUID NOT NULL,
    "by_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "exception_reassignment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "exception_campaign" (
    "id" UUID NOT NULL,
    "ref" SERIAL NOT NULL,
    "title" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "filter" JSONB NOT NULL,
    "started_by_id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "exception_campaign_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "campaign_item" (
    "campaign_id" UUID NOT NULL,
    "exception_id" UUID NOT NULL,

    CONSTRAINT "campaign_item_pkey" PRIMARY KEY ("campaign_id","exception_id")
);

-- CreateIndex
CREATE INDEX "policy_exception_root_id_idx" ON "policy_exception"("root_id");

-- CreateIndex
CREATE UNIQUE INDEX "exception_reassignment_exception_id_revision_key" ON "exception_reassignment"("exception_id", "revision");

-- CreateIndex
CREATE UNIQUE INDEX "exception_campaign_ref_key" ON "exception_campaign"("ref");

-- CreateIndex
CREATE INDEX "campaign_item_exception_id_idx" ON "campaign_item"("exception_id");

-- AddForeignKey
ALTER TABLE "policy_exception" ADD CONSTRAINT "policy_exception_renews_id_fkey" FOREIGN KEY ("renews_id") REFERENCES "policy_exception"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "policy_exception" ADD CONSTRAINT "policy_exception_root_id_fkey" FOREIGN KEY ("root_id") REFERENCES "policy_exception"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "exception_reassignment" ADD CONSTRAINT "exception_reassignment_exception_id_fkey" FOREIGN KEY ("exception_id") REFERENCES "policy_exception"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "exception_reassignment" ADD CONSTRAINT "exception_reassignment_from_id_fkey" FOREIGN KEY ("from_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "exception_reassignment" ADD CONSTRAINT "exception_reassignment_to_id_fkey" FOREIGN KEY ("to_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "exception_reassignment" ADD CONSTRAINT "exception_reassignment_by_id_fkey" FOREIGN KEY ("by_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "exception_campaign" ADD CONSTRAINT "exception_campaign_started_by_id_fkey" FOREIGN KEY ("started_by_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign_item" ADD CONSTRAINT "campaign_item_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "exception_campaign"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign_item" ADD CONSTRAINT "campaign_item_exception_id_fkey" FOREIGN KEY ("exception_id") REFERENCES "policy_exception"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What must never be, whoever asks.

ALTER TABLE "policy_exception"
  ADD CONSTRAINT "policy_exception_chain_has_a_root" CHECK (("renews_id" IS NULL) = ("root_id" IS NULL)),
  ADD CONSTRAINT "policy_exception_renews_another" CHECK ("renews_id" <> "id" AND "root_id" <> "id");

ALTER TABLE "exception_reassignment"
  ADD CONSTRAINT "exception_reassignment_of_an_owner" CHECK ("owner" IN ('risk_owner', 'business_owner')),
  ADD CONSTRAINT "exception_reassignment_replaces" CHECK ("from_id" <> "to_id"),
  ADD CONSTRAINT "exception_reassignment_has_a_reason" CHECK (char_length("reason") > 0);
ALTER TABLE "exception_campaign"
  ADD CONSTRAINT "exception_campaign_is_due_later" CHECK ("due_at" > "started_at");

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['exception_reassignment', 'exception_campaign', 'campaign_item'] LOOP
    EXECUTE format('CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION "refuse_change"()', name);
    EXECUTE format('CREATE TRIGGER "no_truncate" BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"()', name);
  END LOOP;
END $$;

-- A renewal follows an approved exception of the same use case, its chain begins where that one's does, and there is one
-- renewal at a time.
CREATE FUNCTION "policy_exception_follows"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE renewed "policy_exception";
BEGIN
  SELECT * INTO renewed FROM "policy_exception" WHERE "id" = NEW."renews_id" FOR UPDATE;
  IF renewed."status" <> 'approved' OR renewed."use_case_id" <> NEW."use_case_id" OR coalesce(renewed."root_id", renewed."id") <> NEW."root_id" THEN
    RAISE EXCEPTION 'exception % cannot be renewed so', renewed."ref" USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM "policy_exception" WHERE "renews_id" = NEW."renews_id" AND "status" IN ('draft', 'submitted', 'approved')) THEN
    RAISE EXCEPTION 'exception % has a renewal', renewed."ref" USING ERRCODE = 'unique_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "follows" BEFORE INSERT ON "policy_exception" FOR EACH ROW WHEN (NEW."renews_id" IS NOT NULL) EXECUTE FUNCTION "policy_exception_follows"();

-- The terms stay as before; an owner is replaced only together with the record of it, and of a submitted one that makes
-- other terms. Who owned it, or replaced an owner, before the decision does not decide.
CREATE OR REPLACE FUNCTION "policy_exception_keeps_its_terms"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  new_owner boolean := ROW(NEW."risk_owner_id", NEW."business_owner_id") IS DISTINCT FROM ROW(OLD."risk_owner_id", OLD."business_owner_id");
BEGIN
  IF OLD."status" IN ('rejected', 'withdrawn', 'revoked', 'retired') THEN
    RAISE EXCEPTION 'exception % is over', OLD."ref" USING ERRCODE = 'restrict_violation';
  END IF;
  IF ROW(NEW."ref", NEW."use_case_id", NEW."requested_by_id", NEW."renews_id", NEW."root_id")
      IS DISTINCT FROM ROW(OLD."ref", OLD."use_case_id", OLD."requested_by_id", OLD."renews_id", OLD."root_id")
    OR (OLD."status" <> 'draft'
      AND ROW(NEW."controls", NEW."scope", NEW."justification", NEW."compensating_controls", NEW."category", NEW."starts_at", NEW."expires_at")
        IS DISTINCT FROM ROW(OLD."controls", OLD."scope", OLD."justification", OLD."compensating_controls", OLD."category", OLD."starts_at", OLD."expires_at"))
    OR (NEW."terms_digest" <> OLD."terms_digest" AND (OLD."status" = 'approved' OR (OLD."status" = 'submitted' AND NOT new_owner))) THEN
    RAISE EXCEPTION 'the terms of exception % do not change', OLD."ref" USING ERRCODE = 'restrict_violation';
  END IF;
  IF new_owner AND NOT EXISTS (
    SELECT 1 FROM "exception_reassignment" r WHERE r."exception_id" = NEW."id" AND r."revision" = NEW."revision" AND NEW."revision" > OLD."revision"
      AND ((r."owner" = 'risk_owner' AND r."from_id" = OLD."risk_owner_id" AND r."to_id" = NEW."risk_owner_id" AND NEW."business_owner_id" = OLD."business_owner_id")
        OR (r."owner" = 'business_owner' AND r."from_id" = OLD."business_owner_id" AND r."to_id" = NEW."business_owner_id" AND NEW."risk_owner_id" = OLD."risk_owner_id"))) THEN
    RAISE EXCEPTION 'the terms of exception % do not change: an owner is replaced by reassignment', OLD."ref" USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW."decided_by_id" IS DISTINCT FROM OLD."decided_by_id" AND EXISTS (
    SELECT 1 FROM "exception_reassignment" r WHERE r."exception_id" = NEW."id" AND NEW."decided_by_id" IN (r."from_id", r."to_id", r."by_id")) THEN
    RAISE EXCEPTION 'who owned exception %, or replaced an owner, does not decide on it', OLD."ref" USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

-- How often each exception spared: a decision counts once for every exception that spared a finding of it.
CREATE TABLE "exception_hour" (
  "use_case_id" uuid NOT NULL,
  "exception" uuid NOT NULL,
  "hour" timestamptz(0) NOT NULL,
  "shard" text NOT NULL,
  "n" bigint NOT NULL,
  PRIMARY KEY ("use_case_id", "exception", "hour", "shard")
);
COMMENT ON TABLE "exception_hour" IS 'Decisions that an exception spared, by hour; decision_hour names one exception for each decision.';

-- What is recorded so far: from the decisions where they are kept, else from the hours.
INSERT INTO "exception_hour" ("use_case_id", "exception", "hour", "shard", "n")
SELECT "use_case_id", e, date_bin('1 hour', "decided_at", timestamptz '1970-01-01 00:00:00Z'), 'before', count(*)
FROM "decision", unnest("exceptions") AS e WHERE cardinality("exceptions") > 0
GROUP BY 1, 2, 3;
INSERT INTO "exception_hour" ("use_case_id", "exception", "hour", "shard", "n")
SELECT h."use_case_id", h."exception", h."hour", 'before', sum(h."n") FROM "decision_hour" h
WHERE h."exception" <> '00000000-0000-0000-0000-000000000000'
  AND NOT EXISTS (SELECT 1 FROM "decision" d WHERE d."use_case_id" = h."use_case_id" AND d."decided_at" >= h."hour" AND d."decided_at" < h."hour" + interval '1 hour')
GROUP BY 1, 2, 3;
