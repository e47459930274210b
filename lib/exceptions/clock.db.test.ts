import * as fc from "fast-check";
import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readExceptions } from "@/lib/evidence/read-governance";
import { loadSnapshot } from "@/lib/pdp/load-snapshot";
import type { DecisionPoint } from "@/lib/pdp/server";
import { policyAt } from "@/lib/pdp/snapshot";
import { compile } from "@/lib/policy/compile";
import { factsDigest } from "@/lib/policy/digest";
import { evaluate } from "@/lib/policy/evaluate";
import type { Facts } from "@/lib/policy/facts";
import { replay } from "@/lib/policy/replay";
import { someFacts } from "@/lib/policy/testing";
import { loadTerms } from "@/lib/telemetry/load-terms";
import type { OverviewView } from "@/lib/telemetry/views";
import { testApi } from "@/lib/testing/api";
import { buildDocument, buildPolicyVersion, buildUseCase, buildWorkload } from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";
import { post, startTestPoint } from "@/lib/testing/decision-point";
import { as, type Cast, makeCast } from "@/lib/testing/people";
import { getException } from "./queries";
import type { CalendarEvent, ExceptionSummary, SprawlView } from "./views";

/**
 * Whether an exception spares, asked of everything that answers it, at every instant at which the answer may change
 * and a millisecond before and after. What is right is said by `spares`, which shares nothing with the program.
 */

const HOW_MANY = 16;
const DAY_MS = 86_400_000;
const GRACE_MS = 7 * DAY_MS;
const EPOCH = Date.parse("2026-02-01T00:00:00.000Z");

interface Review {
  dueAt: number;
  at: number;
  nextReviewAt: number;
}

interface Generated {
  id: string;
  tool: string;
  status: "approved" | "revoked" | "retired" | "submitted" | "rejected";
  startsAt: number;
  expiresAt: number;
  /** The review that is due first. */
  firstDue: number;
  decidedAt: number | null;
  endedAt: number | null;
  reviews: Review[];
  /** Shortened then, from the expiry that was agreed to, to `expiresAt`. */
  cut: { at: number; from: number } | null;
}

const within = (from: number, to: number) => fc.integer({ min: from, max: Math.max(from, to) });

/** A review of what is due, early, late or too late, until a next date before the expiry; or none any more. */
const anyReviews = (
  due: number,
  since: number,
  [startsAt, expiresAt]: readonly [number, number],
  left: number,
): fc.Arbitrary<Review[]> => {
  if (left === 0 || due >= expiresAt) return fc.constant([]);
  const at = within(Math.max(since + 1, due - 3 * DAY_MS), Math.max(since + 1, due + 12 * DAY_MS));
  return at.chain((made) => {
    if (made >= expiresAt - 1) return fc.constant([]);
    return within(Math.max(made, startsAt) + 1, expiresAt).chain((nextReviewAt) =>
      anyReviews(nextReviewAt, made, [startsAt, expiresAt], left - 1).map((more) => [
        { dueAt: due, at: made, nextReviewAt },
        ...more,
      ]),
    );
  });
};

const anyException: fc.Arbitrary<Omit<Generated, "id" | "tool">> = fc
  .record({
    start: within(0, 10 * DAY_MS),
    life: within(2, 60 * DAY_MS),
    decided: within(-2 * DAY_MS, 5 * DAY_MS),
    due: fc.double({ min: 0, max: 1, noNaN: true }),
    status: fc.constantFrom(
      "approved",
      "approved",
      "approved",
      "revoked",
      "retired",
      "submitted",
      "rejected",
    ),
    ends: within(1, 20 * DAY_MS),
    reviews: fc.nat(3),
    cut: fc.option(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        to: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
    ),
  })
  .chain(({ start, life, decided, due, status, ends, reviews, cut }) => {
    const startsAt = EPOCH + start;
    const expiresAt = startsAt + life;
    const firstDue = startsAt + Math.max(1, Math.round(due * life));
    const wasApproved = status !== "submitted" && status !== "rejected";
    const decidedAt = status === "submitted" ? null : startsAt + decided;
    const made: fc.Arbitrary<Review[]> = wasApproved
      ? anyReviews(firstDue, decidedAt ?? startsAt, [startsAt, expiresAt], reviews)
      : fc.constant([]);
    return made.map((all) => {
      const last = Math.max(decidedAt ?? 0, ...all.map(({ at }) => at));
      const hasEnded = status === "revoked" || status === "retired";
      const cutAt = cut && last + 1 + Math.floor(cut.at * (expiresAt - last - 2));
      const after = Math.max(cutAt ?? 0, startsAt) + 1;
      const isCut =
        status === "approved" && cut !== null && cutAt !== null && cutAt > last && after < expiresAt;
      return {
        ...{ status: status as Generated["status"], startsAt, firstDue, decidedAt },
        expiresAt: isCut ? after + Math.floor(cut.to * (expiresAt - 1 - after)) : expiresAt,
        cut: isCut ? { at: cutAt, from: expiresAt } : null,
        ...{ reviews: all, endedAt: hasEnded ? last + ends : null },
      };
    });
  });

