import { fromHex, toHex, utf8 } from "@/lib/evidence/bytes";
import {
  type AnchorRow,
  anchorRowSchema,
  type BatchRow,
  batchRowSchema,
  type PackFile,
  placedDecisionSchema,
} from "@/lib/evidence/format";
import type { NamedDecisions } from "@/lib/evidence/named-decisions";
import type { Line, LineReader } from "@/lib/evidence/pack-reader";
import type { AnchorClaim } from "@/lib/evidence/verify-audit";
import type { VerifyContext } from "@/lib/evidence/verify-context";
import type { Known } from "@/lib/evidence/verify-references";
import { canonicalJson } from "@/lib/policy/canonical";

/**
 * Checks decisions against the digests of their batches, batches against the roots of the audit entries that
 * anchor them. Decisions, batches and anchors stand in the same order, so one of each is held at a time.
 */
export async function verifyDecisions(
  context: VerifyContext,
  claims: ReadonlyMap<number, AnchorClaim>,
  known: Known,
  named: NamedDecisions,
): Promise<void> {
  await new DecisionCheck(context, claims, known, named).run();
}

class DecisionCheck {
  readonly #context: VerifyContext;
  readonly #claims: ReadonlyMap<number, AnchorClaim>;
  readonly #known: Known;
  readonly #named: NamedDecisions;
  readonly #batches: LineReader;
  readonly #decisions: LineReader;
  readonly #csv: ReturnType<VerifyContext["csv"]>;
  readonly #outcomes: Record<string, number> = {};
  #batchCount = 0;
  #decisionCount = 0;

  constructor(
    context: VerifyContext,
    claims: ReadonlyMap<number, AnchorClaim>,
    known: Known,
    named: NamedDecisions,
  ) {
    this.#context = context;
    this.#claims = claims;
    this.#known = known;
    this.#named = named;
    this.#batches = context.lines("batches.jsonl");
    this.#decisions = context.lines("decisions.jsonl");
    this.#csv = context.csv("decisions");
  }

