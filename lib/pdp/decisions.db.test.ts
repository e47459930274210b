import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Mode, Stage } from "@/lib/policy/document";
import {
  buildDocument,
  buildException,
  buildFloorVersion,
  buildPolicyVersion,
  buildUseCase,
  buildWorkload,
} from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";
import { post, startTestPoint } from "@/lib/testing/decision-point";
import type { DecisionPoint } from "./server";

const database = useTestDatabase();
const CARD = "Pay with 4111 1111 1111 1111 please";
const PROMPT = { action: "prompt", messages: [{ role: "user", content: CARD }] };

const MODES = ["off", "log", "redact", "require_approval", "enforce"] as const satisfies Mode[];
const ACTING = {
  log: "flag",
  redact: "redact",
  require_approval: "require_approval",
  enforce: "block",
} as const;
/** Stage, whether the control is enrolled, whether it then acts. */
const STAGES: [name: string, stage: Stage, enrolled: boolean, acts: boolean][] = [
  ["logging", "logging", true, false],
  ["limited", "limited", false, false],
  ["limited-enrolled", "limited", true, true],
  ["enforcing", "enforcing", false, true],
];

let point: DecisionPoint;
let credential: string;
let now = new Date();
const decideUrl = () => `${point.url}/v1/decisions`;

async function useCaseWith(slug: string, document: ReturnType<typeof buildDocument>): Promise<string> {
  const { id } = await buildUseCase(database.db, { slug });
  await buildPolicyVersion(database.db, id, document);
  return id;
}

beforeAll(async () => {
  const ids: string[] = [];
  for (const mode of MODES) {
    for (const [name, stage, enrolled] of STAGES) {
      const controls = { "pii/credit-card": { mode, sensitivity: "L2" as const } };
      const limited = {
        controls: enrolled ? ["pii/credit-card"] : [],
        cohort: { percent: 0, workloads: ["gateway"] },
      };
      ids.push(await useCaseWith(`${name}-${mode}`, buildDocument(controls, stage, { limited })));
    }
  }
  ids.push(
    await useCaseWith(
      "excepted",
      buildDocument({ "tool-not-approved": { mode: "enforce" } }, "enforcing", {
        baseline: { ...buildDocument().baseline, tools: [] },
      }),
    ),
  );
  ({ credential } = await buildWorkload(database.db, ids, { slug: "gateway" }));
  point = await startTestPoint(database.url, { now: () => now });
});
afterAll(() => point?.stop());

describe("stages and modes", () => {
  const table = MODES.flatMap((mode) => STAGES.map(([name, , , acts]) => [name, mode, acts] as const));

  it.each(table)("%s with mode %s", async (name, mode, acts) => {
    const { status, body } = await post(decideUrl(), credential, { ...PROMPT, useCase: `${name}-${mode}` });
    expect(status).toBe(200);
    const stage = STAGES.find(([known]) => known === name)?.[1];
    expect(body["policy"]).toMatchObject({ useCase: `${name}-${mode}`, version: 1, stage });
    if (mode === "off") {
      expect(body).toMatchObject({ outcome: "allow", wouldBe: "allow", findings: [], redacted: null });
      return;
    }
    expect(body["outcome"]).toBe(acts ? ACTING[mode] : "flag");
    expect(body["wouldBe"]).toBe(ACTING[mode]);
    expect(body["findings"]).toMatchObject([
      { control: "pii/credit-card", mode, level: "L1", spans: [{ message: 0, start: 9, end: 28 }] },
    ]);
    expect(body["redacted"]).toEqual(
      acts && mode === "redact"
        ? { messages: [{ role: "user", content: "Pay with [pii/credit-card] please" }] }
        : null,
    );
  });

  it("says in a sentence what was found and what follows", async () => {
    const reason = async (useCase: string) => {
      const { body } = await post(decideUrl(), credential, { ...PROMPT, useCase });
      return (body["findings"] as { reason: string }[])[0]?.reason;
    };
    expect(await reason("logging-enforce")).toBe(
      "A card number was found in the prompt; the policy is in logging.",
    );
    expect(await reason("limited-enforce")).toBe(
      "A card number was found in the prompt; the policy is limited, and the control or the session is not enrolled.",
    );
    expect(await reason("enforcing-enforce")).toBe("A card number was found in the prompt; it is blocked.");
    expect(await reason("enforcing-log")).toBe(
      "A card number was found in the prompt; this control only logs.",
    );
  });
});