/** The design, in its own words: approved, begun, not expired, not ended, and its review not over seven days late. */
function spares(one: Generated, at: number): boolean {
  const wasApproved = ["approved", "revoked", "retired"].includes(one.status);
  if (!wasApproved || one.decidedAt === null || at < one.decidedAt) return false;
  if (at < one.startsAt || at >= one.expiresAt) return false;
  if (one.endedAt !== null && at >= one.endedAt) return false;
  const due = one.reviews.reduce(
    (date, review) => (review.at <= at ? review.nextReviewAt : date),
    one.firstDue,
  );
  return at < due + GRACE_MS;
}

function turnsOf(one: Generated): number[] {
  const dues = [one.firstDue, ...one.reviews.map(({ nextReviewAt }) => nextReviewAt)];
  return [
    ...[one.startsAt, one.expiresAt, one.decidedAt, one.endedAt],
    ...dues.flatMap((due) => [due, due + GRACE_MS]),
    ...one.reviews.map(({ at }) => at),
    ...(one.cut ? [one.cut.at, one.cut.from] : []),
  ].filter((at) => at !== null);
}

const test = useTestDatabase();
let now = new Date(EPOCH);
const api = testApi(test, () => now);
const seed = Math.floor(Math.random() * 2 ** 31);
const generated = fc
  .sample(anyException, { numRuns: HOW_MANY, seed })
  .map((one, index): Generated => ({ ...one, id: uuidv7(), tool: `tool_${index}` }));
const document = buildDocument({ "tool-not-approved": { mode: "enforce" } }, "enforcing", {
  baseline: { ...buildDocument().baseline, tools: [] },
});
const policy = compile(document);
const watching = compile({ ...document, stage: "logging" });

let cast: Cast;
let useCase: { id: string; slug: string };
let point: DecisionPoint;
let credential: string;
let factsOf: Map<string, Facts>;

beforeAll(async () => {
  cast = await makeCast(test.db);
  useCase = await buildUseCase(test.db, { slug: "clock", riskOwnerId: cast.risk.id });
  await buildPolicyVersion(test.db, useCase.id, document);
  ({ credential } = await buildWorkload(test.db, [useCase.id], { slug: "gateway" }));
  for (const one of generated) await store(one);
  for (const one of generated) await shorten(one);
  expect(generated.some(({ cut }) => cut !== null)).toBe(true);
  factsOf = new Map(
    generated.map(({ id, tool }) => [id, someFacts({ useCase: "clock", action: "tool_call", tool })]),
  );
  point = await startTestPoint(test.url, { now: () => now });
}, 60_000);
afterAll(() => point?.stop());

async function store(one: Generated): Promise<void> {
  const day = (at: number) => new Date(at);
  const last = one.reviews.at(-1);
  const decided = one.decidedAt !== null && {
    ...{ decidedById: cast.lead.id, decidedAt: day(one.decidedAt), decisionNote: "" },
  };
  await test.db.policyException.create({
    data: {
      id: one.id,
      useCaseId: useCase.id,
      controls: ["tool-not-approved"],
      scope: { tools: [one.tool] },
      justification: "The supplier's interface cannot be changed before the next release.",
      compensatingControls: "Every call is reviewed by hand the same day.",
      category: "mitigated",
      ...{ riskOwnerId: cast.risk.id, businessOwnerId: cast.business.id, requestedById: cast.owner.id },
      ...{ createdAt: day(EPOCH - 9 * DAY_MS), submittedAt: day(EPOCH - 9 * DAY_MS) },
      ...{ startsAt: day(one.startsAt), expiresAt: day(one.cut?.from ?? one.expiresAt) },
      reviewAt: day(last?.nextReviewAt ?? one.firstDue),
      reviewedAt: last ? day(last.at) : null,
      status: one.status,
      termsDigest: "0".repeat(64),
      ...decided,
      ...(one.endedAt !== null && { endedAt: day(one.endedAt), endedReason: "It is over." }),
    },
  });
  await test.db.exceptionReview.createMany({
    data: one.reviews.map(({ dueAt, at, nextReviewAt }) => ({
      id: uuidv7(),
      exceptionId: one.id,
      reviewedById: cast.lead.id,
      note: "Seen.",
      ...{ dueAt: day(dueAt), at: day(at), nextReviewAt: day(nextReviewAt) },
    })),
  });
}

