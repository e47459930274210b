/** What a call does, in a few words, where its route does not say so itself. Pure. */

/** The thing that a segment of a path holds: one of it. */
const ONE: Record<string, string> = {
  changes: "change request",
  people: "person",
  approvals: "held request",
  packs: "evidence pack",
  detectors: "outside detector",
  issuers: "issuer of workload tokens",
  entries: "audit entry",
  credentials: "credential",
  federations: "federation",
  tokens: "access token",
  versions: "policy version",
  bindings: "control binding",
  frameworks: "framework",
  cases: "kept case",
};

/** Calls that their path does not explain. */
const IRREGULAR: Record<string, string> = {
  "GET /me": "Read who you are",
  "POST /setup": "Make the first admin",
  "GET /telemetry/overview": "Read what waits on you",
  "GET /telemetry/series": "Read decisions over time",
  "GET /telemetry/breakdown": "Read the largest values of a dimension",
  "GET /telemetry/latency": "Read how long evaluation took",
  "GET /telemetry/tokens": "Read tokens of models by model",
  "GET /telemetry/use-cases": "Read the last week of each use case",
  "GET /telemetry/decisions/{id}/reproduction": "Take a decision away as a file that reproduces it",
  "GET /use-cases/{slug}/observed": "Compare what traffic shows with what is declared",
  "GET /use-cases/{id}/canary": "Read the decisions that met a canary",
  "POST /use-cases/{id}/canary": "Make a canary: a text that is blocked for 15 minutes",
  "POST /use-cases/{id}/canary/send": "Send a canary to the decision point",
  "POST /controls/check": "Check a custom control",
  "POST /controls/try-text": "Try phrases and patterns on a text",
  "GET /policies/cedar-schema": "Read the Cedar schema of policies",
  "GET /evidence/public-key.pem": "Take the public key that evidence verifies with",
  "GET /evidence/packs/{id}/download": "Download an evidence pack",
  "PUT /detectors/{name}": "Set up an outside detector",
  "POST /workloads/{id}/revoke-tasks": "Revoke the task credentials of a workload",
  "POST /sessions/{id}/end": "End a signed-in session",
  "POST /exceptions": "Request an exception",
  "GET /exceptions/calendar": "Read when exceptions end and are reviewed",
  "GET /exceptions/sprawl": "Read how many exceptions there were over time",
  "POST /exceptions/preview": "Preview what an exception would have spared",
  "POST /exceptions/review-many": "Review several exceptions at once",
  "POST /campaigns": "Start a campaign of reviews",
  "GET /telemetry/rulings/queue": "Read what waits for a ruling",
  "POST /telemetry/rulings": "Rule on a finding",
  "POST /telemetry/appeals": "Appeal a finding",
  "POST /telemetry/cases": "Keep a decision as a case",
  "GET /notifications/count": "Count your unread notifications",
  "POST /notifications/read-all": "Mark all your notifications as read",
  "PUT /notifications/preferences": "Choose what you are told, and how",
  "GET /mail": "Read how mail is sent",
  "POST /mail/test": "Send a mail to try it",
  "POST /mail/deliveries/{id}/send-again": "Send a mail again that was given up",
  "POST /webhooks/{id}/rotate": "Rotate the secret of a webhook",
  "POST /webhook-deliveries/{id}/send-again": "Send a delivery of a webhook again",
  "GET /drift": "List undeclared values of traffic",
  "GET /drift.csv": "Export undeclared values of traffic as CSV",
  "POST /incidents": "Mark undeclared values as an incident",
  "GET /approvals/waiting": "Count the held requests that wait for you",
};

/** A summary of a call (`POST`, `/changes/{id}/approve`): by its path where nothing else is known. */
export function summaryOf(method: string, path: string): string {
  const known = IRREGULAR[`${method} ${path}`];
  if (known !== undefined) return known;
  if (path.endsWith(".csv")) return `Export ${many(path.split("/").at(-1)?.slice(0, -4) ?? "")} as CSV`;
  const parts = path.split("/").filter(Boolean);
  const last = parts.at(-1) ?? "";
  if (isParameter(last)) return `${VERBS[method] ?? method} ${a(one(parts.at(-2) ?? ""))}`;
  const owner = parts.slice(0, -1).findLast((part) => !isParameter(part));
  const below = parts.length > 1 && isParameter(parts.at(-2) ?? "") && owner !== undefined;
  if (method === "GET") {
    return below
      ? `Read the ${words(last)} of ${a(one(owner))}`
      : `${isMany(last) ? "List" : "Read"} ${many(last)}`;
  }
  if (!below)
    return method === "POST" && isMany(last) ? `Create ${a(one(last))}` : `${VERBS[method]} ${words(last)}`;
  if (isMany(last) && method === "POST") return `Add ${a(one(last))} to ${a(one(owner))}`;
  if (method === "PUT") return `Set the ${words(last)} of ${a(one(owner))}`;
  return `${capital(words(last))} ${a(one(owner))}`;
}

const VERBS: Record<string, string> = {
  GET: "Read",
  POST: "Post",
  PUT: "Replace",
  PATCH: "Edit",
  DELETE: "Delete",
};

const isParameter = (part: string) => part.startsWith("{");
const isMany = (part: string) => part === "people" || (part.endsWith("s") && !part.endsWith("ss"));
const words = (part: string) => part.replace(/\.\w+$/, "").replaceAll("-", " ");
const one = (part: string) => ONE[part] ?? words(part).replace(/ies$/, "ys").replace(/s$/, "");
const many = (part: string) =>
  part === "people" ? "people" : isMany(part) ? `${one(part)}s`.replace(/ys$/, "ies") : words(part);
const a = (noun: string) => `${/^[aeio]/.test(noun) ? "an" : "a"} ${noun}`;
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
