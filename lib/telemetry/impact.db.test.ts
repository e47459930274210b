import * as fc from "fast-check";
import { uuidv7 } from "uuidv7";
import { beforeAll, describe, expect, it } from "vitest";
import type { Decision } from "@/lib/pdp/decision";
import { anyChange, anyDocument, anyFacts } from "@/lib/policy/arbitraries";
import { canonicalJson } from "@/lib/policy/canonical";
import { compile } from "@/lib/policy/compile";
import type { PolicyDocument } from "@/lib/policy/document";
import { evaluate, OUTCOMES } from "@/lib/policy/evaluate";
import { isInForce, type PolicyExceptionTerms } from "@/lib/policy/exception";
import type { Facts } from "@/lib/policy/facts";
import { join } from "@/lib/policy/lattice";
import { exampleDocument, someFacts } from "@/lib/policy/testing";
import type { Mode } from "@/lib/policy/vocabulary";
import { useTestDatabase } from "@/lib/testing/database";
import { measureImpact } from "./impact";
import { addVersion, decide, makePerson, makeUseCase, recordDecisions } from "./testing";
import type { ImpactView } from "./views";

const database = useTestDatabase();
const START = new Date("2026-03-01T00:00:00.000Z");
const HOUR = 3_600_000;
const HOURS = 12;
const instant = (ms: number) => new Date(START.getTime() + ms);

let owner: string;
let approver: string;
beforeAll(async () => {
  owner = await makePerson(database.db, ["risk_owner"], START);
  approver = await makePerson(database.db, ["security_lead"], START);
});

interface Terms {
  controls: string[];
  scope: { tools?: string[]; models?: string[] };
  start: number;
  length: number;
  review: number;
  end: number | null;
  /** Milliseconds from when the review was due to when it was made; over 7 days leave a time of suspension. */
  reviewedAfter: number | null;
}

async function storeException(useCaseId: string, terms: Terms): Promise<void> {
  const startsAt = instant(terms.start);
  const expiresAt = instant(terms.start + terms.length);
  const dueAt = new Date(startsAt.getTime() + Math.max(1, Math.floor(terms.length * terms.review)));
  const reviewedAt =
    terms.reviewedAfter === null
      ? null
      : new Date(Math.min(dueAt.getTime() + terms.reviewedAfter, expiresAt.getTime() - 1));
  const endedAt = terms.end === null ? null : instant(terms.end);
  const id = uuidv7();
  await database.db.policyException.create({
    data: {
      id,
      useCaseId,
      controls: terms.controls,
      scope: terms.scope,
      justification: "x".repeat(40),
      compensatingControls: "none",
      category: "waiver",
      riskOwnerId: owner,
      businessOwnerId: owner,
      requestedById: owner,
      startsAt,
      expiresAt,
      reviewAt: reviewedAt ? expiresAt : dueAt,
      reviewedAt,
      status: endedAt ? "revoked" : "approved",
      createdAt: startsAt,
      submittedAt: startsAt,
      termsDigest: "",
      decidedById: approver,
      decidedAt: startsAt,
      endedAt,
      ...(reviewedAt
        ? {
            reviews: {
              create: {
                id: uuidv7(),
                reviewedById: approver,
                note: "",
                dueAt,
                nextReviewAt: expiresAt,
                at: reviewedAt,
              },
            },
          }
        : {}),
    },
  });
}

/** Was the exception in force then? Said again from what is stored, without `epochsOf`. */
async function loadNaively(useCaseId: string, slug: string) {
  const stored = await database.db.policyException.findMany({
    where: { useCaseId },
    include: { reviews: true },
    orderBy: { ref: "asc" },
  });
  return (at: Date): PolicyExceptionTerms[] =>
    stored.map((row) => {
      const review = row.reviews[0];
      const isBefore = review !== undefined && at < review.at;
      return {
        id: row.id,
        ref: `EXC-${row.ref}`,
        useCase: slug,
        controls: row.controls,
        scope: row.scope as Terms["scope"],
        riskOwner: "",
        startsAt: row.startsAt,
        expiresAt: row.expiresAt,
        reviewAt: isBefore ? review.dueAt : row.reviewAt,
        reviewedAt: isBefore ? null : row.reviewedAt,
        endedAt: row.endedAt,
        approvedAt: row.decidedAt ?? row.startsAt,
      };
    });
}