/** By its own command, at its own time; the others are stored as they would be. */
async function shorten({ id, cut, expiresAt }: Generated): Promise<void> {
  if (!cut) return;
  now = new Date(cut.at);
  const json = { expiresAt: new Date(expiresAt).toISOString(), reason: "Not so long." };
  const { status, body } = await api.call(cast.risk, "POST", `/exceptions/${id}/shorten`, json);
  expect(status, JSON.stringify(body)).toBe(200);
}

/** What a reader of the evidence makes of a row of the pack, with what stands in it and nothing else. */
async function readPack(): Promise<Map<string, (at: number) => boolean>> {
  const client = await test.pool.connect();
  const second = await test.pool.connect();
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    const [from, to] = [new Date(EPOCH - 9 * DAY_MS), new Date(EPOCH + 400 * DAY_MS)];
    const scope = { client, second, from, to, size: 0, slugs: [], useCases: new Map() };
    const told = new Map<string, (at: number) => boolean>();
    for await (const row of readExceptions(scope)) {
      const text = (name: string) => Date.parse(String(row[name]));
      const reviews = (row["reviews"] as { at: string; dueAt: string; nextReviewAt: string }[]).map(
        (review) => ({
          at: Date.parse(review.at),
          dueAt: Date.parse(review.dueAt),
          nextReviewAt: Date.parse(review.nextReviewAt),
        }),
      );
      const [approval] = row["approvals"] as { verdict: string; at: string }[];
      const one: Generated = {
        id: String(row["id"]),
        tool: "",
        status: row["status"] as Generated["status"],
        ...{ startsAt: text("startsAt"), expiresAt: text("expiresAt"), reviews },
        firstDue: reviews[0]?.dueAt ?? text("reviewAt"),
        decidedAt: approval?.verdict === "approve" ? Date.parse(approval.at) : null,
        endedAt: row["endedAt"] === null ? null : text("endedAt"),
        cut: null,
      };
      told.set(one.id, (at) => spares(one, at));
    }
    await client.query("COMMIT");
    return told;
  } finally {
    client.release();
    second.release();
  }
}

/** The register's answer, through the API: the ids of those that are in force now. */
async function readRegister(): Promise<string[]> {
  const { status, body } = await api.call<{ items: ExceptionSummary[] }>(
    cast.auditor,
    "GET",
    "/exceptions?state=in_force&limit=200",
  );
  expect(status).toBe(200);
  return body.items.map(({ id }) => id);
}

/** What the calendar says of each that it shows, by reference; what is over is not in it. */
async function readCalendar(): Promise<Map<string, Set<string>>> {
  const window = `from=${new Date(EPOCH).toISOString()}&to=${new Date(EPOCH + 399 * DAY_MS).toISOString()}`;
  const { status, body } = await api.call<CalendarEvent[]>(
    cast.auditor,
    "GET",
    `/exceptions/calendar?${window}`,
  );
  expect(status).toBe(200);
  const events = Map.groupBy(body, ({ ref }) => ref);
  return new Map([...events].map(([ref, all]) => [ref, new Set(all.map(({ state }) => state))]));
}

/** Counts of those in force, each as its own page shows it. */
async function readCounts() {
  const get = async <T>(path: string) => (await api.call<T>(cast.auditor, "GET", path)).body;
  const hour = `from=${new Date(now.getTime() - 3_600_000).toISOString()}&to=${now.toISOString()}`;
  const overview = await get<OverviewView>(`/telemetry/overview?${hour}`);
  const { items } = await get<{ items: { slug: string; openExceptions: number }[] }>("/use-cases");
  const sprawl = (await get<SprawlView>("/exceptions/sprawl?days=7")).points.at(-1);
  const sum = (counts: Record<string, number> = {}) => Object.values(counts).reduce((all, n) => all + n, 0);
  return {
    overview: overview.exceptionsInForce,
    ages: overview.exceptionsByAge.reduce((all, { n }) => all + n, 0),
    "use case": items.find(({ slug }) => slug === "clock")?.openExceptions,
    sprawl: sprawl?.total,
    "sprawl by age": sum(sprawl?.byAge),
    "sprawl by tier": sum(sprawl?.byTier),
  };
}

