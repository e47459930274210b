import type { Answer } from "@/lib/pdp/answer";

/** What came of a replay, per use case. */
export class Tally {
  runs = 0;
  sent = 0;
  refused = 0;
  private readonly byUseCase = new Map<
    string,
    { n: number; outcomes: Map<string, number>; controls: Map<string, number> }
  >();
  private readonly refusals = new Map<string, number>();

  add(answer: Answer): void {
    const { useCase } = answer.policy;
    const entry = this.byUseCase.get(useCase) ?? { n: 0, outcomes: new Map(), controls: new Map() };
    this.byUseCase.set(useCase, entry);
    entry.n += 1;
    increase(
      entry.outcomes,
      answer.outcome === answer.wouldBe ? answer.outcome : `${answer.outcome}, would be ${answer.wouldBe}`,
    );
    for (const finding of answer.findings) increase(entry.controls, finding.control);
    this.sent += 1;
  }

  refuse(reason: string): void {
    this.refused += 1;
    increase(this.refusals, reason);
  }

  lines(): string[] {
    const lines: string[] = [];
    for (const [useCase, { n, outcomes, controls }] of this.byUseCase) {
      lines.push(
        `${useCase}: ${n.toLocaleString("en")} decisions`,
        ...ranked(outcomes, n),
        "  controls that fired",
        ...ranked(controls, n),
      );
    }
    for (const [reason, n] of this.refusals) lines.push(`refused ${n.toLocaleString("en")} times: ${reason}`);
    return lines;
  }
}

function increase(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function ranked(counts: Map<string, number>, total: number): string[] {
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(
      ([key, n]) =>
        `    ${n.toLocaleString("en").padStart(9)}  ${((100 * n) / total).toFixed(1).padStart(5)} %  ${key}`,
    );
}