/** The same question, one decision after the other. */
function oneByOne(
  decisions: readonly Decision[],
  [before, after]: [PolicyDocument, PolicyDocument],
  termsAt: (at: Date) => PolicyExceptionTerms[],
  [from, to]: [Date, Date],
) {
  const [was, is] = [compile(before), compile(after)];
  const flips = new Map<string, number>();
  const byHour = new Map<string, number>();
  const today = termsAt(to).filter((terms) => isInForce(terms, to));
  const despite: Counted = { n: 0, by: {} };
  const lapse: Counted = { n: 0, by: Object.fromEntries(today.map(({ ref }) => [ref, 0])) };
  let same = 0;
  let total = 0;
  const flipped = new Set<string>();
  for (const { facts, decidedAt, id } of decisions) {
    if (decidedAt < from || decidedAt >= to) continue;
    total++;
    const terms = termsAt(decidedAt);
    const recorded = evaluate(facts, was, terms, decidedAt);
    const [a, b] = [recorded.outcome, evaluate(facts, is, terms, decidedAt).outcome];
    const spared = recorded.findings.flatMap(({ exception }) => exception?.ref ?? []);
    if (a !== "block" && b === "block" && spared.length > 0) count(despite, spared);
    const blocks = (exceptions: PolicyExceptionTerms[]) =>
      evaluate(facts, is, exceptions, to).outcome === "block";
    if (blocks([]) && !blocks(today)) {
      const missed = today.filter(({ ref }) => blocks(today.filter((one) => one.ref !== ref)));
      count(
        lapse,
        missed.map(({ ref }) => ref),
      );
    }
    if (a === b) {
      same++;
      continue;
    }
    flipped.add(id);
    flips.set(`${a}>${b}`, (flips.get(`${a}>${b}`) ?? 0) + 1);
    const hour = new Date(Math.floor(decidedAt.getTime() / HOUR) * HOUR).toISOString();
    byHour.set(hour, (byHour.get(hour) ?? 0) + 1);
  }
  return { total, same, flips, byHour: [...byHour].sort(), flipped, despite, lapse };
}

interface Counted {
  n: number;
  by: Record<string, number>;
}

function count(counted: Counted, refs: readonly string[]): void {
  counted.n++;
  for (const ref of new Set(refs)) counted.by[ref] = (counted.by[ref] ?? 0) + 1;
}

const byRef = (rows: readonly { ref: string; n: number }[]) =>
  Object.fromEntries(rows.map(({ ref, n }) => [ref, n]));

function assertAgrees(found: ImpactView, expected: ReturnType<typeof oneByOne>) {
  expect(found.decisions).toBe(expected.total);
  expect(found.replayed).toBe(expected.total);
  expect(found.same).toBe(expected.same);
  expect(new Map(found.flips.map(({ from, to, n }) => [`${from}>${to}`, n]))).toEqual(expected.flips);
  expect(found.byHour.map(({ key, stricter, looser }) => [key, stricter + looser])).toEqual(expected.byHour);
  if (!found.newBlocks) throw new Error("no new blocks");
  const { despite, onLapse } = found.newBlocks;
  expect({ n: despite.n, by: byRef(despite.byException) }).toEqual(expected.despite);
  expect({ n: onLapse.n, by: byRef(onLapse.byException) }).toEqual(
    expected.total > 0 ? expected.lapse : { n: 0, by: {} },
  );
  expect(onLapse.unknown).toBe(0);
  const moved = (rows: ImpactView["byHour"]) => rows.reduce((sum, row) => sum + row.stricter + row.looser, 0);
  expect(moved(found.byWorkload)).toBe(found.stricter + found.looser);
  for (const { decisionId, from, to } of found.examples) {
    expect(expected.flipped).toContain(decisionId);
    expect(OUTCOMES.indexOf(from)).not.toBe(OUTCOMES.indexOf(to));
  }
  expect(found.examples.length).toBeGreaterThan(expected.flipped.size > 0 ? 0 : -1);
}

