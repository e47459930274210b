import { uuidv7 } from "uuidv7";
import { beforeAll, describe, expect, it } from "vitest";
import { listChanges } from "@/lib/changes/queries";
import { listChangesSchema } from "@/lib/changes/schema";
import { listExceptions } from "@/lib/exceptions/queries";
import { listExceptionsSchema } from "@/lib/exceptions/schema";
import { compile } from "@/lib/policy/compile";
import { exampleDocument, someFacts } from "@/lib/policy/testing";
import { countDecisions } from "@/lib/telemetry/count-decisions";
import { getOverview } from "@/lib/telemetry/get-overview";
import { decide, recordDecisions } from "@/lib/telemetry/testing";
import { buildException } from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";
import { as, type Cast, DAY_MS, makeCast, makeUseCase, NOW } from "@/lib/testing/people";
import type { UseCaseView } from "@/lib/use-cases/views";
import { readProcess } from "./read-process";

const test = useTestDatabase();
const HOUR_MS = 3_600_000;
let cast: Cast;
let useCase: UseCaseView;

const ago = (days: number, hours = 0) => new Date(NOW.getTime() - days * DAY_MS + hours * HOUR_MS);

interface Given {
  status: "in_review" | "approved" | "applied" | "rejected";
  direction?: "tightens" | "loosens";
  submittedAt: Date;
  /** When the last seat was taken; it has an earlier approval too. */
  approvedAt?: Date;
  closedAt?: Date;
  emergency?: "break_glass";
}

async function change({ approvedAt, closedAt, direction = "tightens", ...given }: Given) {
  const id = uuidv7();
  const closed = closedAt ?? (given.status === "applied" ? approvedAt : undefined) ?? null;
  const digest = "sha256:00";
  await test.db.changeRequest.create({
    data: {
      ...given,
      id,
      subject: "policy",
      useCaseId: useCase.id,
      baseVersion: 1,
      proposal: exampleDocument,
      proposalDigest: digest,
      evidence: {},
      evidenceDigest: digest,
      direction,
      justification: "For the test of the figures.",
      requestedById: cast.owner.id,
      createdAt: given.submittedAt,
      closedAt: closed,
      ...(given.status === "applied" ? { appliedAt: closed, appliedVersion: 2 } : {}),
      ...(given.emergency ? { brokeGlassById: cast.lead2.id, reviewDueAt: NOW } : {}),
    },
  });
  if (!approvedAt) return;
  const seats = [
    { personId: cast.risk.id, seat: "risk_owner" as const, at: given.submittedAt },
    { personId: cast.lead.id, seat: "security_lead" as const, at: approvedAt },
  ];
  for (const one of seats) {
    await test.db.changeApproval.create({
      data: {
        ...one,
        id: uuidv7(),
        changeId: id,
        place: 1,
        verdict: "approve",
        note: "",
        proposalDigest: digest,
        evidenceDigest: digest,
      },
    });
  }
}

const figures = () => readProcess(test.db, NOW);
const changes = async (filter: Record<string, string>) =>
  (await listChanges(as(test.db, cast.auditor), listChangesSchema.parse(filter))).total;
const exceptions = async (filter: Record<string, string>) =>
  (await listExceptions(as(test.db, cast.auditor), listExceptionsSchema.parse(filter))).total;

