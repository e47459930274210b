/** What can go wrong, in few words. Each code has one HTTP status. */
export type ErrorCode =
  | "invalid"
  | "unauthenticated"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "stale"
  | "precondition_required"
  | "too_large"
  | "rule"
  | "rate_limited"
  | "unavailable";

export const HTTP_STATUS = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  stale: 412,
  precondition_required: 428,
  too_large: 413,
  rule: 422,
  rate_limited: 429,
  unavailable: 503,
} as const satisfies Record<ErrorCode, number>;

/** A bad field: its path (`["baseline", "models", 0]` is written `baseline.models.0`) and what to do about it. */
export interface FieldError {
  path: string;
  message: string;
}

/**
 * The one error class. `message` is told to the caller, so it never holds content, secrets or credentials.
 * `rule` names the rule of the domain that forbids it (422), `fields` the bad fields (400).
 */
export class SluiceError extends Error {
  readonly code: ErrorCode;
  readonly fields: FieldError[];
  readonly rule: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    extra: { fields?: FieldError[]; rule?: string; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: extra.cause });
    this.name = "SluiceError";
    this.code = code;
    this.fields = extra.fields ?? [];
    this.rule = extra.rule;
    this.retryAfterSeconds = extra.retryAfterSeconds;
  }
}

/** The domain forbids it: 422 with the rule's name. */
export function ruleBroken(rule: string, message: string): SluiceError {
  return new SluiceError("rule", message, { rule });
}

/** Field errors of a failed zod parse, without the values that were sent; an unknown field is named itself. */
export function fieldErrors(
  issues: readonly { path: PropertyKey[]; message: string; code?: string; keys?: string[] }[],
): FieldError[] {
  return issues.flatMap(({ path, message, code, keys }) => {
    const at = path.map(String);
    if (code !== "unrecognized_keys" || !keys) return [{ path: at.join("."), message }];
    return keys.map((key) => ({ path: [...at, key].join("."), message: "there is no such field" }));
  });
}
