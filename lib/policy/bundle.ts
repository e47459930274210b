import { z } from "zod";
import { canonicalJson } from "./canonical";
import { type CompiledPolicy, compile } from "./compile";
import { factsDigest } from "./digest";
import { policyDocumentSchema } from "./document";
import { type Evaluation, evaluate, type Finding } from "./evaluate";
import type { PolicyExceptionTerms } from "./exception";
import { type Facts, toFacts } from "./facts";
import { asObserved } from "./observed";
import { OUTCOMES } from "./vocabulary";

const instant = z.iso.datetime();
const list = z.array(z.string()).optional();

const termsSchema = z.strictObject({
  id: z.string(),
  ref: z.string(),
  useCase: z.string(),
  controls: z.array(z.string()),
  scope: z.strictObject({
    workloads: list,
    models: list,
    tools: list,
    dataClasses: list,
    destinations: list,
    purposes: list,
    environments: list,
  }),
  riskOwner: z.string(),
  startsAt: instant,
  expiresAt: instant,
  reviewAt: instant,
  reviewedAt: instant.nullable(),
  endedAt: instant.nullable(),
  approvedAt: instant,
});

/** All that decides for one use case at an instant, to be taken away. Times are ISO 8601, UTC. */
export const policyBundleSchema = z.strictObject({
  schema: z.literal("sluice.policy-bundle/v1"),
  useCase: z.string(),
  version: z.int(),
  effectiveFrom: instant,
  /** `sha256:<hex>` of `document`. */
  digest: z.string(),
  /** The version joined with the floor. */
  document: policyDocumentSchema,
  /** What `document` compiles to. */
  cedar: z.string(),
  /** The approved exceptions that have not ended. */
  exceptions: z.array(termsSchema),
});

export type PolicyBundle = z.infer<typeof policyBundleSchema>;

/** A bundle with an Ed25519 signature (base64) over the UTF-8 bytes of its canonical JSON. */
export const signedBundleSchema = z.strictObject({
  bundle: policyBundleSchema,
  signature: z.strictObject({ algorithm: z.literal("Ed25519"), keyId: z.string(), value: z.base64() }),
});

export type SignedBundle = z.infer<typeof signedBundleSchema>;

/** A decision as it was recorded, as far as it can be made again. */
export const recordedDecisionSchema = z.object({
  facts: z.custom<Facts>((facts) => typeof facts === "object" && facts !== null, "must be the facts"),
  factDigest: z.string().optional(),
  decidedAt: instant,
  kind: z.enum(["decision", "observation"]),
  policyVersion: z.int(),
  policyDigest: z.string(),
  outcome: z.enum(OUTCOMES),
  wouldBe: z.enum(OUTCOMES),
  findings: z.array(
    z.object({
      control: z.string(),
      effect: z.string(),
      mode: z.string(),
      level: z.string().nullish(),
      exception: z.object({ ref: z.string() }).nullish(),
    }),
  ),
});

export type RecordedDecision = z.infer<typeof recordedDecisionSchema>;

/** What a bundle is made of. */
export interface BundleSources {
  useCase: string;
  version: number;
  effectiveFrom: Date;
  policy: Pick<CompiledPolicy, "document" | "digest" | "cedar">;
  exceptions: readonly PolicyExceptionTerms[];
}

/** The bundle as it is at an instant: exceptions that have ended by then are left out. Equal sources, equal bytes. */
export function bundleOf(sources: BundleSources, at: Date): PolicyBundle {
  const { document, digest, cedar } = sources.policy;
  const open = sources.exceptions.filter(
    ({ expiresAt, endedAt }) => expiresAt > at && (endedAt === null || endedAt > at),
  );
  return {
    schema: "sluice.policy-bundle/v1",
    useCase: sources.useCase,
    version: sources.version,
    effectiveFrom: sources.effectiveFrom.toISOString(),
    digest,
    document,
    cedar,
    exceptions: open.map((terms) => ({
      ...terms,
      startsAt: terms.startsAt.toISOString(),
      expiresAt: terms.expiresAt.toISOString(),
      reviewAt: terms.reviewAt.toISOString(),
      reviewedAt: terms.reviewedAt?.toISOString() ?? null,
      endedAt: terms.endedAt?.toISOString() ?? null,
      approvedAt: terms.approvedAt.toISOString(),
    })),
  };
}

/** The text that is signed and whose SHA-256 is the ETag: canonical JSON (RFC 8785). */
export function bundleText(bundle: PolicyBundle): string {
  return canonicalJson(bundle);
}

/**
 * Makes a recorded decision again from a bundle and the decision's facts alone. Returns what differs, in words; nothing
 * when it is the same. Compiles the bundle's document anew and holds its digest and Cedar text to that.
 */
export function differences(decision: RecordedDecision, bundle: PolicyBundle): string[] {
  const policy = compile(bundle.document);
  const found: string[] = [];
  const expect = (what: string, recorded: string, made: string) => {
    if (recorded !== made) found.push(`${what}: recorded ${recorded}, made again ${made}`);
  };
  expect("digest of the bundle's document", bundle.digest, policy.digest);
  expect("digest of the policy that decided", decision.policyDigest, policy.digest);
  expect("policy version", String(decision.policyVersion), String(bundle.version));
  if (bundle.cedar !== policy.cedar)
    found.push("the bundle's Cedar text is not what its document compiles to");
  const facts = toFacts(decision.facts);
  if (decision.factDigest !== undefined)
    expect("digest of the facts", decision.factDigest, factsDigest(facts));
  const evaluation = evaluate(facts, policy, bundle.exceptions.map(toTerms), new Date(decision.decidedAt));
  if (decision.kind === "observation") asObserved(evaluation);
  expect("outcome", decision.outcome, evaluation.outcome);
  expect("outcome were it enforcing", decision.wouldBe, evaluation.wouldBe);
  expect("findings", findingsText(decision), findingsText(evaluation));
  return found;
}

function findingsText({ findings }: Pick<RecordedDecision | Evaluation, "findings">): string {
  const one = ({ control, effect, mode, level, exception }: RecordedDecision["findings"][number] | Finding) =>
    [control, mode, effect, level, exception?.ref].filter(Boolean).join(" ");
  return findings.map(one).sort().join("; ") || "none";
}

function toTerms(plain: PolicyBundle["exceptions"][number]): PolicyExceptionTerms {
  const scope = Object.fromEntries(Object.entries(plain.scope).filter(([, value]) => value !== undefined));
  return {
    ...plain,
    scope,
    startsAt: new Date(plain.startsAt),
    expiresAt: new Date(plain.expiresAt),
    reviewAt: new Date(plain.reviewAt),
    reviewedAt: plain.reviewedAt === null ? null : new Date(plain.reviewedAt),
    endedAt: plain.endedAt === null ? null : new Date(plain.endedAt),
    approvedAt: new Date(plain.approvedAt),
  };
}
