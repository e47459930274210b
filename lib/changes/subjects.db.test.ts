import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import { keepChanges } from "@/lib/jobs/keep-changes";
import type { PolicyDocument } from "@/lib/policy/document";
import { NO_FLOOR } from "@/lib/policy/lattice";
import { getSetting } from "@/lib/settings/queries";
import { initialValue } from "@/lib/settings/schema";
import { approveAll, documentsOf, seenBy } from "@/lib/testing/changes";
import { assertConsistent } from "@/lib/testing/consistent-changes";
import { useTestDatabase } from "@/lib/testing/database";
import { as, type Cast, expectRefused, makeCast, NOW } from "@/lib/testing/people";
import { findFloor } from "@/lib/use-cases/policy-in-force";
import { applyChange } from "./apply-change";
import { approveChange } from "./approve-change";
import { breakGlass } from "./break-glass";
import { draftChange } from "./draft-change";
import { getChange } from "./queries";
import { getRebase, rebaseChange } from "./rebase-change";
import { rollBackChange } from "./roll-back-change";
import { scheduleChange } from "./schedule-change";
import { submitChange } from "./submit-change";

const test = useTestDatabase();
let cast: Cast;
beforeAll(async () => {
  cast = await makeCast(test.db);
});
afterAll(() => assertConsistent(test.db));

const HOUR_MS = 3_600_000;
const later = (ms: number) => new Date(NOW.getTime() + ms);
const by = (actor: PersonActor, now: Date = NOW) => as(test.db, actor, now);
const job = (now: Date) =>
  keepChanges({ actor: { kind: "job", name: "keep-changes" }, now, requestId: "test", db: test.db });
const state = (change: { id: string }) => getChange(by(cast.auditor), change);
const justification = "So that everybody keeps to it.";

describe("a setting", () => {
  const WHERE = { setting: "exceptions" as const };
  const limits = initialValue("exceptions");
  const propose = async (baseVersion: number, proposal: object) => {
    const draft = await draftChange(by(cast.lead), { ...WHERE, baseVersion, proposal, justification });
    return submitChange(by(cast.lead), { id: draft.id });
  };
  const held = async () => getSetting(test.db, "exceptions", NOW);

  it("that another change moved is not applied until it is rebased, field by field", async () => {
    const mine = await propose(0, { ...limits, unusedDays: 40, chainMultiple: 5 });
    const waiting = await propose(0, { ...limits, unusedDays: 50 });
    await approveAll(test.db, cast, waiting);
    const at = later(HOUR_MS).toISOString();
    await scheduleChange(by(cast.lead), { id: waiting.id, at });
    const theirs = await propose(0, { ...limits, unusedDays: 20 });
    await approveAll(test.db, cast, theirs);
    await applyChange(by(cast.lead), { id: theirs.id });
    expect(await held()).toMatchObject({ number: 1, value: { unusedDays: 20 } });
    expect(await state(mine)).toMatchObject({ conflicted: true });
    await expectRefused(test.db, () => approveChange(by(cast.risk), seenBy(mine)), "conflict");
    await job(later(HOUR_MS));
    expect(await state(waiting)).toMatchObject({ status: "suspended", conflicted: true });
    const { fields } = await getRebase(by(cast.lead), { id: mine.id });
    expect(fields.filter(({ conflict }) => conflict)).toMatchObject([
      { path: "unusedDays", mine: 40, theirs: 20 },
    ]);
    const rebase = (choices: Record<string, "mine" | "theirs">) =>
      rebaseChange(by(cast.lead), { id: mine.id, ontoVersion: 1, choices });
    await expectRefused(test.db, () => rebase({}), "rule", "rebase-conflict");
    const rebased = await rebase({ unusedDays: "theirs" });
    expect(rebased.proposal).toMatchObject({ unusedDays: 20, chainMultiple: 5 });
    await approveAll(test.db, cast, rebased);
    await applyChange(by(cast.lead), { id: mine.id });
    expect(await held()).toMatchObject({ number: 2, value: { unusedDays: 20, chainMultiple: 5 } });
  });

  it("rolls back, and steps back when nobody reviews broken glass", async () => {
    const { number, value } = await held();
    const change = await propose(number, { ...value, chainMultiple: 6 });
    await breakGlass(by(cast.lead), { id: change.id, reason: "It cannot wait any longer." });
    expect((await held()).value.chainMultiple).toBe(6);
    const back = await rollBackChange(by(cast.lead), { id: change.id, reason: "It was too much." });
    expect(back).toMatchObject({ status: "in_review", proposal: value });
    await job(later(8 * HOUR_MS - 1));
    expect((await held()).number).toBe(number + 1);
    await job(later(8 * HOUR_MS));
    const setting = await getSetting(test.db, "exceptions", later(8 * HOUR_MS));
    expect(setting).toMatchObject({ number: number + 2, value });
    expect(await state(back)).toMatchObject({ conflicted: true });
  });
});

describe("a floor", () => {
  const propose = async (baseVersion: number, proposal: PolicyDocument) => {
    const input = { floor: "confidential" as const, baseVersion, proposal, justification };
    return submitChange(by(cast.lead), { id: (await draftChange(by(cast.lead), input)).id });
  };
  const held = () => findFloor(test.db, "confidential", NOW);

  it("that another change moved is rebased, keeps both sides' fields, and asks its seats again", async () => {
    const mine = await propose(0, { ...NO_FLOOR, capture: "excerpt" });
    await approveAll(test.db, cast, mine);
    expect(await state(mine)).toMatchObject({ status: "approved" });
    const theirs = await propose(0, { ...NO_FLOOR, failMode: "closed" });
    await approveAll(test.db, cast, theirs);
    await applyChange(by(cast.lead), { id: theirs.id });
    await expectRefused(test.db, () => applyChange(by(cast.lead), { id: mine.id }), "conflict");
    const rebased = await rebaseChange(by(cast.lead), { id: mine.id, ontoVersion: 1, choices: {} });
    expect(rebased).toMatchObject({ status: "in_review", quorumMet: false });
    expect(documentsOf(rebased).proposal).toMatchObject({ capture: "excerpt", failMode: "closed" });
    await approveAll(test.db, cast, rebased);
    await applyChange(by(cast.lead), { id: mine.id });
    expect(await held()).toMatchObject({ number: 2, document: { capture: "excerpt", failMode: "closed" } });
  });

  it("rolls back to what held before any was set", async () => {
    const first = await test.db.changeRequest.findFirstOrThrow({
      where: { subjectKey: "confidential", appliedVersion: 1 },
    });
    const back = await rollBackChange(by(cast.lead), { id: first.id, reason: "It was too much." });
    await approveAll(test.db, cast, back);
    await applyChange(by(cast.lead), { id: back.id });
    expect((await held())?.document).toEqual(NO_FLOOR);
  });
});
