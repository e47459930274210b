-- Decisions, their batches and what people agreed to stay as they were recorded, whoever asks.

-- A decision goes only with its day: retention drops whole partitions.
DROP TRIGGER "append_only" ON "decision";
CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE ON "decision" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "no_truncate" BEFORE TRUNCATE ON "decision" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

-- Triggers on statements are not inherited, so each partition has its own.
CREATE OR REPLACE FUNCTION "ensure_decision_partition"("day" date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE name text := 'decision_' || to_char("day", 'YYYYMMDD');
BEGIN
  IF to_regclass(quote_ident(name)) IS NULL THEN
    PERFORM pg_advisory_xact_lock(hashtext('sluice partition'));
    -- Another may have made it while this one waited; to_regclass would answer from before.
    IF EXISTS (SELECT 1 FROM pg_class WHERE "relname" = name AND "relnamespace" = (SELECT "relnamespace" FROM pg_class WHERE "oid" = 'decision'::regclass)) THEN RETURN; END IF;
    EXECUTE format('CREATE TABLE %I PARTITION OF "decision" FOR VALUES FROM (%L) TO (%L)',
      name, "day"::timestamp AT TIME ZONE 'UTC', ("day" + 1)::timestamp AT TIME ZONE 'UTC');
    EXECUTE format('CREATE TRIGGER "no_truncate" BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"()', name);
  END IF;
END $$;

DO $$
DECLARE name regclass;
BEGIN
  FOR name IN SELECT "inhrelid"::regclass FROM pg_inherits WHERE "inhparent" = 'decision'::regclass LOOP
    EXECUTE format('CREATE TRIGGER "no_truncate" BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"()', name);
  END LOOP;
END $$;

-- Facts go with retention, but what a digest stands for never changes.
CREATE TRIGGER "append_only" BEFORE UPDATE ON "fact" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();

-- A batch is anchored once, and that is all that happens to it.
CREATE FUNCTION "decision_batch_is_anchored_once"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD."anchored_by" IS NULL AND NEW."anchored_by" IS NOT NULL
    AND ROW(NEW."id", NEW."use_case_id", NEW."first_at", NEW."last_at", NEW."n", NEW."digest")
      IS NOT DISTINCT FROM ROW(OLD."id", OLD."use_case_id", OLD."first_at", OLD."last_at", OLD."n", OLD."digest") THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'decision_batch is append-only: a batch is anchored once' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER "anchored_once" BEFORE UPDATE ON "decision_batch" FOR EACH ROW EXECUTE FUNCTION "decision_batch_is_anchored_once"();
CREATE TRIGGER "append_only" BEFORE DELETE ON "decision_batch" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "no_truncate" BEFORE TRUNCATE ON "decision_batch" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

-- The terms of an exception are what was agreed to: fixed from its submission, and kept when it is over.
CREATE FUNCTION "policy_exception_keeps_its_terms"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD."status" IN ('rejected', 'withdrawn', 'revoked', 'retired') THEN
    RAISE EXCEPTION 'exception % is over', OLD."ref" USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD."status" <> 'draft'
    AND ROW(NEW."ref", NEW."use_case_id", NEW."controls", NEW."scope", NEW."justification", NEW."compensating_controls",
        NEW."category", NEW."risk_owner_id", NEW."business_owner_id", NEW."starts_at", NEW."expires_at",
        NEW."requested_by_id", NEW."terms_digest")
      IS DISTINCT FROM ROW(OLD."ref", OLD."use_case_id", OLD."controls", OLD."scope", OLD."justification", OLD."compensating_controls",
        OLD."category", OLD."risk_owner_id", OLD."business_owner_id", OLD."starts_at", OLD."expires_at",
        OLD."requested_by_id", OLD."terms_digest") THEN
    RAISE EXCEPTION 'the terms of exception % do not change', OLD."ref" USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "keeps_its_terms" BEFORE UPDATE ON "policy_exception" FOR EACH ROW EXECUTE FUNCTION "policy_exception_keeps_its_terms"();
CREATE TRIGGER "append_only" BEFORE DELETE ON "policy_exception" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "no_truncate" BEFORE TRUNCATE ON "policy_exception" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

-- Whose request a change is never moves, or a requester could approve it; a closed one stays as it was closed.
CREATE FUNCTION "change_request_keeps_its_requester"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD."status" IN ('applied', 'rejected', 'withdrawn') THEN
    RAISE EXCEPTION 'change % is closed', OLD."ref" USING ERRCODE = 'restrict_violation';
  END IF;
  IF ROW(NEW."ref", NEW."use_case_id", NEW."requested_by_id") IS DISTINCT FROM ROW(OLD."ref", OLD."use_case_id", OLD."requested_by_id") THEN
    RAISE EXCEPTION 'change % keeps its use case and its requester', OLD."ref" USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "keeps_its_requester" BEFORE UPDATE ON "change_request" FOR EACH ROW EXECUTE FUNCTION "change_request_keeps_its_requester"();
CREATE TRIGGER "append_only" BEFORE DELETE ON "change_request" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "no_truncate" BEFORE TRUNCATE ON "change_request" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