  async run(): Promise<void> {
    const context = this.#context;
    const anchors = await context.eachRow("anchors.jsonl", anchorRowSchema, (anchor, line) =>
      this.#anchor(anchor, line),
    );
    await this.#rest(this.#batches, "batches.jsonl", "The batch is in no anchor of anchors.jsonl.");
    await this.#rest(this.#decisions, "decisions.jsonl", "The decision is in no batch of batches.jsonl.");
    await this.#csv.finish();
    context.count("anchors.jsonl", "anchors", anchors);
    context.count("batches.jsonl", "batches", this.#batchCount);
    context.count("decisions.jsonl", "decisions", this.#decisionCount);
    if (canonicalJson(this.#outcomes) !== canonicalJson(context.manifest.counts.byOutcome)) {
      const message = "The number of decisions by outcome is not the manifest's.";
      context.report.problem({ file: "decisions.jsonl", message });
    }
    context.report.checked("decisions by the digest of their batch", this.#decisionCount);
    context.report.checked("batches by the audit entry that anchors them", this.#batchCount);
  }

  #problem(file: PackFile, line: Line, message: string): void {
    this.#context.report.problem({ file, row: line.row, offset: line.offset, message });
  }

  async #rest(lines: LineReader, file: PackFile, message: string): Promise<void> {
    for (let line = await lines.next(); line; line = await lines.next()) this.#problem(file, line, message);
  }

  async #anchor(anchor: AnchorRow, line: Line): Promise<void> {
    const digests = anchor.batches.map((batch) => fromHex(batch.digest) ?? new Uint8Array(32));
    const root = toHex(this.#context.merkle.rootOf(digests));
    const claim = this.#claims.get(anchor.number);
    if (!claim) {
      this.#problem("anchors.jsonl", line, `Audit entry ${anchor.number} is not an anchor of this pack.`);
    } else if (claim.root !== root || claim.batches !== digests.length) {
      const message = `The batches do not have the root that audit entry ${anchor.number} anchors.`;
      this.#problem("anchors.jsonl", line, message);
    }
    const members = new Map(anchor.batches.map((batch) => [batch.id, batch.digest]));
    let last = "";
    for (let next = await this.#peekBatch(); next; next = await this.#peekBatch()) {
      if (next.batch.anchoredBy !== anchor.number) return;
      await this.#batches.next();
      this.#batchCount += 1;
      const { id, digest } = next.batch;
      if (members.get(id) !== digest)
        this.#problem("batches.jsonl", next.line, `Batch ${id} is not in its anchor.`);
      if (id <= last) this.#problem("batches.jsonl", next.line, `Batch ${id} is not in order.`);
      last = id;
      await this.#batch(next.batch, next.line);
    }
  }

  async #peekBatch(): Promise<{ batch: BatchRow; line: Line } | null> {
    for (let line = await this.#batches.peek(); line; line = await this.#batches.peek()) {
      const batch = this.#context.row("batches.jsonl", line, batchRowSchema);
      if (batch) return { batch, line };
      await this.#batches.next();
    }
    return null;
  }

  async #batch(batch: BatchRow, line: Line): Promise<void> {
    const leaves = new Map<number, Uint8Array>();
    for (const { index, hash } of batch.outside) leaves.set(index, fromHex(hash) ?? new Uint8Array(32));
    const first = await this.#decisions.peek();
    const inside = batch.n - batch.outside.length;
    let rows = 0;
    let previous = -1;
    for (; rows < inside; rows++) {
      const place = await this.#decision(batch, leaves, previous);
      if (place === null) break;
      previous = place;
    }
    const ordered = Array.from({ length: batch.n }, (_, index) => leaves.get(index));
    const complete = leaves.size === batch.n && ordered.every((leaf) => leaf !== undefined);
    if (complete && toHex(this.#context.merkle.rootOf(ordered)) === batch.digest) return;
    const where = first && rows > 0 ? `rows ${first.row} to ${first.row + rows - 1}` : "rows";
    const message = `Batch ${batch.id} (${where}) does not have the digest of batches.jsonl row ${line.row}.`;
    this.#problem("decisions.jsonl", first ?? line, message);
  }

  /** Takes the next decision if it is of this batch; returns its index in the batch. */
  async #decision(
    batch: BatchRow,
    leaves: Map<number, Uint8Array>,
    previous: number,
  ): Promise<number | null> {
    const line = await this.#decisions.peek();
    if (!line) return null;
    const row = this.#context.row("decisions.jsonl", line, placedDecisionSchema);
    if (!row) {
      await this.#decisions.next();
      this.#decisionCount += 1;
      return previous;
    }
    if (row.batchId !== batch.id) return null;
    await this.#decisions.next();
    await this.#csv.add(row);
    this.#decisionCount += 1;
    this.#outcomes[row.outcome] = (this.#outcomes[row.outcome] ?? 0) + 1;
    const { batchId: _, batchIndex, ...record } = row;
    leaves.set(batchIndex, this.#context.merkle.leafHash(utf8(canonicalJson(record))));
    this.#named.meet(row);
    const wrong = this.#wrong(row, batch, previous);
    if (wrong) this.#problem("decisions.jsonl", line, wrong);
    return batchIndex;
  }

  #wrong(
    row: { useCase: string; decidedAt: string; fact: string; batchIndex: number } & Record<string, unknown>,
    batch: BatchRow,
    previous: number,
  ): string | null {
    const { period, useCases } = this.#context.manifest;
    if (row.batchIndex <= previous) return "The decision is not in the order of its batch.";
    if (row.useCase !== batch.useCase) return "The decision is of another use case than its batch.";
    if (useCases.length > 0 && !useCases.includes(row.useCase))
      return "The use case is not one of the pack's.";
    if (row.decidedAt < period.from || row.decidedAt >= period.to)
      return "The decision is outside the period.";
    if (!this.#known.facts.has(`${row.useCase} ${row.fact}`)) return "Its facts are not in facts.jsonl.";
    const policy = `${row.useCase} ${String(row["policyVersion"])} ${String(row["policyDigest"])}`;
    if (!this.#known.policies.has(policy)) return "Its policy is not in policies.jsonl.";
    return null;
  }
}
