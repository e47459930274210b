import type { RecordName } from "@/lib/evidence/format";
import type { Row } from "@/lib/evidence/tables";

const ada = { id: "0193ffff-0000-7000-8000-000000000001", name: "Ada" };
const ben = { id: "0193ffff-0000-7000-8000-000000000002", name: "Ben" };
const cleo = { id: "0193ffff-0000-7000-8000-000000000003", name: "Cleo" };
const RULING = "0193ffff-0000-7000-8000-00000000000a";

/** What the rows of a generated pack are made of: its own digests, and a decision with a finding of `secrets`. */
export interface Material {
  digestOf: (value: unknown) => string;
  document: unknown;
  facts: unknown;
  /** In the period, of use case `support-bot`. */
  decision: { id: string; decidedAt: string };
}

/** Changes that a pack may hold: one of a policy, applied on accepted readiness, and one of a setting that broke the glass. */
export function someChanges({ digestOf, document }: Material): Row[] {
  const evidence = {
    schema: "sluice.change-evidence/v1",
    readiness: { conditions: [{ id: "days", met: false }] },
  };
  const digests = {
    proposalDigest: `sha256:${digestOf({ baseVersion: 0, document })}`,
    evidenceDigest: `sha256:${digestOf(evidence)}`,
  };
  const word = { ...digests, person: ben, at: "2026-03-02T00:00:00.000Z" };
  const nothing = { emergency: null, brokeGlassBy: null, reviewDueAt: null, reverts: null, review: null };
  return [
    {
      ...nothing,
      ...digests,
      ref: "CHG-1",
      subject: "policy",
      subjectKey: null,
      useCase: "support-bot",
      baseVersion: 0,
      proposal: document,
      evidence,
      status: "applied",
      requestedBy: ada,
      appliedAt: "2026-03-02T00:00:01.000Z",
      appliedVersion: 1,
      approvals: [{ ...word, verdict: "approve", seat: "risk_owner" }],
      acceptances: [{ ...word, condition: "days", reason: "Watched by hand." }],
    },
    {
      ...nothing,
      ref: "CHG-2",
      subject: "setting",
      subjectKey: "freezes",
      useCase: null,
      baseVersion: 0,
      proposal: { windows: [] },
      proposalDigest: `sha256:${digestOf({ subject: "setting/freezes", baseVersion: 0, document: { windows: [] } })}`,
      evidence: null,
      evidenceDigest: null,
      status: "applied",
      requestedBy: ada,
      appliedAt: "2026-03-03T00:00:00.000Z",
      appliedVersion: 1,
      emergency: "break_glass",
      brokeGlassBy: ben,
      reviewDueAt: "2026-03-03T08:00:00.000Z",
      review: { verdict: "upheld", person: cleo, note: "It was right.", at: "2026-03-03T01:00:00.000Z" },
      approvals: [],
      acceptances: [],
    },
  ];
}

/** An exception and its renewal, whose owner was replaced. */
export function someExceptions(): Row[] {
  const terms = {
    useCase: "support-bot",
    status: "approved",
    riskOwner: ben,
    businessOwner: cleo,
    requestedBy: ada,
    approvals: [{ person: ben, verdict: "approve" }],
    reviews: [],
    reassignments: [],
  };
  const review = { person: ben, at: "2026-03-06T00:00:00.000Z" };
  const handed = { owner: "business_owner", from: ben, to: cleo, by: ben, at: "2026-03-04T00:00:00.000Z" };
  return [
    { ...terms, ref: "EXC-1", renews: null, root: null },
    { ...terms, ref: "EXC-2", renews: "EXC-1", root: "EXC-1", reviews: [review], reassignments: [handed] },
  ];
}

/** One row, or a few, of each kind of record. */
export function someRecords({ digestOf, document, facts, decision }: Material): Record<RecordName, Row[]> {
  const finding = {
    useCase: "support-bot",
    decision: decision.id,
    decidedAt: decision.decidedAt,
    decisionKept: true,
    control: "secrets",
  };
  return {
    settings: [
      {
        key: "freezes",
        number: 1,
        value: { windows: [] },
        digest: digestOf({ windows: [] }),
        effectiveFrom: "2026-03-03T00:00:00.000Z",
        change: "CHG-2",
      },
    ],
    floors: [
      {
        dataClass: "restricted",
        number: 1,
        document,
        digest: digestOf(document),
        effectiveFrom: "2026-02-01T00:00:00.000Z",
        change: null,
      },
    ],
    rulings: [
      {
        ...finding,
        id: RULING,
        number: 1,
        answer: "false_positive",
        basis: "appealed",
        appeal: "APL-1",
        ruledBy: ben,
        ruledAt: "2026-03-05T00:00:00.000Z",
      },
    ],
    appeals: [
      {
        ...finding,
        ref: "APL-1",
        status: "overturned",
        reason: "=HYPERLINK() is no secret",
        openedBy: ada,
        closedBy: ben,
        closedAt: "2026-03-05T00:00:00.000Z",
      },
    ],
    cases: [{ ...finding, ref: "CASE-1", facts, fact: digestOf(facts), ruling: RULING }],
    incidents: [
      {
        ref: "INC-1",
        useCase: "support-bot",
        status: "open",
        value: "shell",
        closedBy: null,
        closedAt: null,
      },
    ],
    campaigns: [
      {
        ref: "CMP-1",
        startedAt: "2026-03-05T00:00:00.000Z",
        items: [
          { exception: "EXC-1", useCase: "support-bot", answer: null, at: null },
          { exception: "EXC-2", useCase: "support-bot", answer: "kept", at: "2026-03-06T00:00:00.000Z" },
        ],
      },
    ],
    "held-requests": [
      {
        ref: "APR-1",
        useCase: "support-bot",
        verdict: "granted",
        decidedBy: ben,
        decidedAt: "2026-03-05T00:00:00.000Z",
        usedAt: null,
        decision: decision.id,
        heldAt: decision.decidedAt,
        usedDecision: null,
        passedAt: null,
      },
    ],
  };
}
