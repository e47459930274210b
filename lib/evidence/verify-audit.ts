import { checkpointText } from "@/lib/audit/checkpoint-note";
import { fromBase64, fromHex, textOf, utf8 } from "@/lib/evidence/bytes";
import type { PublicKey } from "@/lib/evidence/crypto";
import { auditRowSchema, checkpointSchema, inclusionRowSchema } from "@/lib/evidence/format";
import type { Line } from "@/lib/evidence/pack-reader";
import { PackBroken, type VerifyContext } from "@/lib/evidence/verify-context";

export interface Head {
  size: number;
  root: Uint8Array;
}

/** What an anchoring audit entry says: how many batches, and the root over their digests in hex. */
export interface AnchorClaim {
  batches: unknown;
  root: unknown;
}

/** Checks the signed tree head. Throws `PackBroken` when there is none to go on with. */
export async function verifyCheckpoint(context: VerifyContext, key: PublicKey | null): Promise<Head> {
  const file = "checkpoint.json";
  const broken = (message: string): never => {
    context.report.problem({ file, message });
    throw new PackBroken();
  };
  const bytes = await context.file(file).rest();
  const json = parse(bytes);
  const parsed = checkpointSchema.safeParse(json);
  if (!parsed.success) return broken("It does not have the shape of the format.");
  const { size, at, signature, text, keyId } = parsed.data;
  const root = fromBase64(parsed.data.root);
  const signed = fromBase64(signature);
  if (root?.length !== 32 || !signed) return broken("Root or signature is not canonical base64.");
  if (checkpointText({ size, root, at: new Date(at) }) !== text) {
    context.report.problem({ file, message: "Its text is not that of its size, root and time." });
  }
  if (key && !(await key.verify(utf8(text), signed))) {
    context.report.problem({ file, message: `The signature is not by key ${key.id} (it names ${keyId}).` });
  }
  context.report.checked("signed tree head");
  return { size, root };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(textOf(bytes));
  } catch {
    return null;
  }
}

/** Checks every audit entry against the tree head. Returns what the anchoring entries claim, by number. */
export async function verifyAudit(context: VerifyContext, head: Head): Promise<Map<number, AnchorClaim>> {
  const claims = new Map<number, AnchorClaim>();
  const inclusion = context.lines("inclusion.jsonl");
  const csv = context.csv("audit");
  const numbers = new Numbering(context);
  const rows = await context.eachRow("audit.jsonl", auditRowSchema, async (entry, line) => {
    await csv.add(entry);
    numbers.add(entry.number, entry.at, line);
    verifyEntry(context, head, entry.number, line, await inclusion.next());
    if (entry.action === "decisions.anchored") {
      claims.set(entry.number, { batches: entry.detail["batches"], root: entry.detail["root"] });
    }
  });
  const extra = await inclusion.next();
  if (extra) problem(context, "inclusion.jsonl", extra, "There are more proofs than audit entries.");
  await csv.finish();
  numbers.finish();
  context.count("audit.jsonl", "auditEntries", rows);
  context.report.checked("audit entries by inclusion proof", rows);
  return claims;
}

function problem(context: VerifyContext, file: string, line: Line, message: string): void {
  context.report.problem({ file, row: line.row, offset: line.offset, message });
}

function verifyEntry(context: VerifyContext, head: Head, number: number, line: Line, proofLine: Line | null) {
  if (!proofLine) return problem(context, "audit.jsonl", line, `Entry ${number} has no inclusion proof.`);
  const row = context.row("inclusion.jsonl", proofLine, inclusionRowSchema);
  if (!row) return;
  if (row.number !== number) {
    const message = `The proof is of entry ${row.number}, where that of entry ${number} should stand.`;
    return problem(context, "inclusion.jsonl", proofLine, message);
  }
  const proof = row.proof.map(fromHex).filter((hash) => hash !== null);
  const leaf = context.merkle.leafHash(line.bytes);
  if (context.merkle.verifyInclusion(leaf, number - 1, head.size, proof, head.root)) return;
  const message = `Entry ${number} is not in the log under the checkpoint: its inclusion proof does not hold.`;
  problem(context, "audit.jsonl", line, message);
}

/** Entries ascend; in a pack of every use case none is left out between the period's first and last. */
class Numbering {
  readonly #context: VerifyContext;
  readonly #gaps: { after: number; before: number; line: Line }[] = [];
  #last: number | null = null;
  #first: number | null = null;
  #end = 0;

  constructor(context: VerifyContext) {
    this.#context = context;
  }

  add(number: number, at: string, line: Line): void {
    const { from, to } = this.#context.manifest.period;
    if (this.#last !== null && number <= this.#last) {
      problem(this.#context, "audit.jsonl", line, `Entry ${number} does not come after entry ${this.#last}.`);
    } else if (this.#last !== null && number > this.#last + 1) {
      this.#gaps.push({ after: this.#last, before: number, line });
    }
    this.#last = number;
    if (at < from || at >= to) return;
    this.#first ??= number;
    this.#end = number;
  }

  finish(): void {
    if (this.#context.manifest.useCases.length > 0) return;
    for (const { after, before, line } of this.#gaps) {
      if (this.#first === null || after < this.#first || before > this.#end) continue;
      problem(this.#context, "audit.jsonl", line, `Entries ${after + 1} to ${before - 1} are left out.`);
    }
  }
}
