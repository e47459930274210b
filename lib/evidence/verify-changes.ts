import { toHex, utf8 } from "@/lib/evidence/bytes";
import type { Place } from "@/lib/evidence/named-decisions";
import {
  type ChangeFileRow,
  changeRowSchema,
  type ExceptionFileRow,
  exceptionRowSchema,
  readinessSchema,
} from "@/lib/evidence/record-rows";
import type { VerifyContext } from "@/lib/evidence/verify-context";
import type { Records, Version } from "@/lib/evidence/verify-records";
import { canonicalJson } from "@/lib/policy/canonical";

function pathOf({ subject, subjectKey, useCase }: ChangeFileRow): string {
  return subject === "policy" ? `policy/${useCase}` : `${subject}/${subjectKey}`;
}

/**
 * Checks changes against their digests and what people said of exactly these, applied ones against the version that
 * came of them, and the versions of the period against their changes.
 */
export async function verifyChanges(context: VerifyContext, records: Records): Promise<void> {
  await new ChangeCheck(context, records.versions).run();
}

class ChangeCheck {
  readonly #context: VerifyContext;
  readonly #versions: ReadonlyMap<string, Version>;
  readonly #seen = new Map<string, { path: string; reverts: string | null; place: Place }>();

  constructor(context: VerifyContext, versions: ReadonlyMap<string, Version>) {
    this.#context = context;
    this.#versions = versions;
  }

  async run(): Promise<void> {
    const context = this.#context;
    const csv = context.csv("changes");
    const rows = await context.eachRow("changes.jsonl", changeRowSchema, async (row, line) => {
      await csv.add(row);
      const place: Place = { file: "changes.jsonl", line: { row: line.row, offset: line.offset } };
      for (const message of this.#wrong(row)) this.#tell(place, `${row.ref} ${message}`);
      this.#seen.set(row.ref, { path: pathOf(row), reverts: row.reverts, place });
    });
    await csv.finish();
    context.count("changes.jsonl", "changes", rows);
    this.#matchVersions();
    this.#matchReverts();
    context.report.checked("changes by their digests and what they put in force", rows);
  }

  #tell({ file, line }: Place, message: string): void {
    this.#context.report.problem({ file, row: line.row, offset: line.offset, message });
  }

  #digest(value: unknown): string {
    return toHex(this.#context.hashing.sha256(utf8(canonicalJson(value))));
  }

  *#wrong(row: ChangeFileRow): Generator<string> {
    const { proposal, baseVersion, subject } = row;
    const named = subject === "policy" ? {} : { subject: pathOf(row) };
    if (`sha256:${this.#digest({ ...named, baseVersion, document: proposal })}` !== row.proposalDigest) {
      yield "does not have the digest of its proposal.";
    }
    const evidence = row.evidence === null ? null : `sha256:${this.#digest(row.evidence)}`;
    if (evidence !== row.evidenceDigest) yield "does not have the digest of its evidence.";
    if (row.status === "applied") yield* this.#wrongApplied(row);
    if (row.emergency === "break_glass") {
      if (!row.brokeGlassBy || !row.reviewDueAt) yield "broke the glass by nobody, or without a deadline.";
      if (row.review?.person && row.review.person.id === row.brokeGlassBy?.id) {
        yield "was reviewed by the person who broke the glass.";
      }
    } else if (row.review) {
      yield "was reviewed without having broken the glass.";
    }
  }

  *#wrongApplied(row: ChangeFileRow): Generator<string> {
    const version = this.#versions.get(`${pathOf(row)} ${row.appliedVersion}`);
    const { from, to } = this.#context.manifest.period;
    const isWithin = row.appliedAt !== null && row.appliedAt > from && row.appliedAt < to;
    if (!version && isWithin) yield `put version ${row.appliedVersion} in force, which is not in the pack.`;
    if (version && (version.change !== row.ref || version.digest !== this.#digest(row.proposal))) {
      yield `is not what version ${row.appliedVersion} came of.`;
    }
    if (row.emergency !== null) return;
    const exact = <T extends { proposalDigest: string; evidenceDigest: string }>(words: T[]) =>
      words.filter(
        (word) => word.proposalDigest === row.proposalDigest && word.evidenceDigest === row.evidenceDigest,
      );
    const approvals = exact(row.approvals).filter(({ verdict }) => verdict === "approve");
    if (approvals.length === 0) yield "was applied without an approval of its proposal and evidence.";
    if (approvals.some(({ person }) => person.id === row.requestedBy?.id))
      yield "was approved by its requester.";
    const accepted = new Set(exact(row.acceptances).map(({ condition }) => condition));
    const conditions = readinessSchema.safeParse(row.evidence).data?.readiness.conditions ?? [];
    for (const { id, met } of conditions) {
      if (!met && !accepted.has(id))
        yield `was applied although nobody accepted “${id}” for its proposal and evidence.`;
    }
  }

  /** A version that came in force in the period names a change of the pack. */
  #matchVersions(): void {
    const { from, to } = this.#context.manifest.period;
    for (const [key, version] of this.#versions) {
      const { change, effectiveFrom } = version;
      if (change === null || effectiveFrom === null || effectiveFrom <= from || effectiveFrom >= to) continue;
      const path = this.#seen.get(change)?.path;
      if (path === undefined) this.#tell(version, `${change} is not in changes.jsonl.`);
      else if (!key.startsWith(`${path} `)) this.#tell(version, `${change} is of something else.`);
    }
  }

  #matchReverts(): void {
    for (const { path, reverts, place } of this.#seen.values()) {
      const reverted = reverts === null ? undefined : this.#seen.get(reverts);
      if (reverted && reverted.path !== path)
        this.#tell(place, `It takes back ${reverts}, which is of something else.`);
    }
  }
}

