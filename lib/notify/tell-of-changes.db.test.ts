import { beforeAll, describe, expect, it } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import { startCampaign } from "@/lib/campaigns/start-campaign";
import { applyChange } from "@/lib/changes/apply-change";
import { askReviewers } from "@/lib/changes/ask-reviewers";
import { breakGlass } from "@/lib/changes/break-glass";
import { rejectChange } from "@/lib/changes/reject-change";
import { scheduleChange } from "@/lib/changes/schedule-change";
import { keepChanges } from "@/lib/jobs/keep-changes";
import { compile } from "@/lib/policy/compile";
import type { PolicyDocument } from "@/lib/policy/document";
import { exampleDocument, someFacts } from "@/lib/policy/testing";
import { answerAppeal } from "@/lib/rulings/answer-appeal";
import { openAppeal } from "@/lib/rulings/open-appeal";
import { addVersion, decide, recordDecisions } from "@/lib/telemetry/testing";
import { buildException } from "@/lib/testing/builders";
import { approveAll, submitEdit } from "@/lib/testing/changes";
import { useTestDatabase } from "@/lib/testing/database";
import { putPolicy, recordFindings, watching } from "@/lib/testing/findings";
import { as, type Cast, DAY_MS, inDays, makeCast, makeUseCase, NOW } from "@/lib/testing/people";
import { listNotices } from "./queries";
import { tellOfDrift } from "./tell-of-drift";
import { tellOfEntries } from "./tell-of-entries";
import { tellOfTime } from "./tell-of-time";

const test = useTestDatabase();
const OPTIONS = { mail: true, baseUrl: "https://sluice.example" };
const HOUR_MS = 3_600_000;
let cast: Cast;
beforeAll(async () => {
  cast = await makeCast(test.db);
});

const later = (ms: number) => new Date(NOW.getTime() + ms);
const job = (now: Date = NOW) => ({
  actor: { kind: "job" as const, name: "tell" },
  db: test.db,
  now,
  requestId: "test",
});

async function tellAll(now: Date = NOW): Promise<void> {
  let more = true;
  while (more) more = await tellOfEntries(job(now), OPTIONS);
}

async function whoWasTold(ref: string, topic: string): Promise<string[]> {
  const rows = await test.db.notification.findMany({
    where: { ref, topic },
    select: { person: { select: { name: true } } },
  });
  return rows.map(({ person }) => person.name).sort();
}

/** References of what waits on somebody, in their inbox. */
async function waitingOn(person: PersonActor, now: Date = NOW): Promise<string[]> {
  const { items } = await listNotices(as(test.db, person, now), { show: "waiting", limit: 200 });
  return [...new Set(items.map(({ ref }) => ref))].sort();
}

const fewer = (document: PolicyDocument): PolicyDocument => ({
  ...document,
  baseline: { ...document.baseline, models: ["openai/gpt-4o"] },
});
const open = (document: PolicyDocument): PolicyDocument => ({ ...document, failMode: "open" });

async function submitted(tier: "low" | "moderate" | "high" = "moderate", edit = fewer) {
  const { slug } = await makeUseCase(test.db, cast, { tier });
  const change = await submitEdit(test.db, cast, { slug, edit });
  await tellAll();
  return { slug, change };
}

