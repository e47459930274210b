import { z } from "zod";
import type { Level } from "../types";
import { type OutsideAdapter, under } from "./types";

const CONTROL_OF: Readonly<Record<string, string>> = {
  prompt_attack: "prompt-attack",
  "moderated_content/crime": "moderation/crime",
  "moderated_content/hate": "moderation/hate",
  "moderated_content/profanity": "moderation/profanity",
  "moderated_content/sexual": "moderation/sexual",
  "moderated_content/violence": "moderation/violence",
  "moderated_content/weapons": "moderation/weapons",
  "pii/address": "pii/address",
  "pii/credit_card": "pii/credit-card",
  "pii/email": "pii/email",
  "pii/iban_code": "pii/iban",
  "pii/ip_address": "pii/ip-address",
  "pii/name": "pii/name",
  "pii/phone_number": "pii/phone",
  "pii/us_social_security_number": "pii/us-ssn",
};

const LEVEL_OF: Readonly<Record<string, Level>> = {
  l1_confident: 1,
  l2_very_likely: 2,
  l3_likely: 3,
  l4_less_likely: 4,
};

const ROLES = { trusted: "system", prompt: "user", brought: "tool" } as const;

const answerSchema = z.object({
  results: z.array(z.object({ detector_type: z.string(), result: z.string() })),
});

/** `POST /v2/guard/results`, which names a level for every detector of the project. */
export const lakera: OutsideAdapter = {
  title: "Lakera Guard",
  path: "/v2/guard",
  gives: [...new Set(Object.values(CONTROL_OF))],
  needsSecret: true,
  options: z.strictObject({ projectId: z.string().min(1).max(100).optional() }),
  calls: ({ url, secret, options }, texts) => {
    const { projectId } = options as { projectId?: string };
    const messages = texts.map(({ text, channel }) => ({ role: ROLES[channel], content: text }));
    return [
      {
        url: under(url, "/v2/guard/results"),
        headers: { Authorization: `Bearer ${secret}` },
        body: { messages, ...(projectId !== undefined && { project_id: projectId }) },
      },
    ];
  },
  hits: (_, __, [answer]) =>
    answerSchema.parse(answer).results.flatMap(({ detector_type: type, result }) => {
      const detector = CONTROL_OF[type];
      const level = LEVEL_OF[result];
      return detector === undefined || level === undefined ? [] : [{ detector, level }];
    }),
};
