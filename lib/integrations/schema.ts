import { z } from "zod";

/** Clients that a canary can be sent as: those that can stop what is blocked. */
export const CANARY_CLIENTS = [
  "native-shell",
  "native-typescript",
  "portkey",
  "litellm",
  "lakera",
  "openai-moderation",
  "authzen",
] as const;

export type CanaryClient = (typeof CANARY_CLIENTS)[number];

export const sendCanarySchema = z.strictObject({
  /** As which client it is sent. */
  client: z.enum(CANARY_CLIENTS),
  /** Used once, and kept nowhere. */
  credential: z
    .string()
    .trim()
    .min(1, "must not be empty")
    .max(4000, "at most 4000 characters")
    .regex(/^[\x21-\x7e]*$/, "must be a credential, as it was issued"),
});

export type SendCanaryInput = z.infer<typeof sendCanarySchema>;