describe("a change", () => {
  it("waits on those whose seat is open, and then on its requester to apply it", async () => {
    const { change } = await submitted("high");
    expect(await whoWasTold(change.ref, "change_approval")).toEqual([
      "Lea Lead",
      "Leo Lead",
      "Lin Lead",
      "Rita Risk",
    ]);
    const { items } = await listNotices(as(test.db, cast.lead), { show: "waiting", limit: 1 });
    expect(items[0]).toMatchObject({
      title: `${change.ref} waits on you: Support bot, tightens`,
      href: `/changes/${change.ref}`,
    });
    await approveAll(test.db, cast, change);
    await tellAll();
    expect(await whoWasTold(change.ref, "change_apply")).toEqual(["Otto Owner"]);
    expect(await waitingOn(cast.lead2)).not.toContain(change.ref);
    expect(await waitingOn(cast.owner)).toContain(change.ref);
    await applyChange(as(test.db, cast.risk), { id: change.id });
    await tellAll();
    expect(await whoWasTold(change.ref, "change_applied")).toEqual(["Otto Owner"]);
    expect(await waitingOn(cast.owner)).not.toContain(change.ref);
  });

  it("that is rejected is told to who asked", async () => {
    const { change } = await submitted();
    await rejectChange(as(test.db, cast.lead), { id: change.id, note: "Not now." });
    await tellAll();
    expect(await whoWasTold(change.ref, "change_rejected")).toEqual(["Otto Owner"]);
  });

  it("is looked at by those who were asked by name", async () => {
    const { change } = await submitted();
    await askReviewers(as(test.db, cast.owner), {
      id: change.id,
      personIds: [cast.auditor.id, cast.lead.id],
    });
    await tellAll();
    expect(await whoWasTold(change.ref, "change_look")).toEqual(["Aud Auditor", "Lea Lead"]);
    expect(await waitingOn(cast.auditor)).toEqual([change.ref]);
    expect(await waitingOn(cast.lead)).toContain(change.ref);
    await rejectChange(as(test.db, cast.lead2), { id: change.id, note: "Not now." });
    expect(await waitingOn(cast.auditor)).toEqual([]);
  });

  it("whose base moved waits on its requester; one that was scheduled is suspended", async () => {
    const { slug, change } = await submitted();
    await approveAll(test.db, cast, change);
    await scheduleChange(as(test.db, cast.owner), { id: change.id, at: later(HOUR_MS).toISOString() });
    const other = await submitEdit(test.db, cast, { slug, edit: open });
    await approveAll(test.db, cast, other);
    await applyChange(as(test.db, cast.owner), { id: other.id });
    await tellAll();
    expect(await whoWasTold(change.ref, "change_rebase")).toEqual(["Otto Owner"]);
    expect(await waitingOn(cast.owner)).toContain(change.ref);
    await keepChanges(job(later(HOUR_MS)));
    await tellAll(later(HOUR_MS));
    expect(await whoWasTold(change.ref, "change_suspended")).toEqual(["Otto Owner"]);
  });

  it("that waits three days is overdue for those who owe it and who asked", async () => {
    const { change } = await submitted();
    await tellOfTime(job(later(3 * DAY_MS - 1)), OPTIONS);
    expect(await whoWasTold(change.ref, "change_overdue")).toEqual([]);
    await tellOfTime(job(later(3 * DAY_MS)), OPTIONS);
    await tellOfTime(job(later(4 * DAY_MS)), OPTIONS);
    expect(await whoWasTold(change.ref, "change_overdue")).toEqual([
      "Lea Lead",
      "Leo Lead",
      "Lin Lead",
      "Otto Owner",
    ]);
  });
});

describe("broken glass", () => {
  it("is told to everybody concerned, to those who can review it before it steps back, and when it has", async () => {
    const { change } = await submitted("moderate", open);
    await breakGlass(as(test.db, cast.lead), { id: change.id, reason: "Customers cannot sign in at all." });
    await tellAll();
    const review = await whoWasTold(change.ref, "change_review");
    expect(review).toContain("Leo Lead");
    expect(review).not.toContain("Lea Lead");
    const told = [...review, ...(await whoWasTold(change.ref, "broke_glass"))].sort();
    expect(told).toEqual(["Aud Auditor", "Leo Lead", "Lin Lead", "Otto Owner", "Rita Risk"]);
    expect(await waitingOn(cast.lead2)).toContain(change.ref);
    const { reviewDueAt } = await test.db.changeRequest.findUniqueOrThrow({ where: { id: change.id } });
    const due = reviewDueAt ?? NOW;
    await tellOfTime(job(new Date(due.getTime() - 2 * HOUR_MS - 1)), OPTIONS);
    expect(await whoWasTold(change.ref, "change_review_due")).toEqual([]);
    await tellOfTime(job(new Date(due.getTime() - 2 * HOUR_MS)), OPTIONS);
    expect(await whoWasTold(change.ref, "change_review_due")).toEqual(
      [...review, "Lea Lead", "Otto Owner"].filter((name, at, all) => all.indexOf(name) === at).sort(),
    );
    await keepChanges(job(due));
    await tellAll(due);
    const back = await test.db.changeRequest.findFirstOrThrow({ where: { revertsId: change.id } });
    expect(await whoWasTold(`CHG-${back.ref}`, "stepped_back")).toEqual([
      "Lea Lead",
      "Leo Lead",
      "Lin Lead",
      "Otto Owner",
      "Rita Risk",
    ]);
    expect(await waitingOn(cast.lead2, due)).not.toContain(change.ref);
  });
});

