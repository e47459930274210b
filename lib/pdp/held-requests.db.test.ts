import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { prefixOf } from "@/lib/access/credential-secret";
import { denyApproval } from "@/lib/approvals/deny-approval";
import { grantApproval } from "@/lib/approvals/grant-approval";
import type { PolicyDocument } from "@/lib/policy/document";
import { buildDocument, buildPolicyVersion, buildUseCase, buildWorkload } from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";
import { post, startTestPoint, TEST_SECRET } from "@/lib/testing/decision-point";
import { as, type Cast, makeCast } from "@/lib/testing/people";
import type { Answer, Approval } from "./answer";
import { mayProceed } from "./answer";
import type { ApprovalAnswer } from "./approvals";
import { MAX_PENDING } from "./hold-request";
import type { DecisionPoint } from "./server";
import { createTaskTokens } from "./task-token";

const database = useTestDatabase();
const MINUTES_15 = 900_000;
let point: DecisionPoint;
let other: DecisionPoint;
let cast: Cast;
let useCaseId: string;
let credential: string;
let secondCredential: string;
let clock = new Date();

const baseline: PolicyDocument["baseline"] = {
  ...buildDocument().baseline,
  tools: [
    { name: "send_money", impact: "high" },
    { name: "read_file", impact: "low" },
  ],
};
const CONTROLS: PolicyDocument["controls"] = {
  "high-impact-tool": { mode: "require_approval" },
  "pii/email": { mode: "redact", sensitivity: "L2" },
};
const policy = (controls: PolicyDocument["controls"] = CONTROLS, more: Partial<PolicyDocument> = {}) =>
  buildDocument(controls, "enforcing", { baseline, ...more });

beforeAll(async () => {
  cast = await makeCast(database.db);
  useCaseId = (await buildUseCase(database.db, { slug: "payments" })).id;
  const otherUseCaseId = (await buildUseCase(database.db, { slug: "refunds" })).id;
  await buildPolicyVersion(database.db, useCaseId, policy());
  await buildPolicyVersion(database.db, otherUseCaseId, policy());
  ({ credential } = await buildWorkload(database.db, [useCaseId, otherUseCaseId], { slug: "payer" }));
  ({ credential: secondCredential } = await buildWorkload(database.db, [useCaseId], { slug: "second" }));
  point = await startTestPoint(database.url, { now: () => clock });
  other = await startTestPoint(database.url, { now: () => clock });
});
/** What waits has expired: one workload may have only so much waiting. */
const expireAll = () => {
  clock = new Date(clock.getTime() + MINUTES_15);
};
beforeEach(expireAll);
afterAll(async () => {
  await point?.stop();
  await other?.stop();
});

/** A payment that no other test makes. */
let payments = 0;
function payment(more: Record<string, unknown> = {}) {
  payments += 1;
  return {
    action: "tool_call",
    useCase: "payments",
    tool: { name: "send_money", arguments: { amount: payments, to: "GB33BUKB20201555555555" } },
    ...more,
  };
}

async function ask(
  body: unknown,
  { at = point, by = credential, key }: { at?: DecisionPoint; by?: string; key?: string } = {},
): Promise<Answer & { approval: Approval }> {
  const headers: Record<string, string> = key === undefined ? {} : { "idempotency-key": key };
  const { status, body: answer } = await post(`${at.url}/v1/decisions`, by, body, headers);
  expect({ status, answer }).toMatchObject({ status: 200 });
  return answer as unknown as Answer & { approval: Approval };
}

async function look(
  { url }: Approval,
  query = "",
  { at = point, by = credential } = {},
): Promise<{ status: number; body: ApprovalAnswer; headers: Headers }> {
  const response = await fetch(`${at.url}${url}${query}`, { headers: { authorization: `Bearer ${by}` } });
  return {
    status: response.status,
    body: (await response.json()) as ApprovalAnswer,
    headers: response.headers,
  };
}

const grant = (approval: Approval) =>
  grantApproval(as(database.db, cast.lead, clock), { id: approval.ref, reason: "The invoice is known." });
const deny = (approval: Approval) =>
  denyApproval(as(database.db, cast.lead, clock), { id: approval.ref, reason: "Nobody ordered it." });
const count = () => database.db.approvalRequest.count();

