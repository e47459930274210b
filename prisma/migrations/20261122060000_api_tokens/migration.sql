-- Personal access tokens: what a person lets a program do in their name, for a limited time. Only a hash is kept.
CREATE TABLE "api_token" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "label" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "secret_hash" BYTEA NOT NULL,
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "revoked_by_id" UUID,

    CONSTRAINT "api_token_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "api_token_hash_is_a_digest" CHECK (length("secret_hash") = 32),
    CONSTRAINT "api_token_prefix_is_short" CHECK ("prefix" ~ '^[a-z0-9]{8}$'),
    CONSTRAINT "api_token_scopes_are_known" CHECK (cardinality("scopes") > 0 AND "scopes" <@ ARRAY['read', 'propose']),
    CONSTRAINT "api_token_ends_within_a_year" CHECK ("expires_at" > "created_at" AND "expires_at" <= "created_at" + interval '366 days')
);
CREATE UNIQUE INDEX "api_token_prefix_key" ON "api_token"("prefix");
CREATE INDEX "api_token_person_id_idx" ON "api_token"("person_id");
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_revoked_by_id_fkey" FOREIGN KEY ("revoked_by_id") REFERENCES "person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What a token is does not change: it is used, and it is revoked once. Its row stays.
CREATE FUNCTION "api_token_only_ends"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF ROW(NEW."id", NEW."person_id", NEW."label", NEW."prefix", NEW."secret_hash", NEW."scopes", NEW."created_at", NEW."expires_at")
    IS DISTINCT FROM ROW(OLD."id", OLD."person_id", OLD."label", OLD."prefix", OLD."secret_hash", OLD."scopes", OLD."created_at", OLD."expires_at")
    OR (OLD."revoked_at" IS NOT NULL
      AND ROW(NEW."revoked_at", NEW."revoked_by_id") IS DISTINCT FROM ROW(OLD."revoked_at", OLD."revoked_by_id")) THEN
    RAISE EXCEPTION 'a token only ends, once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "only_ends" BEFORE UPDATE ON "api_token" FOR EACH ROW EXECUTE FUNCTION "api_token_only_ends"();
CREATE TRIGGER "append_only" BEFORE DELETE ON "api_token" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "no_truncate" BEFORE TRUNCATE ON "api_token" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
