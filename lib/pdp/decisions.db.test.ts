import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildDocument, buildPolicyVersion, buildUseCase, buildWorkload } from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";
import { post, startTestPoint } from "@/lib/testing/decision-point";
import type { DecisionPoint } from "./server";

const database = useTestDatabase();
let point: DecisionPoint;
let credential: string;
let useCaseId: string;

beforeAll(async () => {
  const useCase = await buildUseCase(database.db, { slug: "support-bot" });
  useCaseId = useCase.id;
  await buildPolicyVersion(
    database.db,
    useCaseId,
    buildDocument({ "pii/credit-card": { mode: "enforce", sensitivity: "L2" } }),
  );
  ({ credential } = await buildWorkload(database.db, [useCaseId], { slug: "gateway" }));
  point = await startTestPoint(database.url);
});
afterAll(() => point?.stop());

describe("POST /v1/decisions", () => {
  it("answers with the shape of the design and is on disk by then", async () => {
    const { status, body } = await post(`${point.url}/v1/decisions`, credential, {
      action: "prompt",
      model: "openai/gpt-4o",
      sessionId: "s-1",
      actor: { id: "u-42" },
      messages: [{ role: "user", content: "Pay with 4111 1111 1111 1111 please" }],
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      outcome: "flag",
      wouldBe: "block",
      findings: [
        {
          control: "pii/credit-card",
          mode: "enforce",
          effect: "would_block",
          level: "L1",
          reason: "A card number was found in the prompt; the policy is in logging.",
          spans: [{ message: 0, start: 9, end: 28 }],
        },
      ],
      policy: { useCase: "support-bot", version: 1, stage: "logging" },
      redacted: null,
      approval: null,
      recordedAt: expect.any(String),
    });
    const { rows } = await database.pool.query("SELECT * FROM decision WHERE id = $1", [body["decisionId"]]);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ outcome: "flag", would_be: "block", session_id: "s-1", late: false });
    expect(rows[0].excerpt).toBe("Pay with [pii/credit-card] please");
  });
});
