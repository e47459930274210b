import * as fc from "fast-check";
import { uuidv7 } from "uuidv7";
import { expect, it } from "vitest";
import type { Decision } from "@/lib/pdp/decision";
import { compile } from "@/lib/policy/compile";
import type { PolicyDocument } from "@/lib/policy/document";
import { evaluate, OUTCOMES } from "@/lib/policy/evaluate";
import type { Facts } from "@/lib/policy/facts";
import { compare, effectiveDocument } from "@/lib/policy/lattice";
import { exampleDocument, someFacts } from "@/lib/policy/testing";
import { MODES, STAGES } from "@/lib/policy/vocabulary";
import { useTestDatabase } from "@/lib/testing/database";
import { measureFloorImpact } from "./impact-floor";
import { decide, makePerson, makeUseCase, recordDecisions } from "./testing";

const database = useTestDatabase();
const START = new Date("2026-03-01T00:00:00.000Z");
const HOUR = 3_600_000;
const instant = (ms: number) => new Date(START.getTime() + ms);

const anyMode = fc.constantFrom(...MODES.filter((mode) => mode !== "redact"));
const anyPolicy = fc
  .record({ stage: fc.constantFrom(...STAGES), tool: anyMode, model: anyMode, attack: anyMode })
  .map(
    ({ stage, tool, model, attack }): PolicyDocument => ({
      ...exampleDocument,
      stage,
      limited: { controls: ["tool-not-approved"], cohort: { percent: 100, workloads: [] } },
      baseline: { ...exampleDocument.baseline, tools: [], models: [] },
      controls: {
        "tool-not-approved": { mode: tool },
        "model-not-approved": { mode: model },
        "prompt-attack": { mode: attack, sensitivity: "L2" },
      },
    }),
  );
const anyRequest = fc.record({
  tool: fc.constantFrom("pay", "read"),
  isAttack: fc.boolean(),
  at: fc.integer({ min: 0, max: 6 * HOUR - 1 }),
});

/** The same question, one decision after the other. */
function oneByOne(decisions: readonly Decision[], before: PolicyDocument, after: PolicyDocument) {
  const [was, is] = [compile(before), compile(after)];
  const flips: Record<string, number> = {};
  let [same, stricter, looser] = [0, 0, 0];
  for (const { facts, decidedAt } of decisions) {
    const [a, b] = [was, is].map((policy) => evaluate(facts, policy, [], decidedAt).outcome);
    if (a === undefined || b === undefined) throw new Error("no outcome");
    if (a === b) same++;
    else if (OUTCOMES.indexOf(b) > OUTCOMES.indexOf(a)) stricter++;
    else looser++;
    if (a !== b) flips[`${a}>${b}`] = (flips[`${a}>${b}`] ?? 0) + 1;
  }
  return { decisions: decisions.length, same, stricter, looser, flips };
}

const flipsOf = (flips: readonly { from: string; to: string; n: number }[]) =>
  Object.fromEntries(flips.map(({ from, to, n }) => [`${from}>${to}`, n]));

it("a floor is measured on each use case of its data class, exactly as deciding again says", async () => {
  const owner = await makePerson(database.db, ["risk_owner"], START);
  const seen = { stricter: 0, looser: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(anyPolicy, fc.array(anyRequest, { maxLength: 20 })), {
        minLength: 1,
        maxLength: 3,
      }),
      fc.option(anyPolicy, { nil: null, freq: 4 }),
      anyPolicy,
      async (plans, before, after) => {
        const expected = new Map<string, ReturnType<typeof oneByOne> & { direction: string }>();
        await database.db.useCase.updateMany({ data: { dataClass: "public" } });
        for (const [document, requests] of plans) {
          const slug = `floor-${uuidv7()}`;
          const useCase = await makeUseCase(database.db, slug, { riskOwnerId: owner, now: START, document });
          const [was, is] = [effectiveDocument(document, before), effectiveDocument(document, after)];
          const policy = compile(was);
          const decisions = requests.map(({ tool, isAttack, at }) => {
            const signals: Facts["signals"] = isAttack ? { "prompt-attack": 1 } : {};
            const facts = someFacts({ useCase: slug, action: "tool_call", tool, signals });
            return decide({ useCase, facts, at: instant(at), policy });
          });
          await recordDecisions(database.pool, decisions);
          const { direction } = compare(was, is);
          expected.set(slug, { ...oneByOne(decisions, was, is), direction });
        }
        const window = { from: START, to: instant(6 * HOUR) };
        const found = await measureFloorImpact(database.db, {
          dataClass: "internal",
          before,
          after,
          ...window,
        });
        const shown = found.useCases.map(
          ({ useCase, direction, decisions, same, stricter, looser, flips }) =>
            [useCase, { direction, decisions, same, stricter, looser, flips: flipsOf(flips) }] as const,
        );
        expect(new Map(shown)).toEqual(expected);
        const all = [...expected.values()];
        const sum = (pick: (one: (typeof all)[number]) => number) =>
          all.reduce((total, one) => total + pick(one), 0);
        expect(found.sum).toMatchObject({
          decisions: sum((one) => one.decisions),
          replayed: sum((one) => one.decisions),
          same: sum((one) => one.same),
          stricter: sum((one) => one.stricter),
          looser: sum((one) => one.looser),
          notReplayable: [],
        });
        for (const [kind, n] of Object.entries(flipsOf(found.sum.flips)))
          expect(n, kind).toBe(sum((one) => one.flips[kind] ?? 0));
        seen.stricter += found.sum.stricter;
        seen.looser += found.sum.looser;
      },
    ),
    { numRuns: 40 },
  );
  expect(seen.stricter).toBeGreaterThan(20);
  expect(seen.looser).toBeGreaterThan(20);
}, 300_000);
