-- Requests that a policy holds until a person decides.

CREATE TYPE "approval_verdict" AS ENUM ('granted', 'denied');

CREATE TABLE "approval_request" (
    "id" UUID NOT NULL,
    "ref" SERIAL NOT NULL,
    "use_case_id" UUID NOT NULL,
    "workload_id" UUID NOT NULL,
    "decision_id" UUID NOT NULL,
    "request_digest" BYTEA NOT NULL,
    "controls" TEXT[],
    "asked" JSONB NOT NULL,
    "excerpt" TEXT,
    "synthetic" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "verdict" "approval_verdict",
    "decided_by_id" UUID,
    "decided_at" TIMESTAMPTZ(3),
    "reason" TEXT,
    "used_at" TIMESTAMPTZ(3),
    "used_decision_id" UUID,

    CONSTRAINT "approval_request_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "approval_request_asks_for_something" CHECK (cardinality("controls") > 0),
    CONSTRAINT "approval_request_ends" CHECK ("expires_at" > "created_at"),
    CONSTRAINT "approval_request_verdict_has_a_decider" CHECK (num_nulls("verdict", "decided_by_id", "decided_at", "reason") IN (0, 4)),
    CONSTRAINT "approval_request_reason_says_something" CHECK (length("reason") > 0),
    CONSTRAINT "approval_request_decided_in_time" CHECK ("decided_at" < "expires_at"),
    CONSTRAINT "approval_request_use_is_whole" CHECK (num_nulls("used_at", "used_decision_id") IN (0, 2)),
    CONSTRAINT "approval_request_only_a_grant_is_used" CHECK ("used_at" IS NULL OR ("verdict" IS NOT NULL AND "verdict" = 'granted' AND "used_at" < "expires_at"))
);
CREATE UNIQUE INDEX "approval_request_ref_key" ON "approval_request"("ref");
CREATE INDEX "approval_request_workload_id_use_case_id_request_digest_exp_idx" ON "approval_request"("workload_id", "use_case_id", "request_digest", "expires_at");
CREATE INDEX "approval_request_expires_at_idx" ON "approval_request"("expires_at");
ALTER TABLE "approval_request" ADD CONSTRAINT "approval_request_use_case_id_fkey" FOREIGN KEY ("use_case_id") REFERENCES "use_case"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "approval_request" ADD CONSTRAINT "approval_request_workload_id_fkey" FOREIGN KEY ("workload_id") REFERENCES "workload"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "approval_request" ADD CONSTRAINT "approval_request_decided_by_id_fkey" FOREIGN KEY ("decided_by_id") REFERENCES "person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

CREATE TABLE "approval_decision" (
    "decision_id" UUID NOT NULL,
    "approval_id" UUID NOT NULL,

    CONSTRAINT "approval_decision_pkey" PRIMARY KEY ("decision_id")
);
CREATE INDEX "approval_decision_approval_id_idx" ON "approval_decision"("approval_id");
ALTER TABLE "approval_decision" ADD CONSTRAINT "approval_decision_approval_id_fkey" FOREIGN KEY ("approval_id") REFERENCES "approval_request"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What was asked never changes; it is decided once and used once. An excerpt may be taken away when content is due to go.
CREATE FUNCTION "approval_request_keeps_its_word"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF ROW(NEW."id", NEW."ref", NEW."use_case_id", NEW."workload_id", NEW."decision_id", NEW."request_digest", NEW."controls",
      NEW."asked", NEW."synthetic", NEW."created_at", NEW."expires_at")
    IS DISTINCT FROM ROW(OLD."id", OLD."ref", OLD."use_case_id", OLD."workload_id", OLD."decision_id", OLD."request_digest", OLD."controls",
      OLD."asked", OLD."synthetic", OLD."created_at", OLD."expires_at")
    OR (NEW."excerpt" IS NOT NULL AND NEW."excerpt" IS DISTINCT FROM OLD."excerpt") THEN
    RAISE EXCEPTION 'what held request % asks for does not change', OLD."ref" USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD."verdict" IS NOT NULL AND ROW(NEW."verdict", NEW."decided_by_id", NEW."decided_at", NEW."reason")
    IS DISTINCT FROM ROW(OLD."verdict", OLD."decided_by_id", OLD."decided_at", OLD."reason") THEN
    RAISE EXCEPTION 'held request % is decided', OLD."ref" USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD."used_at" IS NOT NULL AND ROW(NEW."used_at", NEW."used_decision_id") IS DISTINCT FROM ROW(OLD."used_at", OLD."used_decision_id") THEN
    RAISE EXCEPTION 'the grant of held request % is used', OLD."ref" USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "keeps_its_word" BEFORE UPDATE ON "approval_request" FOR EACH ROW EXECUTE FUNCTION "approval_request_keeps_its_word"();
CREATE TRIGGER "append_only" BEFORE DELETE ON "approval_request" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "no_truncate" BEFORE TRUNCATE ON "approval_request" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

-- A held request begins undecided.
CREATE FUNCTION "approval_request_begins_open"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."verdict" IS NOT NULL OR NEW."used_at" IS NOT NULL THEN
    RAISE EXCEPTION 'a held request begins undecided' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "begins_open" BEFORE INSERT ON "approval_request" FOR EACH ROW EXECUTE FUNCTION "approval_request_begins_open"();

CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE ON "approval_decision" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "no_truncate" BEFORE TRUNCATE ON "approval_decision" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
