import { expect } from "vitest";
import { proposalDigest } from "@/lib/changes/proposal";
import { CHANGE, type ChangeRow, subjectOf } from "@/lib/changes/row";
import type { Db } from "@/lib/db/prisma";
import { canonicalJson } from "@/lib/policy/canonical";
import { sha256Hex } from "@/lib/policy/digest";

interface Version {
  owner: string;
  number: number;
  content: unknown;
  changeId: string | null;
  effectiveFrom: Date;
}

interface Entry {
  number: bigint;
  action: string;
  detail: unknown;
}

/**
 * Expects every change of the database to agree with its versions, its verdicts and its audit entries: the entries,
 * one after the other, are moves that lead to the state in which it stands; what is applied is exactly one version,
 * the next after its base, with its proposal as content; digests are those of what they name; and versions and
 * entries are numbered without gaps.
 */
export async function assertConsistent(db: Db): Promise<void> {
  const versions = await readVersions(db);
  const changes = await db.changeRequest.findMany({ ...CHANGE, orderBy: { ref: "asc" } });
  const entries = await db.auditEntry.findMany({
    orderBy: { number: "asc" },
    select: { number: true, action: true, detail: true, subjectId: true },
  });
  expect(entries.map(({ number }) => Number(number))).toEqual(entries.map((_, index) => index + 1));
  const entriesOf = Map.groupBy(entries, ({ subjectId }) => subjectId);
  const wrong = changes.flatMap((row) => {
    const own = versions.filter(({ changeId }) => changeId === row.id);
    return problemsOf(row, own, entriesOf.get(row.id) ?? []).map((problem) => `CHG-${row.ref} ${problem}`);
  });
  for (const [owner, all] of Map.groupBy(versions, (version) => version.owner)) {
    const numbers = all.map(({ number }) => number).sort((a, b) => a - b);
    if (numbers.some((number, index) => number !== index + 1)) wrong.push(`${owner} has versions ${numbers}`);
  }
  expect(wrong).toEqual([]);
}

async function readVersions(db: Db): Promise<Version[]> {
  const policies = await db.policyVersion.findMany();
  const floors = await db.floorVersion.findMany();
  const settings = await db.settingVersion.findMany();
  return [
    ...policies.map((one) => ({ ...one, owner: one.useCaseId, content: one.document })),
    ...floors.map((one) => ({ ...one, owner: `floor ${one.dataClass}`, content: one.document })),
    ...settings.map((one) => ({ ...one, owner: `setting ${one.key}`, content: one.value })),
  ];
}

const CLOSED = ["applied", "rejected", "withdrawn"];

function problemsOf(row: ChangeRow, versions: readonly Version[], entries: readonly Entry[]): string[] {
  const problems: string[] = [];
  const must = (holds: boolean, what: string) => {
    if (!holds) problems.push(what);
  };
  const isApplied = row.status === "applied";
  const [version] = versions;
  must(versions.length === (isApplied ? 1 : 0), `is ${row.status} with ${versions.length} versions`);
  if (isApplied) {
    must(version?.number === row.baseVersion + 1, "did not follow its base");
    must(version?.number === row.appliedVersion, "names another version");
    must(version?.effectiveFrom.getTime() === row.appliedAt?.getTime(), "is in force from another instant");
    must(canonicalJson(version?.content) === canonicalJson(row.proposal), "put something else in force");
  }
  must((row.appliedAt !== null) === isApplied, "says wrongly when it was applied");
  must((row.closedAt !== null) === CLOSED.includes(row.status), "says wrongly when it was closed");
  must(row.status !== "scheduled" || row.scheduledFor !== null, "is scheduled for no time");
  must(row.status !== "suspended" || row.suspendedBecause !== null, "is suspended for no reason");
  const subject = subjectOf(row);
  must(
    proposalDigest(subject, row.baseVersion, subject.parse(row.proposal)) === row.proposalDigest,
    "has another digest than its proposal",
  );
  if (row.evidence !== null) {
    must(`sha256:${sha256Hex(canonicalJson(row.evidence))}` === row.evidenceDigest, "has other evidence");
  }
  problems.push(...verdictProblems(row, entries), ...pathProblems(row, entries));
  return problems;
}

