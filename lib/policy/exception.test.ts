import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyException, EPOCH } from "./arbitraries";
import {
  boundaries,
  covers,
  type ExceptionScope,
  isInForce,
  type PolicyExceptionTerms,
  stateAt,
} from "./exception";
import { someFacts } from "./testing";

const at = (iso: string) => new Date(iso);
const justBefore = (date: Date) => new Date(date.getTime() - 1);

function terms(different: Partial<PolicyExceptionTerms> = {}): PolicyExceptionTerms {
  return {
    id: "0193",
    ref: "EXC-31",
    useCase: "support-bot",
    controls: ["tool-not-approved", "unknown-links"],
    scope: {},
    riskOwner: "Risk Owner",
    startsAt: at("2026-11-01T00:00:00Z"),
    expiresAt: at("2026-12-01T00:00:00Z"),
    reviewAt: at("2026-11-15T00:00:00Z"),
    reviewedAt: null,
    endedAt: null,
    approvedAt: at("2026-10-30T00:00:00Z"),
    ...different,
  };
}

describe("an exception in time", { timeout: 60_000 }, () => {
  it("starts and expires to the millisecond", () => {
    const reviewed = terms({ reviewedAt: at("2026-11-16T00:00:00Z") });
    expect(stateAt(reviewed, justBefore(reviewed.startsAt))).toBe("scheduled");
    expect(stateAt(reviewed, reviewed.startsAt)).toBe("in_force");
    expect(stateAt(reviewed, justBefore(reviewed.expiresAt))).toBe("in_force");
    expect(stateAt(reviewed, reviewed.expiresAt)).toBe("expired");
  });

  it("waits for its approval", () => {
    const late = terms({ approvedAt: at("2026-11-05T12:00:00Z") });
    expect(isInForce(late, justBefore(late.approvedAt))).toBe(false);
    expect(isInForce(late, late.approvedAt)).toBe(true);
  });

  it("is suspended 7 days after a missed review, until the review", () => {
    const suspended = at("2026-11-22T00:00:00Z");
    expect(isInForce(terms(), justBefore(suspended))).toBe(true);
    expect(stateAt(terms(), suspended)).toBe("review_overdue");
    const reviewed = terms({ reviewedAt: at("2026-11-25T00:00:00Z") });
    expect(isInForce(reviewed, justBefore(at("2026-11-25T00:00:00Z")))).toBe(false);
    expect(isInForce(reviewed, at("2026-11-25T00:00:00Z"))).toBe(true);
    expect(isInForce(terms({ reviewedAt: at("2026-11-14T00:00:00Z") }), suspended)).toBe(false);
  });

  it("ends when it is revoked or retired, and stays ended after its expiry", () => {
    const ended = terms({ endedAt: at("2026-11-10T00:00:00Z") });
    expect(stateAt(ended, justBefore(at("2026-11-10T00:00:00Z")))).toBe("in_force");
    expect(stateAt(ended, at("2026-11-10T00:00:00Z"))).toBe("ended");
    expect(stateAt(ended, at("2027-01-01T00:00:00Z"))).toBe("ended");
  });

  it("changes only at its boundaries, to the millisecond", () => {
    const instants = fc.array(fc.integer({ min: EPOCH - 86_400_000, max: EPOCH + 120 * 86_400_000 }), {
      minLength: 20,
    });
    fc.assert(
      fc.property(anyException, instants, (exception, moments) => {
        const cuts = boundaries(exception).map(Number);
        expect(cuts).toEqual([...new Set(cuts)].sort((a, b) => a - b));
        for (const moment of [...moments, ...cuts, ...cuts.map((cut) => cut - 1)]) {
          const start = cuts.findLast((cut) => cut <= moment) ?? EPOCH - 86_400_000 * 400;
          expect(isInForce(exception, new Date(moment))).toBe(isInForce(exception, new Date(start)));
        }
        expect(isInForce(exception, exception.expiresAt)).toBe(false);
        expect(isInForce(exception, justBefore(exception.startsAt))).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("an exception's scope", () => {
  const facts = someFacts({
    action: "tool_call",
    tool: "export_report",
    model: "openai/gpt-4o",
    dataClass: "internal",
    destination: "files.partner.example",
    purpose: "reporting",
    links: { "docs.partner.example": 2, "evil.example": 1 },
  });
  it.each<[ExceptionScope, boolean]>([
    [{}, true],
    [{ tools: [] }, true],
    [{ tools: ["export_*"] }, true],
    [{ tools: ["import_*"] }, false],
    [{ workloads: ["gateway"], models: ["openai/*"], dataClasses: ["internal"] }, true],
    [{ workloads: ["other"], models: ["openai/*"] }, false],
    [{ destinations: ["*.partner.example"] }, true],
    [{ purposes: ["reporting"], environments: ["production"] }, true],
    [{ environments: ["staging"] }, false],
    [{ dataClasses: ["public"] }, false],
  ])("%j covers it: %s", (scope, expected) => {
    expect(covers(terms({ scope }), facts, "tool-not-approved")).toBe(expected);
  });

  it("does not cover what the request does not state, another control, or another use case", () => {
    expect(covers(terms({ scope: { tools: ["*"] } }), someFacts(), "tool-not-approved")).toBe(false);
    expect(covers(terms(), facts, "model-not-approved")).toBe(false);
    expect(covers(terms({ useCase: "other" }), facts, "tool-not-approved")).toBe(false);
  });

  it("spares unknown links only if each of them is within its destinations", () => {
    const partner = terms({ scope: { destinations: ["*.partner.example"] } });
    expect(covers(partner, facts, "unknown-links")).toBe(false);
    expect(covers(partner, facts, "unknown-links", ["docs.partner.example"])).toBe(true);
  });
});