const plain = (document: PolicyDocument): PolicyDocument => ({
  ...document,
  controls: Object.fromEntries(
    Object.entries(document.controls).filter(([, binding]) => !binding.phrases && !binding.patterns),
  ),
  limited: { ...document.limited, controls: [] },
});

const anyTerms = fc.record({
  controls: fc.subarray(
    ["prompt-attack", "tool-not-approved", "model-not-approved", "secrets", "prompt-size"],
    {
      minLength: 1,
    },
  ),
  scope: fc.constantFrom<Terms["scope"][]>({}, { tools: ["a*"] }, { models: ["*b"] }),
  start: fc.integer({ min: -9 * 24 * HOUR, max: HOURS * HOUR }),
  length: fc.integer({ min: 60_000, max: 20 * 24 * HOUR }),
  review: fc.double({ min: 0.01, max: 1, noNaN: true }),
  end: fc.option(fc.integer({ min: 0, max: HOURS * HOUR }), { nil: null, freq: 3 }),
  reviewedAfter: fc.option(fc.integer({ min: 0, max: 10 * 24 * HOUR }), { nil: null }),
});

/** In force from before the window, to its end or revoked within, for controls that the traffic of the test fires. */
const anyLasting = fc
  .tuple(
    fc.subarray(["prompt-attack", "tool-not-approved", "model-not-approved"], { minLength: 1, maxLength: 2 }),
    fc.constantFrom(null, 11 * HOUR),
  )
  .map(([controls, end]): Terms => {
    const length = 20 * 24 * HOUR;
    return { controls, scope: {}, start: -HOUR, length, review: 1, end, reviewedAfter: null };
  });

const anyTraffic = fc.array(
  fc.record({ facts: fc.integer({ min: 0, max: 7 }), at: fc.integer({ min: 0, max: HOURS * HOUR - 1 }) }),
  { minLength: 20, maxLength: 120 },
);

/** Three controls that exceptions are for, and traffic that they fire on. */
const anyStrict = fc
  .record({
    stage: fc.constantFrom("logging" as const, "enforcing" as const, "enforcing" as const),
    modes: fc.array(fc.constantFrom("off", "log", "require_approval", "enforce", "enforce"), {
      minLength: 3,
      maxLength: 3,
    }),
  })
  .map(
    ({ stage, modes: [prompt, tool, model] }): PolicyDocument => ({
      ...exampleDocument,
      stage,
      limited: { controls: [], cohort: { percent: 0, workloads: [] } },
      baseline: { ...exampleDocument.baseline, tools: [], models: [] },
      controls: {
        "prompt-attack": { mode: (prompt ?? "off") as Mode, sensitivity: "L2" },
        "tool-not-approved": { mode: (tool ?? "off") as Mode },
        "model-not-approved": { mode: (model ?? "off") as Mode },
      },
    }),
  );
const anyStopped = fc
  .record({
    attack: fc.boolean(),
    tool: fc.constantFrom(undefined, "pay", "a1", "a2"),
    model: fc.constantFrom(undefined, "ob", "other"),
  })
  .map(({ attack, tool, model }) =>
    someFacts({
      action: tool ? "tool_call" : "prompt",
      signals: attack ? { "prompt-attack": 1 } : {},
      ...(tool ? { tool } : {}),
      ...(model ? { model } : {}),
    }),
  );

interface World {
  documents: PolicyDocument[];
  pool: Facts[];
  traffic: { facts: number; at: number }[];
  exceptions: Terms[];
  /** Milliseconds cut from the window's start and end. */
  cut: [number, number];
}