describe("process figures", () => {
  beforeAll(async () => {
    cast = await makeCast(test.db);
    useCase = await makeUseCase(test.db, cast);
  });

  it("say that there is nothing rather than nought", async () => {
    const none = { n: 0, medianSeconds: null, p90Seconds: null };
    const empty = await figures();
    expect(empty.changes).toEqual({ now: none, previous: none });
    expect(empty.exceptions).toEqual({ now: none, previous: none });
    expect(empty.underException.map(({ total }) => total)).toEqual([0, 0]);
  });

  it("count exactly what their lists show", async () => {
    for (const hours of [1, 2, 3, 4, 50]) {
      await change({ status: "applied", submittedAt: ago(10), approvedAt: ago(10, hours) });
    }
    await change({ status: "approved", direction: "loosens", submittedAt: ago(5), approvedAt: ago(5, 6) });
    await change({ status: "rejected", submittedAt: ago(31), closedAt: ago(29) });
    await change({ status: "applied", submittedAt: ago(50), approvedAt: ago(50, 7) });
    await change({
      status: "applied",
      direction: "loosens",
      submittedAt: ago(2),
      closedAt: ago(2),
      emergency: "break_glass",
    });
    await change({ status: "in_review", submittedAt: ago(4) });
    await change({ status: "in_review", submittedAt: ago(2) });
    const process = await figures();
    const { since } = process;
    // 1, 2, 3, 4, 6, 48 and 50 hours: the 4th of seven, and the 7th (the 6.3rd, rounded up).
    expect(process.changes.now).toEqual({ n: 7, medianSeconds: 4 * 3600, p90Seconds: 50 * 3600 });
    expect(process.changes.previous).toEqual({ n: 1, medianSeconds: 7 * 3600, p90Seconds: 7 * 3600 });
    expect(await changes({ decidedSince: since })).toBe(7);
    expect(process.overdue).toMatchObject({ days: 3, changes: 1 });
    expect(await changes({ waitingDays: "3" })).toBe(1);
    expect(process.applied).toEqual({ tightens: 5, loosens: 1, mixed: 0, equal: 0 });
    for (const direction of ["tightens", "loosens", "mixed", "equal"] as const) {
      expect(await changes({ status: "applied", direction, since })).toBe(process.applied[direction]);
    }
    expect(process.brokeGlass).toBe(1);
    expect(await changes({ emergency: "break_glass", since })).toBe(1);
  });

  it("count exceptions as the register does, by age too", async () => {
    const lasting = { useCaseId: useCase.id, controls: ["tool-not-approved"], expiresAt: ago(-60) };
    for (const days of [40, 12, 3]) await buildException(test.db, { ...lasting, startsAt: ago(days) });
    const { id: _, ref: __, scope, ...approved } = await test.db.policyException.findFirstOrThrow();
    const undecided = {
      status: "submitted",
      decidedById: null,
      decidedAt: null,
      decisionNote: null,
    } as const;
    for (const days of [1, 4, 9]) {
      const submitted = { ...approved, ...undecided, id: uuidv7(), submittedAt: ago(days) };
      await test.db.policyException.create({ data: { ...submitted, scope: scope as object } });
    }
    const process = await figures();
    expect(await exceptions({ decidedSince: process.since })).toBe(process.exceptions.now.n);
    expect(process.exceptions.now.n).toBeGreaterThan(0);
    expect(process.exceptions.previous.n).toBe(1);
    expect(process.overdue.exceptions).toBe(2);
    expect(await exceptions({ waitingDays: "3" })).toBe(2);
    const overview = await getOverview(as(test.db, cast.auditor), { from: ago(30), to: NOW });
    expect(overview.process).toEqual(process);
    for (const { minDays, maxDays, n } of overview.exceptionsByAge) {
      const filter = {
        state: "in_force",
        ...(minDays > 0 ? { minAgeDays: String(minDays) } : {}),
        ...(maxDays === null ? {} : { underAgeDays: String(maxDays) }),
      };
      expect([minDays, await exceptions(filter)]).toEqual([minDays, n]);
    }
    expect(overview.exceptionsByAge.map(({ n }) => n)).toContain(1);
  });

  it("share out the decisions that an exception spared, as the explorer counts them", async () => {
    const policy = compile({ ...exampleDocument, controls: { "tool-not-approved": { mode: "enforce" } } });
    const exception = await test.db.policyException.findFirstOrThrow({ where: { startsAt: ago(40) } });
    const terms = {
      id: exception.id,
      ref: "EXC-1",
      useCase: useCase.slug,
      controls: ["tool-not-approved"],
      scope: { tools: ["rm"] },
      riskOwner: "R",
      startsAt: ago(40),
      expiresAt: ago(-60),
      reviewAt: ago(-60),
      reviewedAt: null,
      endedAt: null,
      approvedAt: ago(40),
    };
    const facts = (tool: string) => someFacts({ useCase: useCase.slug, action: "tool_call", tool });
    const at = [ago(20), ago(3), ago(3, 1)];
    await recordDecisions(
      test.pool,
      at.flatMap((instant) =>
        ["rm", "rm2", "search_web"].map((tool) =>
          decide({ useCase, facts: facts(tool), at: instant, policy, exceptions: [terms] }),
        ),
      ),
    );
    const { underException } = await figures();
    expect(underException).toMatchObject([
      { days: 7, exempted: 2, total: 6 },
      { days: 30, exempted: 3, total: 9 },
    ]);
    for (const { from, exempted } of underException) {
      const filter = { from: new Date(from), to: NOW, exempted: "true" as const };
      expect(await countDecisions(test.db, filter)).toEqual({ n: exempted, exact: true });
    }
  });
});
