import { z } from "zod";
import { hash, instant, slug } from "@/lib/evidence/format";

const person = z.looseObject({ id: z.string(), name: z.string() });
const someone = person.nullable();
const time = instant.nullable();
/** `sha256:<hex>` */
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const words = { proposalDigest: digest, evidenceDigest: digest, person, at: instant };

/** What verification reads of a change; of a pack's first format it reads nothing. */
export const changeRowSchema = z.looseObject({
  ref: z.string(),
  subject: z.enum(["policy", "floor", "setting"]),
  subjectKey: z.string().nullable(),
  useCase: slug.nullable(),
  baseVersion: z.int().min(0),
  proposal: z.json(),
  proposalDigest: digest,
  evidence: z.json(),
  evidenceDigest: digest.nullable(),
  status: z.string(),
  requestedBy: someone,
  appliedAt: time,
  appliedVersion: z.int().nullable(),
  emergency: z.enum(["break_glass", "step_back", "step_down"]).nullable(),
  brokeGlassBy: someone,
  reviewDueAt: time,
  reverts: z.string().nullable(),
  review: z.looseObject({ verdict: z.string(), person: someone, at: instant }).nullable(),
  approvals: z.array(z.looseObject({ ...words, verdict: z.enum(["approve", "reject"]) })),
  acceptances: z.array(z.looseObject({ ...words, condition: z.string() })),
});
export type ChangeFileRow = z.infer<typeof changeRowSchema>;

/** The part of a change's evidence that lists conditions of readiness. */
export const readinessSchema = z.looseObject({
  readiness: z.looseObject({ conditions: z.array(z.looseObject({ id: z.string(), met: z.boolean() })) }),
});

export const exceptionRowSchema = z.looseObject({
  ref: z.string(),
  useCase: slug,
  status: z.string(),
  riskOwner: person,
  businessOwner: person,
  requestedBy: person,
  renews: z.string().nullable(),
  root: z.string().nullable(),
  approvals: z.array(z.looseObject({ person, verdict: z.string() })),
  reviews: z.array(z.looseObject({ person, at: instant })),
  reassignments: z.array(z.looseObject({ owner: z.string(), from: person, to: person, at: instant })),
  expiresAt: instant.optional(),
  /** Not in packs that are older than it. */
  shortenings: z.array(z.looseObject({ person, from: instant, to: instant, at: instant })).optional(),
});
export type ExceptionFileRow = z.infer<typeof exceptionRowSchema>;

const version = {
  number: z.int().min(0),
  digest: hash,
  effectiveFrom: time,
  change: z.string().nullable(),
};
export const settingRowSchema = z.looseObject({ ...version, key: z.string(), value: z.json() });
export const floorRowSchema = z.looseObject({ ...version, dataClass: z.string(), document: z.json() });

/** A decision that a record names, and whether it is still kept. */
const finding = {
  useCase: slug,
  decision: z.uuid(),
  decidedAt: instant,
  decisionKept: z.boolean(),
  control: z.string(),
};
export const rulingRowSchema = z.looseObject({
  ...finding,
  id: z.uuid(),
  number: z.int().min(1),
  answer: z.string(),
  basis: z.string(),
  appeal: z.string().nullable(),
  ruledAt: instant,
});
export type RulingRow = z.infer<typeof rulingRowSchema>;
export const appealRowSchema = z.looseObject({
  ...finding,
  ref: z.string(),
  status: z.enum(["open", "upheld", "overturned", "withdrawn"]),
  openedBy: someone,
  closedBy: someone,
  closedAt: time,
});
export type AppealRow = z.infer<typeof appealRowSchema>;
export const caseRowSchema = z.looseObject({
  ...finding,
  ref: z.string(),
  facts: z.record(z.string(), z.json()),
  fact: hash,
  ruling: z.uuid(),
});
export const incidentRowSchema = z.looseObject({
  ref: z.string(),
  useCase: slug,
  status: z.enum(["open", "closed"]),
  closedBy: someone,
  closedAt: time,
});
export const campaignRowSchema = z.looseObject({
  ref: z.string(),
  startedAt: instant,
  items: z.array(
    z.looseObject({
      exception: z.string(),
      useCase: slug,
      answer: z.enum(["kept", "shortened", "revoked", "retired"]).nullable(),
      at: time,
    }),
  ),
});
export const heldRowSchema = z.looseObject({
  ref: z.string(),
  useCase: slug,
  verdict: z.enum(["granted", "denied"]).nullable(),
  decidedBy: someone,
  decidedAt: time,
  usedAt: time,
  decision: z.uuid(),
  heldAt: time,
  usedDecision: z.uuid().nullable(),
  passedAt: time,
});
