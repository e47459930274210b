/** Something in a pack that does not hold, and where. */
export interface Problem {
  /** A file of the pack, or "zip" for what lies outside its files. */
  file: string;
  /** Byte offset in the file, or in the pack for "zip". */
  offset?: number;
  /** Line of the file, from 1. */
  row?: number;
  message: string;
}

/** What was looked at, and how much of it. */
export interface Check {
  what: string;
  count: number;
}

export interface Verification {
  valid: boolean;
  /** In the order found; at most 50 of `problemCount`. */
  problems: Problem[];
  problemCount: number;
  checks: Check[];
  /** The key that everything was verified with, and whether it was given or is the pack's own. */
  keyId: string | null;
  keyFrom: "given" | "pack";
  /** From the manifest; null when it cannot be read. Only to be trusted when `valid`. */
  about: { ref: string; from: string; to: string; useCases: string[]; createdAt: string } | null;
}

const MAX_KEPT = 50;

/** Gathers what verification finds. */
export class Report {
  readonly problems: Problem[] = [];
  problemCount = 0;
  readonly #checks = new Map<string, number>();

  problem(problem: Problem): void {
    this.problemCount += 1;
    if (this.problems.length < MAX_KEPT) this.problems.push(problem);
  }

  checked(what: string, count = 1): void {
    this.#checks.set(what, (this.#checks.get(what) ?? 0) + count);
  }

  get checks(): Check[] {
    return [...this.#checks].map(([what, count]) => ({ what, count }));
  }
}

/** One line for people: where, then what. */
export function problemText(problem: Problem): string {
  const row = problem.row === undefined ? "" : ` row ${problem.row}`;
  const offset = problem.offset === undefined ? "" : ` byte ${problem.offset}`;
  return `${problem.file}${row}${offset}: ${problem.message}`;
}
