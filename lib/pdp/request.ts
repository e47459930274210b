import { z } from "zod";
import { type FieldError, SluiceError } from "@/lib/errors";
import { ACTIONS, DATA_CLASSES, SENSITIVITIES } from "@/lib/policy/document";

/** Bounds of what a workload may send. A body is bytes, the rest are counts and UTF-16 units. */
export const LIMITS = {
  bodyBytes: 1_048_576,
  messages: 256,
  signals: 64,
  items: 500,
  synthetic: 8,
  argumentDepth: 64,
  argumentValues: 4_096,
  idempotencyKey: 200,
} as const;

/** How far an observation may lie ahead (clocks differ) and behind (what dashboards show), in milliseconds. */
const AHEAD_MS = 60_000;
const BEHIND_MS = 400 * 86_400_000;

const PLAIN = /^[^\p{Cc}\p{Cs}]*$/u;
const ROLES = ["system", "developer", "user", "assistant", "tool", "function"] as const;

function text(max: number) {
  return z
    .string()
    .min(1, "must not be empty")
    .max(max, `at most ${max} characters`)
    .regex(PLAIN, "must not hold control characters or broken surrogates");
}

const signalSchema = z.strictObject({
  detector: z
    .string()
    .regex(/^[a-z][a-z0-9]*(?:[/_-][a-z0-9]+)*$/, "must be an identifier, such as moderation/hate")
    .max(80, "at most 80 characters")
    .refine((id) => id !== "unknown-links", "is derived from the links in the content, never stated"),
  level: z.enum(SENSITIVITIES),
  source: text(100).optional(),
});

const toolSchema = z.strictObject({
  name: text(200),
  arguments: z
    .custom<Record<string, unknown>>(isObject, "must be an object")
    .superRefine((value, ctx) => {
      const message = overgrown(value);
      if (message !== null) ctx.addIssue({ code: "custom", message });
    })
    .optional(),
});

const shape = {
  action: z.enum(ACTIONS),
  useCase: text(80).optional(),
  purpose: text(200).optional(),
  task: text(200).optional(),
  model: text(200).optional(),
  tool: toolSchema.optional(),
  destination: text(2048)
    .refine((value) => hostOf(value) !== null, "must be a URL or a host")
    .optional(),
  retrievalSource: text(500).optional(),
  dataClass: z.enum(DATA_CLASSES).optional(),
  actor: z.strictObject({ id: text(256) }).optional(),
  sessionId: text(200).optional(),
  traceId: text(200).optional(),
  messages: z
    .array(z.strictObject({ role: z.enum(ROLES), content: z.string().max(LIMITS.bodyBytes) }))
    .max(LIMITS.messages, `at most ${LIMITS.messages} messages`)
    .optional(),
  signals: z.array(signalSchema).max(LIMITS.signals, `at most ${LIMITS.signals} signals`).optional(),
  synthetic: z
    .array(z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,39}$/, "must be the name of a field"))
    .max(LIMITS.synthetic, `at most ${LIMITS.synthetic} names`)
    .optional(),
};

/** The body of `POST /v1/decisions`. */
export const decisionRequestSchema = z.strictObject({ ...shape, dryRun: z.boolean().optional() });

/** One of `POST /v1/observations`. */
export const observationRequestSchema = z.strictObject({
  ...shape,
  observedAt: z.iso.datetime({ offset: true, error: "must be an ISO 8601 date and time with its offset" }),
});

export type DecisionRequest = z.infer<typeof decisionRequestSchema>;
export type ObservationRequest = z.infer<typeof observationRequestSchema>;

/** What both kinds of request have in common. */
export type AnyRequest = Omit<DecisionRequest, "dryRun">;

/** A request that was understood; throws `invalid` with the path of each bad field. */
export function parseDecision(body: unknown): DecisionRequest {
  return parse(decisionRequestSchema, body);
}

/** An observation that was understood and lies within its bounds of time; throws `invalid` with the paths. */
export function parseObservation(body: unknown, now: Date): ObservationRequest {
  const observation = parse(observationRequestSchema, body);
  const at = Date.parse(observation.observedAt);
  const message =
    at > now.getTime() + AHEAD_MS
      ? "lies in the future"
      : at < now.getTime() - BEHIND_MS
        ? "lies more than 400 days back"
        : null;
  if (message !== null) throw invalid([{ path: "observedAt", message }]);
  return observation;
}

/** The items under `name` of a body such as `{ "decisions": [...] }`; each is parsed apart later. */
export function parseItems(body: unknown, name: string): unknown[] {
  const items = z
    .array(z.unknown())
    .min(1, "must hold at least one")
    .max(LIMITS.items, `at most ${LIMITS.items}`);
  return (parse(z.strictObject({ [name]: items }), body) as Record<string, unknown[]>)[name] ?? [];
}

/** The host of a URL or of a bare host with or without port, in lower case and punycode; null when it is neither. */
export function hostOf(destination: string): string | null {
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(destination) ? destination : `https://${destination}`;
  const host = URL.parse(url)?.hostname.toLowerCase();
  return host === undefined || host === "" ? null : host;
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (!result.success) throw invalid(badFields(result.error.issues));
  return result.data;
}

function invalid(fields: FieldError[]): SluiceError {
  return new SluiceError("invalid", "The request is not one that a decision can be made on.", { fields });
}

/** Unlike zod, names each unknown field by its own path. Never repeats a value that was sent. */
function badFields(issues: readonly z.core.$ZodIssue[]): FieldError[] {
  return issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code !== "unrecognized_keys") return [{ path: path.join("."), message: issue.message }];
    return issue.keys.map((key) => ({ path: [...path, key].join("."), message: "is not a field here" }));
  });
}

/** Taken as it is: a record schema would leave out a key named `__proto__`, and what it holds would go unseen. */
function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What is too much of a tool's arguments, or null. Walks without recursion: the stack is not as deep as a body. */
export function overgrown(value: unknown): string | null {
  const pending: [unknown, number][] = [[value, 0]];
  let values = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [node, depth] = next;
    if (++values > LIMITS.argumentValues) return `more than ${LIMITS.argumentValues} values`;
    if (typeof node !== "object" || node === null) continue;
    if (depth >= LIMITS.argumentDepth) return `nested deeper than ${LIMITS.argumentDepth}`;
    for (const child of Object.values(node)) pending.push([child, depth + 1]);
  }
  return null;
}