function isKnown({ reviews, endedAt }: Generated, at: number): boolean {
  return reviews.every((review) => review.at <= at) && (endedAt === null || endedAt <= at);
}

it("is said alike by evaluator, decision point, replay, evidence, register, calendar, counts and console", async () => {
  const terms = await loadTerms(test.db, useCase.id);
  const snapshot = (await loadSnapshot(test.pool, now, new Map())).useCases.get("clock");
  if (!snapshot) throw new Error("The snapshot has no such use case.");
  const pack = await readPack();
  const rows = await test.db.policyException.findMany({ select: { id: true, ref: true } });
  const refs = new Map(rows.map(({ id, ref }) => [id, `EXC-${ref}`]));
  const facts = new Map([...factsOf.values()].map((one) => [factsDigest(one), one]));
  const turns = generated.flatMap((one) =>
    turnsOf(one).flatMap((turn) => [-1, 0, 1].map((step) => ({ one, at: turn + step }))),
  );
  const wrong: string[] = [];
  let asked = 0;
  for (const [at, here] of Map.groupBy(turns, (turn) => turn.at)) {
    now = new Date(at);
    const replayed = replay({
      facts,
      cells: [...facts.keys()].map((fact) => ({ fact, from: now, to: new Date(at + 1), hour: "", n: 1 })),
      ...{ before: watching, after: policy, exceptions: terms, lapseAt: now },
    });
    const lapsing = new Set(replayed.lapses?.byException.map(({ id }) => id));
    const registered = new Set(await readRegister());
    const calendar = await readCalendar();
    const counts = await readCounts();
    for (const one of generated) {
      const right = spares(one, at);
      const own = factsOf.get(one.id) ?? someFacts();
      const usable = policyAt(snapshot, now)?.usable;
      const said: Record<string, boolean | undefined> = {
        evaluator: evaluate(own, policy, terms, now).outcome === "flag",
        snapshot: usable
          ? evaluate(own, usable.compiled, snapshot.exceptions, now).outcome === "flag"
          : false,
        replay: lapsing.has(one.id),
        evidence: pack.get(one.id)?.(at),
      };
      // The console shows what is known now: of an instant before the last review, or the end, nobody asks it.
      if (isKnown(one, at)) {
        said["register"] = registered.has(one.id);
        const states = calendar.get(refs.get(one.id) ?? "");
        said["calendar"] = states?.has("in_force") ?? false;
        if (states && states.size !== 1) wrong.push(`calendar says ${[...states]} of one at ${at}`);
      }
      if (here.some((turn) => turn.one === one)) {
        if ("register" in said) {
          const { state } = await getException(as(test.db, cast.auditor, now), { id: one.id });
          said["console"] = state === "in_force";
        }
        const call = { action: "tool_call", useCase: "clock", tool: { name: one.tool } };
        const { status, body } = await post(`${point.url}/v1/decisions`, credential, call);
        said["decision point"] = status === 200 ? body["outcome"] === "flag" : undefined;
      }
      for (const [who, answer] of Object.entries(said)) {
        asked++;
        if (answer !== right) {
          wrong.push(
            `${who} says ${answer}, not ${right}, at ${now.toISOString()} of ${JSON.stringify(one)}`,
          );
        }
      }
    }
    const inForce = generated.filter((one) => spares(one, at)).length;
    // Sprawl tells of the past as it was; the others of what is known now, which the register lists.
    for (const [who, n] of Object.entries(counts)) {
      const right = who.startsWith("sprawl") ? inForce : registered.size;
      if (n !== right) wrong.push(`${who} counts ${n}, not ${right}, at ${at}`);
    }
    const stopped = generated.filter((one) => !spares(one, at)).length;
    if (replayed.stricter !== stopped)
      wrong.push(`replay stops ${replayed.stricter}, not ${stopped}, at ${at}`);
  }
  expect(wrong.slice(0, 5), `seed ${seed}`).toEqual([]);
  expect(asked).toBeGreaterThan(HOW_MANY * HOW_MANY * 4);
}, 180_000);