describe("an appeal", () => {
  it("waits on those who may rule, and its answer is told to who appealed", async () => {
    const useCase = await makeUseCase(test.db, cast);
    await putPolicy(test.db, useCase.id, watching);
    const at = new Date(NOW.getTime() - 60_000);
    const [decision] = await recordFindings(test.pool, useCase, [{ at, excerpt: "a redacted excerpt" }]);
    const appeal = await openAppeal(as(test.db, cast.owner), {
      decisionId: decision?.id ?? "",
      control: "prompt-attack",
      reason: "This is the wording of our own help pages, not an attack.",
    });
    await tellAll();
    expect(await whoWasTold(appeal.ref, "appeal")).toEqual(["Lea Lead", "Leo Lead", "Lin Lead", "Rita Risk"]);
    expect(await waitingOn(cast.risk)).toContain(appeal.ref);
    await answerAppeal(as(test.db, cast.lead), { id: appeal.id, action: "overturn", note: "You are right." });
    await tellAll();
    expect(await whoWasTold(appeal.ref, "appeal_answered")).toEqual(["Otto Owner"]);
    expect(await waitingOn(cast.risk)).not.toContain(appeal.ref);
    const titles = await test.db.notification.findMany({
      where: { ref: appeal.ref },
      select: { title: true },
    });
    expect(JSON.stringify(titles)).not.toMatch(/help pages|You are right/);
  });
});

describe("a campaign", () => {
  it("waits on the risk owners of its exceptions", async () => {
    const useCase = await makeUseCase(test.db, cast, { tier: "low" });
    const life = { startsAt: NOW, expiresAt: later(90 * DAY_MS) };
    const exception = await buildException(test.db, {
      useCaseId: useCase.id,
      controls: ["secrets"],
      ...life,
    });
    await tellAll();
    const campaign = await startCampaign(as(test.db, cast.lead), {
      title: "Spring",
      dueAt: inDays(10),
      filter: { useCase: useCase.slug },
    });
    await tellAll();
    const owner = await test.db.person.findUniqueOrThrow({ where: { id: exception.riskOwnerId } });
    expect(await whoWasTold(campaign.ref, "campaign")).toEqual([owner.name]);
  });
});

describe("drift", () => {
  it("is told at most once a day for each use case, of what was first seen since", async () => {
    const useCase = await makeUseCase(test.db, cast);
    const document = { ...exampleDocument, stage: "logging" as const };
    await addVersion(test.db, useCase.id, 2, document, later(-60 * DAY_MS));
    const policy = compile(document);
    const see = (tool: string, at: Date) => {
      const facts = someFacts({ useCase: useCase.slug, workload: "gateway", action: "tool_call", tool });
      return recordDecisions(test.pool, [decide({ useCase, facts, at, policy })]);
    };
    const told = () => whoWasTold(useCase.slug, "drift");
    await see("first_tool", later(-HOUR_MS));
    await tellOfDrift(job(), OPTIONS);
    expect(await told()).toEqual(["Otto Owner", "Rita Risk"]);
    await see("second_tool", later(HOUR_MS));
    await tellOfDrift(job(later(2 * HOUR_MS)), OPTIONS);
    expect(await told()).toHaveLength(2);
    await tellOfDrift(job(later(DAY_MS)), OPTIONS);
    expect(await told()).toHaveLength(4);
    await tellOfDrift(job(later(2 * DAY_MS)), OPTIONS);
    expect(await told()).toHaveLength(4);
  });
});
