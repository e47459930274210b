import { describe, expect, it } from "vitest";
import { detect } from "@/lib/detect/registry";
import { trusted } from "@/lib/detect/testing";
import { canonicalJson } from "@/lib/policy/canonical";
import { factsDigest, sha256Hex } from "@/lib/policy/digest";
import { cohortOf } from "@/lib/policy/facts";
import type { Caller } from "./authenticate";
import type { AnyRequest } from "./request";
import type { SnapshotUseCase } from "./snapshot";
import { factsOf } from "./to-facts";

const AT = new Date("2026-11-21T12:00:00Z");
const hoursBefore = (hours: number) => new Date(AT.getTime() - hours * 3_600_000);

const useCase: SnapshotUseCase = {
  id: "u",
  slug: "support-bot",
  environment: "production",
  policies: [],
  exceptions: [],
};

function callerOf(createdAt = hoursBefore(3)): Caller {
  const workload = {
    id: "w",
    slug: "gateway",
    retiredAt: null,
    tasksValidFrom: null,
    useCases: new Map([[useCase.slug, useCase]]),
  };
  return {
    workload,
    credential: { prefix: "abcd1234", kind: "task", createdAt },
    root: { kind: "static", key: "abcd1234" },
  };
}

function facts(request: AnyRequest, more: Partial<Parameters<typeof factsOf>[0]> = {}) {
  return factsOf({
    request,
    caller: callerOf(),
    unavailable: [],
    isCanary: false,
    useCase,
    detection: detect(trusted(...(request.messages ?? []).map(({ content }) => content))),
    at: AT,
    requestsPerMinute: null,
    toolCalls: null,
    ...more,
  });
}

describe("facts of a request", () => {
  it("say what was stated and nothing that was not", () => {
    expect(facts({ action: "outbound" })).toEqual({
      action: "outbound",
      attributed: false,
      cohort: 100,
      credential: { ageBucket: 4, kind: "task" },
      environment: "production",
      links: {},
      signals: {},
      useCase: "support-bot",
      workload: "gateway",
    });
  });

  it("reduce what was sent", () => {
    const reduced = facts(
      {
        action: "tool_call",
        actor: { id: "u-42" },
        dataClass: "internal",
        destination: "https://API.example.com:8443/x?token=1",
        model: "openai/gpt-4o",
        purpose: "support",
        retrievalSource: "kb/faq",
        sessionId: "session-7",
        tool: { name: "send_money", arguments: {} },
        messages: [{ role: "user", content: "x".repeat(1000) }],
      },
      { requestsPerMinute: 31, toolCalls: 5 },
    );
    expect(reduced).toMatchObject({
      attributed: true,
      cohort: cohortOf("session-7"),
      dataClass: "internal",
      destination: "api.example.com",
      model: "openai/gpt-4o",
      promptCharsBucket: 1024,
      requestRateBucket: 60,
      retrievalSource: "kb/faq",
      tool: "send_money",
      toolCallsBucket: 8,
    });
    expect(factsDigest(reduced)).toBe(sha256Hex(canonicalJson(reduced)));
  });

  it("hold the lowest level of each signal, whoever saw it", () => {
    const { signals, links } = facts({
      action: "prompt",
      messages: [{ role: "user", content: "4111 1111 1111 1111, see https://evil.example/x" }],
      signals: [
        { detector: "pii/credit-card", level: "L3" },
        { detector: "moderation/hate", level: "L3" },
        { detector: "moderation/hate", level: "L2" },
      ],
    });
    expect(signals).toEqual({ "moderation/hate": 2, "pii/credit-card": 1 });
    expect(Object.keys(links)).toEqual(["evil.example"]);
  });

  it.each([
    [0, 1],
    [1, 1],
    [1.01, 4],
    [719, 720],
    [720.1, 1440],
    [9000, 8761],
  ])("put a credential of %d hours into the bucket %d", (hours, bucket) => {
    const caller = callerOf(hoursBefore(hours));
    expect(facts({ action: "prompt" }, { caller }).credential.ageBucket).toBe(bucket);
  });

  it("enrol a session always alike, and an actor where there is none", () => {
    expect(facts({ action: "prompt", actor: { id: "u-1" } }).cohort).toBe(cohortOf("u-1"));
    expect(facts({ action: "prompt", actor: { id: "u-1" }, sessionId: "s" }).cohort).toBe(cohortOf("s"));
  });
});
