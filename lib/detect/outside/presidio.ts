import { z } from "zod";
import { levelOfScore, type OutsideAdapter, type OutsideCall, type OutsideHit, under } from "./types";

const CONTROL_OF: Readonly<Record<string, string>> = {
  CREDIT_CARD: "pii/credit-card",
  EMAIL_ADDRESS: "pii/email",
  IBAN_CODE: "pii/iban",
  IP_ADDRESS: "pii/ip-address",
  LOCATION: "pii/address",
  PERSON: "pii/name",
  PHONE_NUMBER: "pii/phone",
  US_SSN: "pii/us-ssn",
};

/** Least scores of L1 to L4. Presidio's named-entity model gives 0.85, a pattern with context up to 1, without 0.3–0.6. */
const LEAST = [0.8, 0.6, 0.4, 0.01] as const;

const answerSchema = z.array(
  z.object({
    entity_type: z.string(),
    start: z.int().min(0),
    end: z.int().min(0),
    score: z.number(),
  }),
);

/** Presidio's analyzer, which also says where, in code points. One call for each text. */
export const presidio: OutsideAdapter = {
  title: "Presidio",
  path: "/analyze",
  gives: Object.values(CONTROL_OF),
  needsSecret: false,
  options: z.strictObject({ language: z.string().min(2).max(10).default("en") }),
  calls: ({ url, secret, options }, texts) =>
    texts.map(
      ({ text }): OutsideCall => ({
        url: under(url, "/analyze"),
        headers: secret === null ? {} : { Authorization: `Bearer ${secret}` },
        body: {
          text,
          language: (options as { language: string }).language,
          entities: Object.keys(CONTROL_OF),
        },
      }),
    ),
  hits: (_, texts, answers) =>
    texts.flatMap(({ text: written }, text) => {
      const offsetOf = utf16Offsets(written);
      return answerSchema.parse(answers[text]).flatMap(({ entity_type, start, end, score }): OutsideHit[] => {
        const detector = CONTROL_OF[entity_type];
        const level = levelOfScore(score, LEAST);
        if (detector === undefined || level === null) return [];
        return [{ detector, level, text, start: offsetOf(start), end: offsetOf(end) }];
      });
    }),
};

/** From code points to UTF-16 units; what lies beyond the end is the end. */
function utf16Offsets(text: string): (codePoint: number) => number {
  if (!/[\ud800-\udfff]/.test(text)) return (at) => Math.min(at, text.length);
  const offsets: number[] = [];
  let at = 0;
  for (const point of text) {
    offsets.push(at);
    at += point.length;
  }
  return (codePoint) => offsets[codePoint] ?? text.length;
}
