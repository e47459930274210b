-- Who issues tokens that workloads may show, whose they are, and which task credentials are dead before their time.

CREATE TABLE "federated_issuer" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "issuer" TEXT NOT NULL,
    "jwks_uri" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "federated_issuer_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "federated_issuer_is_a_url" CHECK ("issuer" ~ '^https?://')
);
CREATE INDEX "federated_issuer_issuer_idx" ON "federated_issuer"("issuer");

CREATE TABLE "workload_federation" (
    "id" UUID NOT NULL,
    "workload_id" UUID NOT NULL,
    "issuer_id" UUID NOT NULL,
    "audience" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "workload_federation_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "workload_federation_names_somebody" CHECK (length("audience") > 0 AND length("subject") > 0)
);
CREATE INDEX "workload_federation_workload_id_idx" ON "workload_federation"("workload_id");
CREATE INDEX "workload_federation_issuer_id_audience_idx" ON "workload_federation"("issuer_id", "audience");
ALTER TABLE "workload_federation" ADD CONSTRAINT "workload_federation_workload_id_fkey" FOREIGN KEY ("workload_id") REFERENCES "workload"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "workload_federation" ADD CONSTRAINT "workload_federation_issuer_id_fkey" FOREIGN KEY ("issuer_id") REFERENCES "federated_issuer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Task credentials issued before this instant are dead.
ALTER TABLE "workload" ADD COLUMN "tasks_valid_from" TIMESTAMPTZ(3);

CREATE TABLE "revoked_token" (
    "jti_hash" BYTEA NOT NULL,
    "workload_id" UUID NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "revoked_token_pkey" PRIMARY KEY ("jti_hash"),
    CONSTRAINT "revoked_token_is_a_digest" CHECK (length("jti_hash") = 32)
);
CREATE INDEX "revoked_token_expires_at_idx" ON "revoked_token"("expires_at");
ALTER TABLE "revoked_token" ADD CONSTRAINT "revoked_token_workload_id_fkey" FOREIGN KEY ("workload_id") REFERENCES "workload"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What an issuer or a binding says is what was agreed to: it ends, it does not change.
CREATE FUNCTION "identity_only_ends"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ended text := TG_ARGV[0];
BEGIN
  IF to_jsonb(NEW) - ended IS DISTINCT FROM to_jsonb(OLD) - ended OR to_jsonb(OLD) ->> ended IS NOT NULL THEN
    RAISE EXCEPTION '% only ends, once', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "only_ends" BEFORE UPDATE ON "federated_issuer" FOR EACH ROW EXECUTE FUNCTION "identity_only_ends"('retired_at');
CREATE TRIGGER "only_ends" BEFORE UPDATE ON "workload_federation" FOR EACH ROW EXECUTE FUNCTION "identity_only_ends"('removed_at');

-- Decision points hear of all of it. That expired rows are swept away is no news.
CREATE TRIGGER "announce" AFTER INSERT OR UPDATE OR DELETE ON "federated_issuer" FOR EACH STATEMENT EXECUTE FUNCTION "announce_snapshot"();
CREATE TRIGGER "announce" AFTER INSERT OR UPDATE OR DELETE ON "workload_federation" FOR EACH STATEMENT EXECUTE FUNCTION "announce_snapshot"();
CREATE TRIGGER "announce" AFTER INSERT OR UPDATE ON "revoked_token" FOR EACH STATEMENT EXECUTE FUNCTION "announce_snapshot"();
