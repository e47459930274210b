import { expect, test } from "vitest";
import { type Approval, type ApprovalStatus, mayProceed } from "./answer";

const held = (status: ApprovalStatus): Approval => ({
  id: "00000000-0000-7000-8000-000000000001",
  ref: "APR-1",
  url: "/v1/approvals/00000000-0000-7000-8000-000000000001",
  status,
  expiresAt: "2026-11-21T12:15:00.000Z",
});

test.each(["allow", "flag", "redact"] as const)("%s goes on", (outcome) => {
  expect(mayProceed({ outcome, approval: null })).toBe(true);
});

test("a held request goes on only by the answer that uses its grant", () => {
  const outcome = "require_approval";
  expect(mayProceed({ outcome, approval: held("granted") })).toBe(true);
  for (const status of ["pending", "denied", "expired", "used"] as const) {
    expect(mayProceed({ outcome, approval: held(status) })).toBe(false);
  }
  expect(mayProceed({ outcome, approval: null })).toBe(false);
});

test("a block stays one, whatever else is said", () => {
  expect(mayProceed({ outcome: "block", approval: held("granted") })).toBe(false);
});