/** How many conditions an entry says were accepted. */
function acceptedIn({ action, detail }: Entry): number {
  if (action !== "readiness.accepted") return 0;
  return (detail as { conditions: string[] }).conditions.length;
}

function verdictProblems(row: ChangeRow, entries: readonly Entry[]): string[] {
  const count = (action: string) => entries.filter((entry) => entry.action === action).length;
  const verdicts = (verdict: string) => row.approvals.filter((one) => one.verdict === verdict).length;
  const counting = row.approvals.filter(
    ({ verdict, proposalDigest, evidenceDigest }) =>
      verdict === "approve" && proposalDigest === row.proposalDigest && evidenceDigest === row.evidenceDigest,
  );
  const byThemselves = row.approvals.some(({ personId }) => personId === row.requestedById);
  return [
    verdicts("approve") === count("change.approved") ? "" : "has other approvals than entries of them",
    verdicts("reject") === count("change.rejected") ? "" : "has other rejections than entries of them",
    row.acceptances.length === entries.reduce((sum, entry) => sum + acceptedIn(entry), 0)
      ? ""
      : "has other acceptances than entries",
    (row.review === null ? 0 : 1) === count("change.reviewed") ? "" : "has another review than its entry",
    byThemselves ? "was decided by who asked for it" : "",
    row.status === "applied" && row.emergency === null && counting.length === 0
      ? "was approved by nobody"
      : "",
  ].filter((problem) => problem !== "");
}

const AGAIN = (status: string) => (status === "draft" ? "draft" : "in_review");
const isLast = (detail: unknown) => (detail as { quorumMet?: boolean }).quorumMet === true;

/** From which states each entry may come, and the state that it leads to. */
const MOVES: Record<string, [from: string[], to: (status: string, detail: unknown) => string]> = {
  "change.drafted": [["nothing"], () => "draft"],
  "change.edited": [["draft", "in_review", "approved", "scheduled", "suspended"], AGAIN],
  "change.rebased": [["draft", "in_review", "approved", "scheduled", "suspended"], AGAIN],
  "change.measured": [["in_review", "approved", "scheduled", "suspended"], AGAIN],
  "change.submitted": [["draft"], () => "in_review"],
  "change.approved": [["in_review"], (status, detail) => (isLast(detail) ? "approved" : status)],
  "readiness.accepted": [["in_review"], (status, detail) => (isLast(detail) ? "approved" : status)],
  "change.rejected": [["in_review", "approved", "scheduled", "suspended"], () => "rejected"],
  "change.withdrawn": [["draft", "in_review", "approved", "scheduled", "suspended"], () => "withdrawn"],
  "change.scheduled": [["approved", "scheduled", "suspended"], () => "scheduled"],
  "change.unscheduled": [["scheduled"], () => "approved"],
  "change.suspended": [["scheduled"], () => "suspended"],
  "change.applied": [["approved", "scheduled"], () => "applied"],
  "change.broke_glass": [["draft", "in_review", "approved", "scheduled", "suspended"], () => "applied"],
  "change.stepped_back": [["nothing"], () => "applied"],
  "change.stepped_down": [["nothing"], () => "applied"],
};

function pathProblems(row: ChangeRow, entries: readonly Entry[]): string[] {
  let status = "nothing";
  for (const { action, detail } of entries) {
    const move = MOVES[action];
    if (move === undefined) continue;
    const [from, to] = move;
    if (!from.includes(status)) return [`records ${action} while it was ${status}`];
    status = to(status, detail);
  }
  return status === row.status ? [] : [`is ${row.status}, and ${status} by its entries`];
}
