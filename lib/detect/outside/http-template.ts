import { z } from "zod";
import { levelOfScore, type OutsideAdapter, type OutsideHit } from "./types";

const TEXT = "{{text}}";
const score = z.number().min(0).max(1);

const ruleSchema = z.strictObject({
  /** The control whose signal it is. */
  detector: z
    .string()
    .regex(/^[a-z][a-z0-9]*(?:[/-][a-z0-9]+)*$/)
    .max(80)
    .refine((id) => id !== "unknown-links", "is derived from links, never stated"),
  /** RFC 6901, into the answer: a number between 0 and 1, or true or false. */
  pointer: z.string().regex(/^(?:\/[^/]*)*$/, "must be a JSON pointer, such as /0/score"),
  /** Least scores of L1, L2, L3 and L4. */
  least: z.tuple([score, score, score, score]),
});

const optionsSchema = z.strictObject({
  /** JSON in which each text `{{text}}` is replaced by the content. */
  body: z.json().refine((body) => JSON.stringify(body).includes(TEXT), `must hold ${TEXT}`),
  /** Header that carries the key; `Authorization` gets it as a bearer token. */
  header: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,60}$/)
    .default("Authorization"),
  rules: z.array(ruleSchema).min(1).max(32),
});

type Options = z.infer<typeof optionsSchema>;

/** Any service that takes JSON and answers JSON: a template for what is sent, pointers for what is read. */
export const httpTemplate: OutsideAdapter = {
  title: "HTTP template",
  path: null,
  gives: [],
  needsSecret: false,
  options: optionsSchema,
  calls: ({ url, secret, options }, texts) => {
    const { body, header } = options as Options;
    const key = header.toLowerCase() === "authorization" ? `Bearer ${secret}` : (secret ?? "");
    const text = texts.map((each) => each.text).join("\n\n");
    return [{ url, headers: secret === null ? {} : { [header]: key }, body: filled(body, text) }];
  },
  hits: ({ options }, _, [answer]) =>
    (options as Options).rules.flatMap(({ detector, pointer, least }): OutsideHit[] => {
      const value = at(answer, pointer);
      const number = typeof value === "boolean" ? Number(value) : value;
      if (typeof number !== "number" || Number.isNaN(number)) {
        throw new Error("The answer holds no number at the pointer.");
      }
      const level = levelOfScore(number, least);
      return level === null ? [] : [{ detector, level }];
    }),
};

function filled(node: unknown, text: string): unknown {
  if (typeof node === "string") return node.split(TEXT).join(text);
  if (Array.isArray(node)) return node.map((child) => filled(child, text));
  if (typeof node !== "object" || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, filled(child, text)]));
}

function at(answer: unknown, pointer: string): unknown {
  const steps = pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  return steps.reduce<unknown>(
    (node, step) =>
      typeof node === "object" && node !== null && Object.hasOwn(node, step)
        ? (node as Record<string, unknown>)[step]
        : undefined,
    answer,
  );
}