describe("what is kept", () => {
  it("is all of the decision, and of the content an excerpt without what was found", async () => {
    const { body } = await post(decideUrl(), credential, {
      ...PROMPT,
      useCase: "enforcing-enforce",
      sessionId: "s-1",
      traceId: "t-1",
      actor: { id: "u-42" },
      model: "openai/gpt-4o",
      synthetic: ["sessionId"],
    });
    const { rows } = await database.pool.query("SELECT * FROM decision WHERE id = $1", [body["decisionId"]]);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      kind: "decision",
      decided_at: now,
      outcome: "block",
      would_be: "block",
      findings: [{ control: "pii/credit-card", effect: "blocked", level: "L1", mode: "enforce" }],
      session_id: "s-1",
      trace_id: "t-1",
      excerpt: "Pay with [pii/credit-card] please",
      late: false,
      synthetic: ["sessionId"],
    });
    const actorHash: Buffer = rows[0].actor_hash;
    expect(actorHash).toHaveLength(32);
    expect(JSON.stringify(rows[0])).not.toContain("u-42");
    const { rows: facts } = await database.pool.query("SELECT facts FROM fact WHERE digest = $1", [
      rows[0].fact,
    ]);
    expect(facts[0].facts).toMatchObject({
      attributed: true,
      model: "openai/gpt-4o",
      signals: { "pii/credit-card": 1 },
    });
  });

  it("is nothing of a rehearsal", async () => {
    const count = async () =>
      (await database.pool.query("SELECT count(*)::int AS n FROM decision")).rows[0].n;
    const before = await count();
    const { status, body } = await post(decideUrl(), credential, {
      ...PROMPT,
      useCase: "enforcing-enforce",
      dryRun: true,
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ outcome: "block", recordedAt: null });
    expect(await count()).toBe(before);
  });

  it("is what capture allows: with none, no excerpt", async () => {
    const id = await useCaseWith("no-capture", buildDocument({}, "logging", { capture: "none" }));
    const own = await buildWorkload(database.db, [id]);
    await expect
      .poll(async () => (await post(decideUrl(), own.credential, PROMPT)).status, { timeout: 3_000 })
      .toBe(200);
    const { rows } = await database.pool.query(
      "SELECT excerpt, content_digest FROM decision WHERE use_case_id = $1",
      [id],
    );
    expect(rows[0].excerpt).toBeNull();
    expect(rows[0].content_digest).toHaveLength(32);
  });
});

describe("an exception", () => {
  const starts = new Date("2026-11-21T10:00:00.000Z");
  const expires = new Date("2026-11-30T10:00:00.000Z");
  const call = { action: "tool_call", useCase: "excepted", tool: { name: "send_money" } };

  beforeAll(async () => {
    const useCase = await database.db.useCase.findUniqueOrThrow({ where: { slug: "excepted" } });
    await buildException(database.db, {
      useCaseId: useCase.id,
      controls: ["tool-not-approved"],
      scope: { tools: ["send_*"] },
      startsAt: starts,
      expiresAt: expires,
      riskOwner: "Rita Risk",
    });
    await vi.waitFor(async () => expect(await at(starts)).toBe("flag"), { timeout: 3_000 });
  });
  afterAll(() => {
    now = new Date();
  });

  async function at(instant: Date, more: object = {}): Promise<unknown> {
    now = instant;
    return (await post(decideUrl(), credential, { ...call, ...more })).body["outcome"];
  }

  it("spares from its start to its expiry, to the millisecond", async () => {
    expect(await at(new Date(starts.getTime() - 1))).toBe("block");
    expect(await at(starts)).toBe("flag");
    expect(await at(new Date(expires.getTime() - 1))).toBe("flag");
    expect(await at(expires)).toBe("block");
  });

  it("spares only what is in its scope, and is named", async () => {
    expect(await at(starts, { tool: { name: "read_mail" } })).toBe("block");
    const { body } = await post(decideUrl(), credential, call);
    expect(body).toMatchObject({
      outcome: "flag",
      wouldBe: "flag",
      findings: [
        {
          control: "tool-not-approved",
          effect: "exempted",
          exception: {
            ref: expect.stringMatching(/^EXC-\d+$/),
            riskOwner: "Rita Risk",
            daysLeft: 9,
            expiresAt: expires.toISOString(),
          },
        },
      ],
    });
    const { rows } = await database.pool.query("SELECT exceptions, findings FROM decision WHERE id = $1", [
      body["decisionId"],
    ]);
    expect(rows[0].exceptions).toHaveLength(1);
  });
});

describe("a floor", () => {
  it("is joined into the policy", async () => {
    const { id } = await buildUseCase(database.db, { slug: "restricted-bot", dataClass: "restricted" });
    await buildPolicyVersion(
      database.db,
      id,
      buildDocument({ secrets: { mode: "log", sensitivity: "L2" } }, "enforcing"),
    );
    await buildFloorVersion(
      database.db,
      "restricted",
      buildDocument({ "pii/credit-card": { mode: "enforce", sensitivity: "L2" } }),
    );
    const own = await buildWorkload(database.db, [id]);
    await expect
      .poll(async () => (await post(decideUrl(), own.credential, PROMPT)).body["outcome"], { timeout: 3_000 })
      .toBe("block");
  });
});
