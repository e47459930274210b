import { z } from "zod";
import { slugSchema, text } from "@/lib/schema";

/** Kinds of services that are spoken to; `lib/detect/outside` has an adapter for each. */
export const DETECTOR_KINDS = [
  "openai-moderation",
  "lakera",
  "azure-content-safety",
  "presidio",
  "http-template",
] as const;

export const setUpDetectorSchema = z.strictObject({
  kind: z.enum(DETECTOR_KINDS),
  url: z.url({ protocol: /^https?$/, error: "must be an https URL" }).max(2000),
  /** Its key; left out, the one that was given before stays. */
  secret: text(4000).optional(),
  /** For all calls of one request, in milliseconds. */
  timeoutMs: z.int().min(50, "at least 50 ms").max(5000, "at most 5,000 ms"),
  /** Depends on the kind. */
  options: z.record(z.string(), z.unknown()).default({}),
});

export type SetUpDetectorInput = z.infer<typeof setUpDetectorSchema>;

export const detectorNameSchema = slugSchema;

export const retireDetectorSchema = z.strictObject({ reason: text(500) });

export type RetireDetectorInput = z.infer<typeof retireDetectorSchema>;
