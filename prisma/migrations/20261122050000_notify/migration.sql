-- Telling people: notifications made from the audit log, their mails, and webhooks.

-- How far the audit log has been read. It starts at the newest entry: nobody is told of the past.
CREATE TABLE "notify_cursor" (
    "id" INTEGER NOT NULL,
    "number" BIGINT NOT NULL,

    CONSTRAINT "notify_cursor_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "notify_cursor_is_one" CHECK ("id" = 1)
);
INSERT INTO "notify_cursor" SELECT 1, coalesce(max("number"), 0) FROM "audit_entry";

CREATE TABLE "mail_delivery" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3),
    "sent_at" TIMESTAMPTZ(3),
    "dead_at" TIMESTAMPTZ(3),
    "problem" TEXT,

    CONSTRAINT "mail_delivery_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "mail_delivery_ends_one_way" CHECK (num_nonnulls("next_attempt_at", "sent_at", "dead_at") = 1)
);
CREATE INDEX "mail_delivery_next_attempt_at_idx" ON "mail_delivery"("next_attempt_at");
CREATE INDEX "mail_delivery_person_id_kind_created_at_idx" ON "mail_delivery"("person_id", "kind", "created_at");
ALTER TABLE "mail_delivery" ADD CONSTRAINT "mail_delivery_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "notification" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "subject_kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "ref" TEXT NOT NULL,
    "use_case" TEXT,
    "title" TEXT NOT NULL,
    "href" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "read_at" TIMESTAMPTZ(3),
    "in_inbox" BOOLEAN NOT NULL,
    "mail" TEXT NOT NULL,
    "mail_delivery_id" UUID,

    CONSTRAINT "notification_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "notification_mail_is_chosen" CHECK ("mail" IN ('at_once', 'daily', 'off')),
    CONSTRAINT "notification_stays_in_the_console" CHECK ("href" LIKE '/%' AND "href" NOT LIKE '//%')
);
CREATE UNIQUE INDEX "notification_person_id_key_key" ON "notification"("person_id", "key");
CREATE INDEX "notification_person_id_read_at_idx" ON "notification"("person_id", "read_at");
CREATE INDEX "notification_mail_delivery_id_mail_idx" ON "notification"("mail_delivery_id", "mail");
CREATE INDEX "notification_topic_subject_id_idx" ON "notification"("topic", "subject_id");
ALTER TABLE "notification" ADD CONSTRAINT "notification_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "notification" ADD CONSTRAINT "notification_mail_delivery_id_fkey" FOREIGN KEY ("mail_delivery_id") REFERENCES "mail_delivery"("id") ON DELETE SET NULL ON UPDATE CASCADE;

CREATE TABLE "notification_preference" (
    "person_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "mail" TEXT NOT NULL,
    "inbox" BOOLEAN NOT NULL,

    CONSTRAINT "notification_preference_pkey" PRIMARY KEY ("person_id", "kind"),
    CONSTRAINT "notification_preference_mail_is_chosen" CHECK ("mail" IN ('at_once', 'daily', 'off'))
);
ALTER TABLE "notification_preference" ADD CONSTRAINT "notification_preference_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "webhook_endpoint" (
    "id" UUID NOT NULL,
    "url" TEXT NOT NULL,
    "kinds" TEXT[],
    "use_cases" TEXT[],
    "secret" BYTEA,
    "previous_secret" BYTEA,
    "previous_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "disabled_at" TIMESTAMPTZ(3),
    "disabled_reason" TEXT,
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_endpoint_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "webhook_endpoint_keeps_its_secret_until_removed" CHECK (("secret" IS NULL) = ("removed_at" IS NOT NULL)),
    CONSTRAINT "webhook_endpoint_previous_secret_ends" CHECK (num_nulls("previous_secret", "previous_until") IN (0, 2))
);

CREATE TABLE "webhook_delivery" (
    "id" UUID NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "payload" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3),
    "delivered_at" TIMESTAMPTZ(3),
    "dead_at" TIMESTAMPTZ(3),
    "status" INTEGER,
    "problem" TEXT,

    CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "webhook_delivery_ends_one_way" CHECK (num_nonnulls("next_attempt_at", "delivered_at", "dead_at") = 1)
);
CREATE UNIQUE INDEX "webhook_delivery_endpoint_id_key_key" ON "webhook_delivery"("endpoint_id", "key");
CREATE INDEX "webhook_delivery_next_attempt_at_idx" ON "webhook_delivery"("next_attempt_at");
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "webhook_endpoint"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