describe("a request that needs a person's word", () => {
  it("is held, and the same again names the same one, in whatever order its keys stand", async () => {
    const body = payment({ traceId: "one" });
    const first = await ask(body);
    expect(first).toMatchObject({
      outcome: "require_approval",
      approval: {
        id: expect.any(String),
        ref: expect.stringMatching(/^APR-\d+$/),
        url: `/v1/approvals/${first.approval.id}`,
        status: "pending",
        expiresAt: new Date(clock.getTime() + MINUTES_15).toISOString(),
      },
    });
    expect(mayProceed(first)).toBe(false);
    const before = await count();
    const turned = Object.fromEntries(Object.entries({ ...body, traceId: "two" }).reverse());
    expect((await ask(turned, { at: other })).approval).toEqual(first.approval);
    expect(await count()).toBe(before);
  });

  it("is that of the person behind it: a task for another does not use the grant", async () => {
    const { id: workloadId } = await database.db.workload.findUniqueOrThrow({ where: { slug: "payer" } });
    const taskFor = (actor: string) =>
      createTaskTokens(TEST_SECRET).mint({
        workloadId,
        useCase: "payments",
        task: "pay",
        purpose: "customer-support",
        actorHash: actor.repeat(64),
        ancestors: [],
        parent: { kind: "static", key: prefixOf(credential) ?? "" },
        issuedAt: clock.getTime(),
        expiresAt: clock.getTime() + MINUTES_15,
      });
    const [ann, bob] = [await taskFor("a"), await taskFor("b")];
    const body = payment();
    const { approval } = await ask(body, { by: ann });
    await grant(approval);
    const other = await ask(body, { by: bob });
    expect([other.approval.id === approval.id, mayProceed(other)]).toEqual([false, false]);
    expect((await ask(body, { by: ann })).approval).toEqual({ ...approval, status: "granted" });
  });

  it("goes on once when it was granted, and is held anew after that", async () => {
    const body = payment();
    const { approval } = await ask(body);
    await grant(approval);
    const used = await ask(body, { at: other });
    expect(used.outcome).toBe("require_approval");
    expect(used.approval).toEqual({ ...approval, status: "granted" });
    expect(mayProceed(used)).toBe(true);
    const row = await database.db.approvalRequest.findUniqueOrThrow({ where: { id: approval.id } });
    expect(row.usedDecisionId).toBe(used.decisionId);
    const entry = await database.db.auditEntry.findFirstOrThrow({
      where: { subjectId: approval.id, action: "approval.used" },
    });
    expect([entry.actorKind, entry.actorName, entry.subjectRef]).toEqual(["workload", "payer", approval.ref]);
    const again = await ask(body);
    expect(again.approval.id).not.toBe(approval.id);
    expect(mayProceed(again)).toBe(false);
  });

  it("stays denied until it expires, so that a retry loop asks nobody again", async () => {
    const body = payment();
    const { approval } = await ask(body);
    await deny(approval);
    expect((await ask(body)).approval).toEqual({ ...approval, status: "denied" });
  });

  it("leaves no trace in a rehearsal or an observation", async () => {
    const before = await count();
    const rehearsed = await ask(payment({ dryRun: true }));
    expect([rehearsed.outcome, rehearsed.approval]).toEqual(["require_approval", null]);
    const { body } = await post(`${point.url}/v1/observations`, credential, {
      ...payment(),
      observedAt: clock.toISOString(),
    });
    expect(body["approval"]).toBeNull();
    expect(await count()).toBe(before);
  });

  it("is shown as the policy captures content: masked, or not at all", async () => {
    const mail = (to: string) => ({ name: "send_money", arguments: { to, amount: payments } });
    const { approval } = await ask(payment({ tool: mail("jane@firm.com") }));
    const row = await database.db.approvalRequest.findUniqueOrThrow({ where: { id: approval.id } });
    expect(row.excerpt).toBe(`{"to":"[pii/email]","amount":${payments - 1}}`);
    expect(row.asked).toEqual({ action: "tool_call", tool: "send_money" });
    await buildPolicyVersion(database.db, useCaseId, policy(CONTROLS, { capture: "none" }));
    const probe = () => ask({ action: "prompt", useCase: "payments" });
    await expect.poll(async () => (await probe()).policy.version, { timeout: 5_000 }).toBe(2);
    const unseen = await ask(payment({ tool: mail("john@firm.com") }));
    const kept = await database.db.approvalRequest.findUniqueOrThrow({ where: { id: unseen.approval.id } });
    expect(kept.excerpt).toBeNull();
  });

  it("keeps its masks when it is granted", async () => {
    const body = payment({ tool: { name: "send_money", arguments: { note: "for jane@firm.com" } } });
    const held = await ask(body);
    const redacted = {
      messages: [],
      tool: { name: "send_money", arguments: { note: "for [pii/email]" } },
    };
    expect(held.redacted).toEqual(redacted);
    await grant(held.approval);
    const used = await ask(body);
    expect(mayProceed(used)).toBe(true);
    expect(used.redacted).toEqual(redacted);
  });

  it("is not held beyond what one workload may have waiting", async () => {
    const slug = `flood-${crypto.randomUUID().slice(0, 8)}`;
    const { id } = await buildUseCase(database.db, { slug });
    await buildPolicyVersion(database.db, id, policy());
    const { credential: by } = await buildWorkload(database.db, [id]);
    await expect
      .poll(async () => (await post(`${point.url}/v1/decisions`, by, { action: "prompt" })).status, {
        timeout: 5_000,
      })
      .toBe(200);
    const many = Array.from({ length: MAX_PENDING }, () => payment({ useCase: slug }));
    for (const body of many) expect((await ask(body, { by })).approval).not.toBeNull();
    const one = await ask(payment({ useCase: slug }), { by });
    expect([one.outcome, one.approval]).toEqual(["require_approval", null]);
    expect((await ask(many[0], { by })).approval.status).toBe("pending");
  });
});

