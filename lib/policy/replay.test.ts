import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyChange, anyDocument, anyException, anyFacts, EPOCH } from "./arbitraries";
import { compile } from "./compile";
import { factsDigest } from "./digest";
import type { PolicyDocument } from "./document";
import { evaluate, OUTCOMES, type Outcome } from "./evaluate";
import { boundaries, type PolicyExceptionTerms } from "./exception";
import type { Facts } from "./facts";
import { type ReplayCell, replay } from "./replay";
import { exampleDocument, someFacts } from "./testing";

const HOUR = 3_600_000;
interface Decided {
  facts: Facts;
  at: Date;
}

/** Cuts a stream of decisions into cells as the recorder does: by fact, hour, and segment between boundaries. */
function cellsOf(decisions: readonly Decided[], exceptions: readonly PolicyExceptionTerms[]): ReplayCell[] {
  const cuts = exceptions.flatMap((terms) => boundaries(terms).map(Number));
  const cells = new Map<string, ReplayCell>();
  for (const { facts, at } of decisions) {
    const hour = Math.floor(at.getTime() / HOUR) * HOUR;
    const inside = cuts.filter((cut) => cut > hour && cut < hour + HOUR);
    const from = Math.max(hour, ...inside.filter((cut) => cut <= at.getTime()));
    const to = Math.min(hour + HOUR, ...inside.filter((cut) => cut > at.getTime()));
    const fact = factsDigest(facts);
    const cell = cells.get(`${fact} ${from}`);
    if (cell) cell.n += 1;
    else {
      const hourKey = new Date(hour).toISOString();
      cells.set(`${fact} ${from}`, { fact, from: new Date(from), to: new Date(to), hour: hourKey, n: 1 });
    }
  }
  return [...cells.values()];
}

const withoutSearch = (document: PolicyDocument): PolicyDocument => ({
  ...document,
  controls: Object.fromEntries(
    Object.entries(document.controls).map(([id, { phrases: _, patterns: __, ...rest }]) => [id, rest]),
  ),
});

