import { beforeAll, describe, expect, it } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import { compile } from "@/lib/policy/compile";
import type { PolicyDocument } from "@/lib/policy/document";
import { exampleDocument, someFacts } from "@/lib/policy/testing";
import { loadTerms } from "@/lib/telemetry/load-terms";
import { addVersion, decide, recordDecisions } from "@/lib/telemetry/testing";
import { useTestDatabase } from "@/lib/testing/database";
import { exceptionsOf } from "@/lib/testing/exceptions";
import { as, type Cast, DAY_MS, inDays, makeCast, makeUseCase, NOW } from "@/lib/testing/people";
import type { UseCaseView } from "@/lib/use-cases/views";
import { getUsage } from "./get-usage";
import { getPreview, previewException } from "./measure-spared";
import { getException, listExceptions } from "./queries";
import { renewException } from "./renew-exception";

const test = useTestDatabase();
const HOUR_MS = 3_600_000;
let cast: Cast;
let useCase: UseCaseView;
let made: ReturnType<typeof exceptionsOf>;

const document: PolicyDocument = {
  ...exampleDocument,
  stage: "enforcing",
  controls: {
    "pii/email": { mode: "redact", sensitivity: "L2" },
    "prompt-attack": { mode: "enforce", sensitivity: "L2" },
  },
};
const policy = compile(document);
const by = (actor: PersonActor, now: Date = NOW) => as(test.db, actor, now);

/** One decision of an e-mail address and an attack, through a tool. */
const facts = (workload: string, signals: Record<string, 1 | 2>) =>
  someFacts({ useCase: useCase.slug, action: "tool_call", workload, tool: "create_ticket", signals });

beforeAll(async () => {
  cast = await makeCast(test.db);
  useCase = await makeUseCase(test.db, cast);
  made = exceptionsOf(test.db, cast, useCase);
  await addVersion(test.db, useCase.id, 2, document, NOW);
});

describe("preview, usage and forecast", () => {
  it("counts the decisions of 30 days, by control and workload, and those that get through by it", async () => {
    const at = (hours: number) => new Date(NOW.getTime() - hours * HOUR_MS);
    const record = (n: number, workload: string, signals: Record<string, 1 | 2>, hours: number) =>
      Array.from({ length: n }, () =>
        decide({ useCase, facts: facts(workload, signals), at: at(hours), policy, version: 2 }),
      );
    await recordDecisions(test.pool, [
      ...record(5, "gateway", { "pii/email": 1 }, 2),
      ...record(3, "gateway", { "pii/email": 1, "prompt-attack": 1 }, 30),
      ...record(2, "batch", { "prompt-attack": 1 }, 24 * 9.5),
      ...record(4, "batch", {}, 3),
      ...record(7, "batch", { "prompt-attack": 1 }, 24 * 31),
    ]);
    const ask = (controls: string[], scope = {}) =>
      previewException(by(cast.auditor), { useCase: useCase.slug, controls, scope });
    expect(await ask(["pii/email"])).toMatchObject({
      decisions: 14,
      spared: 8,
      stops: { redact: 5, block: 0 },
      byControl: [{ key: "pii/email", n: 8 }],
      byWorkload: [{ key: "gateway", n: 8 }],
      days: 10,
      unknown: 0,
    });
    expect(await ask(["pii/email", "prompt-attack"])).toMatchObject({
      spared: 10,
      stops: { redact: 5, block: 5, require_approval: 0 },
      byControl: [
        { key: "pii/email", n: 8 },
        { key: "prompt-attack", n: 5 },
      ],
    });
    expect(await ask(["prompt-attack"], { workloads: ["batch"] })).toMatchObject({ spared: 2 });
    expect(await ask(["prompt-attack"], { tools: ["send_*"] })).toMatchObject({ spared: 0, byControl: [] });
  });

  it("counts each decision once for every exception that spared it, and says when last", async () => {
    const one = await made.approved({ controls: ["pii/email"], scope: {} });
    const two = await made.approved({ controls: ["prompt-attack"], scope: {} });
    const exceptions = await loadTerms(test.db, useCase.id);
    const later = new Date(NOW.getTime() + 3 * HOUR_MS);
    const both = facts("gateway", { "pii/email": 1, "prompt-attack": 1 });
    const make = (at: Date, of = both) => decide({ useCase, facts: of, at, policy, version: 2, exceptions });
    await recordDecisions(test.pool, [
      ...Array.from({ length: 6 }, () => make(new Date(NOW.getTime() + 60_000))),
      ...Array.from({ length: 4 }, () => make(later, facts("gateway", { "prompt-attack": 1 }))),
    ]);
    const now = new Date(NOW.getTime() + 4 * HOUR_MS);
    const used = async (id: string) => {
      const { used, lastUsedAt } = await getException(by(cast.auditor, now), { id });
      return [used, lastUsedAt];
    };
    expect(await used(one.id)).toEqual([6, NOW.toISOString()]);
    expect(await used(two.id)).toEqual([10, "2026-03-02T12:00:00.000Z"]);
    const usage = await getUsage(by(cast.auditor, now), { id: two.id });
    expect(usage).toMatchObject({ total: 10, used: 10 });
    expect(usage.days).toHaveLength(30);
    expect(usage.days.at(-1)).toEqual({ day: "2026-03-02", n: 10 });
    // Were it gone, the 10 of now and the 5 of before would be blocked: its own window has 10 days of traffic.
    expect(usage.forecast).toMatchObject({ spared: 15, stops: { block: 15, redact: 0 }, already: 0 });
    expect(await getPreview(by(cast.auditor, now), { id: one.id })).toMatchObject({ spared: 14, already: 0 });
    const third = await made.request({ controls: ["pii/email", "prompt-attack"], scope: {} });
    expect(await getPreview(by(cast.auditor, now), { id: third.id })).toMatchObject({
      spared: 0,
      already: 20,
    });
    const renewed = await renewException(by(cast.owner, now), {
      id: two.id,
      ...made.renewal(30, 60, { controls: ["prompt-attack"], scope: {} }),
    });
    expect(await getPreview(by(cast.auditor, now), { id: renewed.id })).toMatchObject({ spared: 15 });
  });

  it("proposes for retirement what spared nothing for 30 days in force", async () => {
    const idle = await made.approved({
      expiresAt: inDays(80),
      reviewAt: inDays(80),
      scope: { tools: ["never"] },
    });
    const unused = async (days: number) =>
      (
        await listExceptions(by(cast.auditor, new Date(NOW.getTime() + days * DAY_MS)), {
          unused: "true",
          limit: 50,
        })
      ).items
        .map(({ ref }) => ref)
        .includes(idle.ref);
    expect([await unused(29.99), await unused(30)]).toEqual([false, true]);
  });
});