describe("a grant", () => {
  it("is good for that request alone: another workload, use case or argument is held for itself", async () => {
    const body = payment({ sessionId: "s-1" });
    const { approval } = await ask(body);
    await grant(approval);
    const others = [
      await ask(body, { by: secondCredential }),
      await ask({ ...body, useCase: "refunds" }),
      await ask({ ...body, tool: { ...body.tool, arguments: { ...body.tool.arguments, amount: 9_999 } } }),
      await ask({ ...body, sessionId: "s-2" }),
      await ask({ ...body, destination: "bank.example" }),
      await ask({ ...body, actor: { id: "u-1" } }),
    ];
    for (const { approval: another } of others) {
      expect(another.id).not.toBe(approval.id);
      expect(another.status).toBe("pending");
    }
    expect((await ask(body)).approval).toEqual({ ...approval, status: "granted" });
  });

  it("lets one of two equal requests pass, a hundred times, at two decision points", async () => {
    for (let round = 0; round < 100; round++) {
      if (round % 40 === 39) expireAll();
      const body = payment();
      const { approval } = await ask(body);
      await grant(approval);
      const answers = await Promise.all([ask(body), ask(body, { at: other })]);
      expect(answers.filter(mayProceed)).toHaveLength(1);
      const lost = answers.find((answer) => !mayProceed(answer));
      expect(lost?.approval.status).toBe("pending");
      expect(lost?.approval.id).not.toBe(approval.id);
    }
  }, 60_000);

  it("ends with its time, to the millisecond", async () => {
    const [inTime, late] = [payment(), payment()];
    const [first, second] = [(await ask(inTime)).approval, (await ask(late)).approval];
    await grant(first);
    await grant(second);
    const start = clock;
    clock = new Date(start.getTime() + MINUTES_15 - 1);
    expect(mayProceed(await ask(inTime))).toBe(true);
    expect((await look(second)).body.status).toBe("granted");
    clock = new Date(start.getTime() + MINUTES_15);
    expect((await look(second)).body.status).toBe("expired");
    const held = await ask(late);
    expect([held.approval.status, held.approval.id === second.id]).toEqual(["pending", false]);
  });

  it("no longer suffices once the policy forbids, or asks for more than the person saw", async () => {
    const slug = `moving-${crypto.randomUUID().slice(0, 8)}`;
    const { id } = await buildUseCase(database.db, { slug });
    await buildPolicyVersion(database.db, id, policy());
    const { credential: by } = await buildWorkload(database.db, [id]);
    const version = async () =>
      (await post(`${point.url}/v1/decisions`, by, { action: "prompt" })).body["policy"] as
        | { version: number }
        | undefined;
    await expect.poll(async () => (await version())?.version, { timeout: 5_000 }).toBe(1);
    const body = payment({ useCase: slug, model: "odd/model" });
    const keyed = await ask(body, { by, key: "moving" });
    await grant(keyed.approval);

    const more = { ...CONTROLS, "model-not-approved": { mode: "require_approval" as const } };
    await buildPolicyVersion(database.db, id, policy(more, { baseline: { ...baseline, models: [] } }));
    await expect.poll(async () => (await version())?.version, { timeout: 5_000 }).toBe(2);
    const held = await ask(body, { by });
    expect([held.approval.status, held.approval.id === keyed.approval.id]).toEqual(["pending", false]);

    await buildPolicyVersion(database.db, id, policy({ "high-impact-tool": { mode: "enforce" } }));
    await expect.poll(async () => (await version())?.version, { timeout: 5_000 }).toBe(3);
    const blocked = await ask(body, { by });
    expect([blocked.outcome, blocked.approval]).toEqual(["block", null]);
    const kept = await ask(body, { by, key: "moving" });
    expect([kept.outcome, kept.approval, mayProceed(kept)]).toEqual(["require_approval", null, false]);
  });
});

