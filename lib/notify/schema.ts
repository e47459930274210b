import { z } from "zod";
import { pageSchema, slugSchema } from "@/lib/schema";

/** What people are told of. Topics (rules.ts) say it more exactly; people choose by kind. */
export const NOTICE_KINDS = [
  "waiting",
  "decided",
  "expiring",
  "overdue",
  "broke_glass",
  "stepped_down",
  "drift",
  "credential_expiring",
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

export const MAIL_CHOICES = ["at_once", "daily", "off"] as const;
export type MailChoice = (typeof MAIL_CHOICES)[number];

const kindSchema = z.enum(NOTICE_KINDS);

export const listNoticesSchema = pageSchema.extend({
  /** `waiting`: what still waits on the reader; `unread`: not read and not over; `all`. */
  show: z.enum(["waiting", "unread", "all"]).default("all"),
  kind: kindSchema.optional(),
});

export const setPreferenceSchema = z.strictObject({
  kind: kindSchema,
  mail: z.enum(MAIL_CHOICES),
  inbox: z.boolean(),
});

const webhookFields = {
  url: z.url({ protocol: /^https?$/, error: "must be an https URL" }).max(2000),
  /** Empty: every kind. */
  kinds: z.array(kindSchema).max(NOTICE_KINDS.length),
  /** Slugs; empty: every use case, and what belongs to none. */
  useCases: z.array(slugSchema).max(200),
};

export const addWebhookSchema = z.strictObject(webhookFields);
/** `enabled` false stops deliveries until it is true again. */
export const changeWebhookSchema = z.strictObject({ ...webhookFields, enabled: z.boolean() });

export const listDeliveriesSchema = pageSchema.extend({
  state: z.enum(["waiting", "done", "dead"]).optional(),
});

export type ListNoticesInput = z.infer<typeof listNoticesSchema>;
export type SetPreferenceInput = z.infer<typeof setPreferenceSchema>;
export type AddWebhookInput = z.infer<typeof addWebhookSchema>;
export type ChangeWebhookInput = z.infer<typeof changeWebhookSchema>;
export type ListDeliveriesInput = z.infer<typeof listDeliveriesSchema>;
