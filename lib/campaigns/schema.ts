import { z } from "zod";
import { exceptionFilterSchema } from "@/lib/exceptions/schema";
import { instantSchema, pageSchema, text } from "@/lib/schema";

export const startCampaignSchema = z.strictObject({
  title: text(120),
  /** What the reviewers should look at. */
  note: text(2000, 0).default(""),
  dueAt: instantSchema,
  /** The register's filter; of what it lets through, everything approved that has not ended is asked about. */
  filter: exceptionFilterSchema.omit({ sort: true }).default({}),
});

export const listCampaignsSchema = pageSchema.extend({
  /** `open`: something is left to do. */
  state: z.enum(["open", "done"]).optional(),
});

export type StartCampaignInput = z.input<typeof startCampaignSchema>;
export type ListCampaignsInput = z.infer<typeof listCampaignsSchema>;