describe("an Idempotency-Key", () => {
  it("is answered with the same held request and how it stands now, and uses its grant once", async () => {
    const body = payment();
    const first = await ask(body, { key: "held" });
    expect(await ask(body, { key: "held", at: other })).toEqual(first);
    await grant(first.approval);
    const used = await ask(body, { key: "held", at: other });
    expect(used).toEqual({ ...first, approval: { ...first.approval, status: "granted" } });
    for (const at of [point, other]) {
      const repeat = await ask(body, { key: "held", at });
      expect(repeat).toEqual({ ...first, approval: { ...first.approval, status: "used" } });
      expect(mayProceed(repeat)).toBe(false);
    }
  });

  it("gives a grant to one of many who ask under it at the same moment", async () => {
    for (let round = 0; round < 10; round++) {
      const body = payment();
      const { approval } = await ask(body);
      await grant(approval);
      const key = `together-${round}`;
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, at) => ask(body, { key, at: at % 2 ? other : point })),
      );
      expect(answers.filter(mayProceed)).toHaveLength(1);
      expect(new Set(answers.map(({ approval }) => approval.id))).toEqual(new Set([approval.id]));
    }
  });
});

describe("GET /v1/approvals/{id}", () => {
  it("tells the workload that asked how it stands and why, and nobody else", async () => {
    const { approval } = await ask(payment());
    expect((await look(approval)).body).toEqual({ ...approval, decidedAt: null, reason: null });
    await deny(approval);
    expect((await look(approval)).body).toEqual({
      ...approval,
      status: "denied",
      decidedAt: clock.toISOString(),
      reason: "Nobody ordered it.",
    });
    expect((await look(approval, "", { by: secondCredential })).status).toBe(404);
    expect((await look(approval, "", { by: "nonsense" })).status).toBe(401);
    for (const id of [crypto.randomUUID(), "APR-1", "x%00"]) {
      expect((await look({ ...approval, url: `/v1/approvals/${id}` })).status).toBe(404);
    }
  });

  it.each(["61", "-1", "1.5", "x", ""])("takes no wait of %j", async (wait) => {
    const { approval } = await ask(payment());
    const { status, body } = await look(approval, `?wait=${wait}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ fields: [{ path: "wait" }] });
  });

  it("waits for a person, at any decision point", async () => {
    const { approval } = await ask(payment());
    const waiting = [look(approval, "?wait=30"), look(approval, "?wait=30", { at: other })];
    const first = await Promise.race([...waiting, new Promise((done) => setTimeout(done, 300, "waits"))]);
    expect(first).toBe("waits");
    const decidedAt = performance.now();
    await grant(approval);
    for (const { body } of await Promise.all(waiting)) expect(body.status).toBe("granted");
    expect(performance.now() - decidedAt).toBeLessThan(10_000);
  });

  it("waits no longer than it was asked to", async () => {
    const { approval } = await ask(payment());
    const started = performance.now();
    expect((await look(approval, "?wait=1")).body.status).toBe("pending");
    expect(performance.now() - started).toBeGreaterThan(900);
  });

  it("answers everyone at once when the decision point stops", async () => {
    const third = await startTestPoint(database.url, { now: () => clock });
    const { approval } = await ask(payment());
    const waiting = Array.from({ length: 5 }, () => look(approval, "?wait=60", { at: third }));
    await new Promise((done) => setTimeout(done, 300));
    const started = performance.now();
    await third.stop();
    for (const { status, body } of await Promise.all(waiting)) {
      expect([status, body.status]).toEqual([200, "pending"]);
    }
    expect(performance.now() - started).toBeLessThan(8_000);
  });
});