/** Checks exceptions: four eyes, chains of renewals, owners after reassignment, and what campaigns say of them. */
export async function verifyExceptions(context: VerifyContext, { answers }: Records): Promise<void> {
  const csv = context.csv("exceptions");
  const seen = new Map<string, { row: ExceptionFileRow; place: Place }>();
  const tell = ({ file, line }: Place, message: string) =>
    context.report.problem({ file, row: line.row, offset: line.offset, message });
  const rows = await context.eachRow("exceptions.jsonl", exceptionRowSchema, async (row, line) => {
    await csv.add(row);
    const place: Place = { file: "exceptions.jsonl", line: { row: line.row, offset: line.offset } };
    const { useCase, renews, root } = row;
    for (const message of wrongException(row)) tell(place, `${row.ref} ${message}`);
    const before = renews === null ? undefined : seen.get(renews)?.row;
    if (before && (before.useCase !== useCase || (before.root ?? before.ref) !== root)) {
      tell(place, `${row.ref} renews ${renews}, which is of another use case or chain.`);
    }
    seen.set(row.ref, { row, place });
  });
  await csv.finish();
  context.count("exceptions.jsonl", "exceptions", rows);
  for (const [ref, said] of answers) {
    const row = seen.get(ref)?.row;
    for (const answer of said) {
      if (!row) tell(answer, `${ref} is not in exceptions.jsonl.`);
      else if (!holds(row, answer))
        tell(answer, `What ${answer.campaign} says of ${ref} is not in its record.`);
    }
  }
  context.report.checked("exceptions and what campaigns say of them", rows);
}

function holds(
  { status, reviews, shortenings = [] }: ExceptionFileRow,
  { answer, at }: { answer: string | null; at: string | null },
) {
  if (answer === null) return status !== "revoked" && status !== "retired";
  if (answer === "shortened") return shortenings.some((one) => one.at === at);
  if (answer === "kept") return reviews.some((review) => review.at === at);
  return status === answer;
}

function* wrongException(row: ExceptionFileRow): Generator<string> {
  for (const { person, verdict } of row.approvals) {
    const isOwn = person.id === row.requestedBy.id || person.id === row.businessOwner.id;
    if (verdict === "approve" && isOwn) yield "was approved by its requester or business owner.";
  }
  for (const [index, { from, to }] of (row.shortenings ?? []).entries()) {
    const next = row.shortenings?.[index + 1]?.from ?? row.expiresAt;
    if (to >= from || to !== next) yield "does not end when it was last shortened to.";
  }
  for (const [owner, current] of [
    ["risk_owner", row.riskOwner],
    ["business_owner", row.businessOwner],
  ] as const) {
    const last = row.reassignments.findLast((one) => one.owner === owner);
    if (last && last.to.id !== current.id) yield `is not owned by whom it was last given to (${owner}).`;
  }
}