describe("replay", { timeout: 60_000 }, () => {
  it("says exactly what deciding every request again says", () => {
    const moment = fc.integer({ min: 0, max: 45 * 24 * HOUR }).map((ms) => new Date(EPOCH + ms));
    const stream = fc
      .tuple(
        fc.array(anyFacts, { minLength: 1, maxLength: 5 }),
        fc.array(fc.tuple(fc.nat(4), moment), { maxLength: 60 }),
      )
      .map(([facts, picks]) =>
        picks.map(([index, at]): Decided => ({ facts: facts[index % facts.length] as Facts, at })),
      );
    let flipped = 0;
    fc.assert(
      fc.property(
        fc.oneof(anyChange, fc.tuple(anyDocument, anyDocument)),
        stream,
        fc.array(anyException, { maxLength: 4 }),
        fc.constantFrom("outcome" as const, "wouldBe" as const),
        ([a, b], decisions, exceptions, by) => {
          const [before, after] = [compile(withoutSearch(a)), compile(withoutSearch(b))];
          const flips = new Map<string, number>();
          let same = 0;
          for (const { facts, at } of decisions) {
            const was = evaluate(facts, before, exceptions, at)[by];
            const is = evaluate(facts, after, exceptions, at)[by];
            if (was === is) same++;
            else flips.set(`${was}>${is}`, (flips.get(`${was}>${is}`) ?? 0) + 1);
          }
          const facts = new Map(decisions.map((decision) => [factsDigest(decision.facts), decision.facts]));
          const cells = cellsOf(decisions, exceptions);
          const found = replay({ facts, cells, before, after, exceptions, by });
          expect(found.total).toBe(decisions.length);
          expect(found.same).toBe(same);
          expect(new Map(found.flips.map(({ from, to, n }) => [`${from}>${to}`, n]))).toEqual(flips);
          const moved = found.flips.reduce((sum, { n }) => sum + n, 0);
          expect(found.stricter + found.looser).toBe(moved);
          for (const counts of [found.byWorkload, found.byHour]) {
            expect(counts.reduce((sum, { stricter, looser }) => sum + stricter + looser, 0)).toBe(moved);
          }
          if (moved > 0) expect(found.byControl.length * found.examples.length).toBeGreaterThan(0);
          flipped += moved;
        },
      ),
      { numRuns: 300 },
    );
    expect(flipped).toBeGreaterThan(100);
  });

  const cell = (facts: Facts, n: number, hour = 0): ReplayCell => ({
    fact: factsDigest(facts),
    from: new Date(EPOCH + hour * HOUR),
    to: new Date(EPOCH + (hour + 1) * HOUR),
    hour: new Date(EPOCH + hour * HOUR).toISOString(),
    n,
  });
  const known = (...facts: Facts[]) => new Map(facts.map((fact) => [factsDigest(fact), fact]));
  const changed = (change: (document: PolicyDocument) => void): PolicyDocument => {
    const document = structuredClone(exampleDocument);
    document.stage = "enforcing";
    change(document);
    return document;
  };

  it("counts by control, workload, hour, tool and model", () => {
    const [unlisted, listed] = [
      someFacts({ tool: "pay", model: "openai/gpt-4o" }),
      someFacts({ tool: "search_x" }),
    ];
    const found = replay({
      facts: known(unlisted, listed),
      cells: [cell(unlisted, 5), cell(unlisted, 2, 1), cell(listed, 9)],
      before: compile(changed(() => {})),
      after: compile(changed((d) => (d.controls["tool-not-approved"] = { mode: "enforce" }))),
      exceptions: [],
    });
    expect(found).toMatchObject({ total: 16, same: 9, stricter: 7, looser: 0, notReplayable: [] });
    expect(found.flips).toEqual([{ from: "flag", to: "block", stricter: true, n: 7 }]);
    const seven = (key: string) => [{ key, stricter: 7, looser: 0 }];
    expect(found.byControl).toEqual(seven("tool-not-approved"));
    expect(found.byWorkload).toEqual(seven("gateway"));
    expect(found.byTool).toEqual(seven("pay"));
    expect(found.byModel).toEqual(seven("openai/gpt-4o"));
    expect(found.byHour.map(({ stricter }) => stricter)).toEqual([5, 2]);
    expect(found.examples).toEqual([factsDigest(unlisted)]);
  });

  it("says what it cannot know, and only that", () => {
    const [plain, blocked] = [someFacts(), someFacts({ tool: "pay" })];
    const enforced = (d: PolicyDocument) => (d.controls["tool-not-approved"] = { mode: "enforce" });
    const found = replay({
      facts: known(plain, blocked),
      cells: [cell(plain, 3), cell(blocked, 4), cell(someFacts({ model: "gone" }), 2)],
      before: compile(changed(enforced)),
      after: compile(
        changed((d) => {
          enforced(d);
          d.controls["custom/new"] = { mode: "enforce", sensitivity: "L1", phrases: ["never said"] };
        }),
      ),
      exceptions: [],
    });
    expect(found).toMatchObject({ total: 9, same: 4, stricter: 0, looser: 0 });
    expect(found.notReplayable).toEqual([
      { reason: "content_not_kept", n: 3 },
      { reason: "facts_missing", n: 2 },
    ]);
  });

  it("knows nothing of what a control would have found while it was off", () => {
    const hours = (mode: "off" | "enforce") =>
      changed((d) => {
        d.controls["custom/hours"] = { mode, sensitivity: "L1", phrases: ["opening hours"] };
      });
    const asked = (before: "off" | "enforce", after: "off" | "enforce") =>
      replay({
        facts: known(someFacts()),
        cells: [cell(someFacts(), 3)],
        before: compile(hours(before)),
        after: compile(hours(after)),
        exceptions: [],
      });
    const unknown = [{ reason: "content_not_kept", n: 3 }];
    expect(asked("off", "enforce")).toMatchObject({ same: 0, stricter: 0, notReplayable: unknown });
    expect(asked("enforce", "off")).toMatchObject({ same: 3, notReplayable: [] });
    expect(asked("off", "off")).toMatchObject({ same: 3, notReplayable: [] });
  });

  it("says of which requests nobody can know what a lapse would block", () => {
    const [plain, paying] = [someFacts(), someFacts({ tool: "pay" })];
    const until = new Date(EPOCH + 24 * HOUR);
    const exception = (n: number, control: string): PolicyExceptionTerms => ({
      id: `${n}`,
      ref: `EXC-${n}`,
      useCase: plain.useCase,
      controls: [control],
      scope: {},
      riskOwner: "Owner",
      startsAt: new Date(EPOCH),
      approvedAt: new Date(EPOCH),
      expiresAt: until,
      reviewAt: until,
      reviewedAt: null,
      endedAt: null,
    });
    const asked = (looksFor: string[]) =>
      replay({
        facts: known(plain, paying),
        cells: [cell(plain, 3), cell(paying, 4)],
        before: compile(changed(() => {})),
        after: compile(
          changed((d) => {
            d.controls["tool-not-approved"] = { mode: "enforce" };
            if (looksFor.length > 0)
              d.controls["custom/new"] = { mode: "enforce", sensitivity: "L1", phrases: looksFor };
          }),
        ),
        exceptions: [exception(1, "tool-not-approved"), exception(2, "custom/new")],
        lapseAt: new Date(EPOCH + HOUR),
      }).lapses;
    const rows = (first: number) => [
      { id: "1", ref: "EXC-1", until: until.getTime(), n: first },
      { id: "2", ref: "EXC-2", until: until.getTime(), n: 0 },
    ];
    expect(asked([])).toEqual({ n: 4, byException: rows(4), unknown: 0 });
    expect(asked(["never said"])).toEqual({ n: 0, byException: rows(0), unknown: 7 });
  });

  it("orders flips by how strict they get", () => {
    const rank = (outcome: Outcome) => OUTCOMES.indexOf(outcome);
    const found = replay({
      facts: known(someFacts({ tool: "pay" }), someFacts({ signals: { "prompt-attack": 1 } })),
      cells: [cell(someFacts({ tool: "pay" }), 1), cell(someFacts({ signals: { "prompt-attack": 1 } }), 1)],
      before: compile(changed(() => {})),
      after: compile(
        changed((d) => {
          d.controls["tool-not-approved"] = { mode: "require_approval" };
          d.controls["prompt-attack"] = { mode: "enforce", sensitivity: "L1" };
        }),
      ),
      exceptions: [],
    });
    expect(found.flips.map(({ to }) => rank(to))).toEqual([rank("block"), rank("require_approval")]);
  });
});
