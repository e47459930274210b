-- An approved exception may be made to end earlier than its approver agreed to, never later.

-- CreateTable
CREATE TABLE "exception_shortening" (
    "id" UUID NOT NULL,
    "exception_id" UUID NOT NULL,
    "revision" INTEGER NOT NULL,
    "from_at" TIMESTAMPTZ(3) NOT NULL,
    "to_at" TIMESTAMPTZ(3) NOT NULL,
    "by_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "exception_shortening_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "exception_shortening_exception_id_revision_key" ON "exception_shortening"("exception_id", "revision");

-- AddForeignKey
ALTER TABLE "exception_shortening" ADD CONSTRAINT "exception_shortening_exception_id_fkey" FOREIGN KEY ("exception_id") REFERENCES "policy_exception"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "exception_shortening" ADD CONSTRAINT "exception_shortening_by_id_fkey" FOREIGN KEY ("by_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What must never be, whoever asks. It ends after the moment at which that is said, so that nothing is changed of what was.
ALTER TABLE "exception_shortening"
  ADD CONSTRAINT "exception_shortening_shortens" CHECK ("to_at" < "from_at" AND "to_at" > "at"),
  ADD CONSTRAINT "exception_shortening_has_a_reason" CHECK (char_length("reason") > 0);

CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE ON "exception_shortening" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "no_truncate" BEFORE TRUNCATE ON "exception_shortening" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

-- The terms stay as before; the expiry of an approved one becomes an earlier one only together with the record of it.
CREATE OR REPLACE FUNCTION "policy_exception_keeps_its_terms"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  new_owner boolean := ROW(NEW."risk_owner_id", NEW."business_owner_id") IS DISTINCT FROM ROW(OLD."risk_owner_id", OLD."business_owner_id");
  new_expiry boolean := NEW."expires_at" IS DISTINCT FROM OLD."expires_at";
BEGIN
  IF OLD."status" IN ('rejected', 'withdrawn', 'revoked', 'retired') THEN
    RAISE EXCEPTION 'exception % is over', OLD."ref" USING ERRCODE = 'restrict_violation';
  END IF;
  IF ROW(NEW."ref", NEW."use_case_id", NEW."requested_by_id", NEW."renews_id", NEW."root_id")
      IS DISTINCT FROM ROW(OLD."ref", OLD."use_case_id", OLD."requested_by_id", OLD."renews_id", OLD."root_id")
    OR (OLD."status" <> 'draft'
      AND ROW(NEW."controls", NEW."scope", NEW."justification", NEW."compensating_controls", NEW."category", NEW."starts_at")
        IS DISTINCT FROM ROW(OLD."controls", OLD."scope", OLD."justification", OLD."compensating_controls", OLD."category", OLD."starts_at"))
    OR (OLD."status" = 'submitted' AND new_expiry)
    OR (NEW."terms_digest" <> OLD."terms_digest" AND (OLD."status" = 'approved' OR (OLD."status" = 'submitted' AND NOT new_owner))) THEN
    RAISE EXCEPTION 'the terms of exception % do not change', OLD."ref" USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD."status" = 'approved' AND new_expiry AND NOT (NEW."status" = 'approved' AND EXISTS (
    SELECT 1 FROM "exception_shortening" s WHERE s."exception_id" = NEW."id" AND s."revision" = NEW."revision" AND NEW."revision" > OLD."revision"
      AND s."from_at" = OLD."expires_at" AND s."to_at" = NEW."expires_at")) THEN
    RAISE EXCEPTION 'the terms of exception % do not change: an expiry is only shortened', OLD."ref" USING ERRCODE = 'restrict_violation';
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