/** Records the traffic, measures, and compares with deciding each decision again. */
async function proveAgreement({ documents, pool, traffic, exceptions, cut: [head, tail] }: World) {
  const [before, after] = documents as [PolicyDocument, PolicyDocument];
  const slug = `case-${uuidv7()}`;
  const useCase = await makeUseCase(database.db, slug, { riskOwnerId: owner, now: START, document: before });
  for (const terms of exceptions) await storeException(useCase.id, terms);
  const policy = compile(before);
  const decisions = traffic.map(({ facts, at }) =>
    decide({ useCase, facts: { ...(pool[facts] as Facts), useCase: slug }, at: instant(at), policy }),
  );
  await recordDecisions(database.pool, decisions);
  const termsAt = await loadNaively(useCase.id, slug);
  const [from, to] = [instant(head), instant(HOURS * HOUR - tail)];
  const expected = oneByOne(decisions, [before, after], termsAt, [from, to]);
  const found = await measureImpact(database.db, { useCaseId: useCase.id, before, after, from, to });
  assertAgrees(found, expected);
  return { expected, decisions, termsAt };
}

describe("the impact of a change", () => {
  it("equals deciding every recorded decision again, one by one, whatever the exceptions", async () => {
    const seen = { flips: 0, turns: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(anyChange, fc.tuple(anyDocument, anyDocument)),
        fc.array(anyFacts, { minLength: 8, maxLength: 8 }),
        anyTraffic,
        fc.array(anyTerms, { maxLength: 3 }),
        fc.tuple(fc.integer({ min: 0, max: 2 * HOUR }), fc.integer({ min: 0, max: 2 * HOUR })),
        async (documents, pool, traffic, exceptions, cut) => {
          const all = { documents: documents.map(plain), pool, traffic, exceptions, cut };
          const { expected, decisions, termsAt } = await proveAgreement(all);
          seen.flips += expected.flipped.size;
          const inForce = decisions.map(({ decidedAt }) =>
            termsAt(decidedAt)
              .map((t) => isInForce(t, decidedAt))
              .join(),
          );
          seen.turns += new Set(inForce).size - 1;
        },
      ),
      { numRuns: 60 },
    );
    expect(seen.flips).toBeGreaterThan(100);
    expect(seen.turns).toBeGreaterThan(20);
  }, 300_000);

  it("says what it newly blocks of what exceptions cover: then, and once each of today's lapses", async () => {
    const seen = { despite: 0, ended: 0, onLapse: 0, alone: 0, together: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(anyStrict, anyStrict),
        fc.array(anyStopped, { minLength: 8, maxLength: 8 }),
        anyTraffic,
        fc.array(fc.oneof(anyTerms, anyLasting), { minLength: 2, maxLength: 5 }),
        fc.tuple(fc.integer({ min: 0, max: HOUR }), fc.integer({ min: 0, max: HOUR })),
        async (documents, pool, traffic, exceptions, cut) => {
          const { expected } = await proveAgreement({ documents, pool, traffic, exceptions, cut });
          const { despite, lapse } = expected;
          seen.despite += despite.n;
          seen.ended += Object.keys(despite.by).filter((ref) => !(ref in lapse.by)).length;
          seen.onLapse += lapse.n;
          const alone = Object.values(lapse.by).reduce((sum, n) => sum + n, 0);
          seen.alone += alone;
          if (alone !== lapse.n) seen.together++;
        },
      ),
      { numRuns: 100 },
    );
    expect(seen.despite).toBeGreaterThan(30);
    expect(seen.ended, "exceptions that have ended since").toBeGreaterThan(0);
    expect(seen.onLapse).toBeGreaterThan(30);
    expect(seen.alone).toBeGreaterThan(30);
    expect(seen.together, "requests that several exceptions cover").toBeGreaterThan(0);
  }, 300_000);

  it("joins the floor into both documents, and says the same twice", async () => {
    const floor: PolicyDocument = {
      ...exampleDocument,
      stage: "enforcing",
      controls: { "tool-not-approved": { mode: "enforce" } },
      limited: { controls: [], cohort: { percent: 0, workloads: [] } },
    };
    const useCase = await makeUseCase(database.db, "floored", {
      riskOwnerId: owner,
      now: START,
      document: exampleDocument,
    });
    await database.db.floorVersion.create({
      data: {
        id: uuidv7(),
        dataClass: "internal",
        number: 1,
        document: floor,
        digest: compile(floor).digest,
        effectiveFrom: START,
      },
    });
    const later = { ...floor, stage: "logging" as const, controls: {} };
    await database.db.floorVersion.create({
      data: {
        id: uuidv7(),
        dataClass: "internal",
        number: 2,
        document: later,
        digest: compile(later).digest,
        effectiveFrom: instant(HOURS * HOUR + 1),
      },
    });
    const facts = someFacts({ useCase: "floored", action: "tool_call", tool: "unknown_tool" });
    const policy = compile(join(exampleDocument, floor));
    await recordDecisions(database.pool, [decide({ useCase, facts, at: instant(HOUR + 5), policy })]);
    const after = {
      ...exampleDocument,
      controls: { ...exampleDocument.controls, "tool-not-approved": { mode: "off" as const } },
    };
    const input = {
      useCaseId: useCase.id,
      before: exampleDocument,
      after,
      from: START,
      to: instant(HOURS * HOUR),
    };
    const found = await measureImpact(database.db, input);
    expect([found.decisions, found.same, found.looser]).toEqual([1, 1, 0]);
    expect(found.floorDigest).toBe(compile(floor).digest);
    const next = await measureImpact(database.db, { ...input, to: instant(HOURS * HOUR + 1) });
    expect(next.floorDigest, "a floor counts from the instant at which it is in force").toBe(
      compile(later).digest,
    );
    expect(canonicalJson(await measureImpact(database.db, input))).toBe(canonicalJson(found));
    await database.db.$executeRaw`ALTER TABLE floor_version DISABLE TRIGGER append_only`;
    await database.db.floorVersion.deleteMany();
    await database.db.$executeRaw`ALTER TABLE floor_version ENABLE TRIGGER append_only`;
  });

  it("says what cannot be replayed: phrases nobody looked for then, facts and rows that are gone", async () => {
    const quiet: PolicyDocument = {
      ...exampleDocument,
      controls: {},
      limited: { ...exampleDocument.limited, controls: [] },
    };
    const seeking: PolicyDocument = {
      ...quiet,
      stage: "enforcing",
      controls: {
        "custom/no-legal-advice": { mode: "enforce", sensitivity: "L2", phrases: ["legal advice"] },
      },
    };
    const useCase = await makeUseCase(database.db, "unknowable", {
      riskOwnerId: owner,
      now: START,
      document: quiet,
    });
    await addVersion(database.db, useCase.id, 2, { ...seeking, stage: "logging" }, instant(2 * HOUR));
    const facts = (tool: string) => someFacts({ useCase: "unknowable", tool });
    const policy = compile(quiet);
    await recordDecisions(database.pool, [
      decide({ useCase, facts: facts("a"), at: instant(HOUR + 1), policy }),
      decide({ useCase, facts: facts("b"), at: instant(HOUR + 2), policy }),
      decide({ useCase, facts: facts("a"), at: instant(3 * HOUR + 2), policy, version: 2 }),
      decide({ useCase, facts: facts("c"), at: instant(5 * HOUR + 20), policy, version: 2 }),
    ]);
    await database.db
      .$executeRaw`DELETE FROM fact WHERE use_case_id = ${useCase.id}::uuid AND facts->>'tool' = 'b'`;
    await database.db.$executeRaw`ALTER TABLE decision DISABLE TRIGGER append_only`;
    await database.db
      .$executeRaw`DELETE FROM decision WHERE use_case_id = ${useCase.id}::uuid AND decided_at >= ${instant(5 * HOUR)}`;
    await database.db.$executeRaw`ALTER TABLE decision ENABLE TRIGGER append_only`;
    const found = await measureImpact(database.db, {
      useCaseId: useCase.id,
      before: { ...seeking, stage: "logging" },
      after: seeking,
      from: START,
      to: instant(5 * HOUR + 30_000),
    });
    expect(found.notReplayable).toEqual([
      { reason: "content_not_kept", n: 1 },
      { reason: "facts_missing", n: 1 },
      { reason: "rows_not_kept", n: 1 },
    ]);
    expect([found.decisions, found.replayed, found.same]).toEqual([4, 1, 1]);
  });
});
