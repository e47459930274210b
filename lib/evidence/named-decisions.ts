import type { PackFile } from "@/lib/evidence/format";
import type { Line } from "@/lib/evidence/pack-reader";
import type { VerifyContext } from "@/lib/evidence/verify-context";

/** Where a row stands, for a problem that is told later. */
export interface Place {
  file: PackFile;
  line: Pick<Line, "row" | "offset">;
}

interface Named extends Place {
  useCase: string;
  /** The control whose finding the decision must have; null: any. */
  control: string | null;
}

/** The decisions that other records name: those of the period must be in the pack, with the finding that is meant. */
export class NamedDecisions {
  readonly #wanted = new Map<string, Named[]>();
  #met = 0;
  readonly #wrong: { named: Named; message: string }[] = [];

  /** `decidedAt` null: the decision is no longer kept, nothing can be asked of it. */
  name(context: VerifyContext, decision: string, decidedAt: string | null, named: Named): void {
    const { from, to } = context.manifest.period;
    if (decidedAt === null || decidedAt < from || decidedAt >= to) return;
    const others = this.#wanted.get(decision);
    if (others) others.push(named);
    else this.#wanted.set(decision, [named]);
  }

  /** Told of each decision of the pack. */
  meet(row: { id: string; useCase: string } & Record<string, unknown>): void {
    const wanted = this.#wanted.get(row.id);
    if (!wanted) return;
    this.#wanted.delete(row.id);
    const findings = Array.isArray(row["findings"]) ? (row["findings"] as { control?: unknown }[]) : [];
    for (const named of wanted) {
      this.#met += 1;
      if (named.useCase !== row.useCase) {
        this.#wrong.push({ named, message: `Decision ${row.id} is of another use case.` });
      } else if (named.control !== null && !findings.some(({ control }) => control === named.control)) {
        this.#wrong.push({ named, message: `Decision ${row.id} has no finding of ${named.control}.` });
      }
    }
  }

  finish(context: VerifyContext): void {
    for (const [id, wanted] of this.#wanted) {
      for (const named of wanted) {
        this.#wrong.push({ named, message: `Decision ${id} is not in decisions.jsonl.` });
      }
    }
    for (const { named, message } of this.#wrong) {
      const { row, offset } = named.line;
      context.report.problem({ file: named.file, row, offset, message });
    }
    if (this.#met > 0) context.report.checked("decisions that other records name", this.#met);
  }
}
