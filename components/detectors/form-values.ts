import { type DETECTOR_KINDS, detectorNameSchema, setUpDetectorSchema } from "@/lib/detectors/schema";
import type { DetectorView } from "@/lib/detectors/views";
import type { FieldError } from "@/lib/errors";

export type DetectorKind = (typeof DETECTOR_KINDS)[number];

/** What a kind is, for the form. */
export interface KindView {
  kind: DetectorKind;
  title: string;
  needsSecret: boolean;
  /** Controls for which it can give signals; empty where its own rules say so. */
  gives: string[];
}

export interface RuleValues {
  detector: string;
  pointer: string;
  /** Least scores of L1 to L4. */
  least: (number | string)[];
}

/** The form as it is typed: the options of every kind side by side, so that nothing is lost by changing the kind. */
export interface DetectorValues {
  name: string;
  kind: DetectorKind;
  url: string;
  secret: string;
  timeoutMs: number | string;
  options: {
    model: string;
    projectId: string;
    shields: boolean;
    language: string;
    /** JSON. */
    body: string;
    header: string;
    rules: RuleValues[];
  };
}

/** Even steps; each service has its own scale. */
export const USUAL_RULE: RuleValues = {
  detector: "prompt-attack",
  pointer: "/score",
  least: [0.9, 0.7, 0.4, 0.2],
};

const EMPTY: DetectorValues = {
  name: "",
  kind: "openai-moderation",
  url: "",
  secret: "",
  timeoutMs: 500,
  options: {
    model: "omni-moderation-latest",
    projectId: "",
    shields: false,
    language: "en",
    body: '{\n  "text": "{{text}}"\n}',
    header: "Authorization",
    rules: [USUAL_RULE],
  },
};

/** What the form starts with: nothing, or what is set up under a name. Its key is never there. */
export function valuesOf(detector: DetectorView | null): DetectorValues {
  if (detector === null) return EMPTY;
  const { name, kind, url, timeoutMs, options } = detector;
  const body = "body" in options ? { body: JSON.stringify(options["body"], null, 2) } : {};
  return { name, kind, url, secret: "", timeoutMs, options: { ...EMPTY.options, ...options, ...body } };
}

/** The options of the chosen kind; throws `SyntaxError` for a body that is no JSON. */
function optionsOf({ kind, options }: DetectorValues): Record<string, unknown> {
  const { model, projectId, shields, language, header, rules, body } = options;
  switch (kind) {
    case "openai-moderation":
      return { model: model.trim() };
    case "lakera":
      return projectId.trim() === "" ? {} : { projectId: projectId.trim() };
    case "azure-content-safety":
      return { shields };
    case "presidio":
      return { language: language.trim() };
    case "http-template":
      return { body: JSON.parse(body) as unknown, header: header.trim(), rules };
  }
}

/** What is sent to the API. An empty key leaves the one that was given before. */
export function inputOf(values: DetectorValues) {
  const { kind, url, secret, timeoutMs } = values;
  return {
    kind,
    url: url.trim(),
    timeoutMs: Number(timeoutMs === "" ? Number.NaN : timeoutMs),
    options: optionsOf(values),
    ...(secret.trim() !== "" && { secret: secret.trim() }),
  };
}

/** What is wrong before anything is sent, by the form's fields. */
export function problemsIn(values: DetectorValues): Record<string, string> {
  const errors: Record<string, string> = {};
  const name = detectorNameSchema.safeParse(values.name);
  if (!name.success) errors["name"] = name.error.issues[0]?.message ?? "is not a name";
  try {
    const parsed = setUpDetectorSchema.safeParse(inputOf(values));
    if (parsed.success) return errors;
    const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
    return { ...fieldsOf(issues), ...errors };
  } catch {
    return { ...errors, "options.body": "must be JSON" };
  }
}

/** Field errors by the form's own fields: what is wrong inside a template or a scale stands on the whole of it. */
export function fieldsOf(fields: readonly FieldError[]): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { path, message } of fields) {
    const field = path.replace(/^(options\.body|options\.rules\.\d+\.least)\..*$/, "$1");
    errors[field] ??= message;
  }
  return errors;
}
