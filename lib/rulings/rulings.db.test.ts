import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import { getDecision } from "@/lib/telemetry/get-decision";
import { buildFloorVersion } from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";
import { putPolicy, recordFindings, watching } from "@/lib/testing/findings";
import {
  as,
  type Cast,
  expectAudited,
  expectRefused,
  makeActor,
  makeCast,
  makeUseCase,
  NOW,
} from "@/lib/testing/people";
import { answerAppeal } from "./answer-appeal";
import { checkCases } from "./check-cases";
import { countOpenAppeals } from "./estimates";
import { exportAppeals, exportRulings } from "./export-lists";
import { getDecisionRulings } from "./get-decision-rulings";
import { getRulingQueue } from "./get-queue";
import { keepCase } from "./keep-case";
import { openAppeal } from "./open-appeal";
import { listAppeals, listAppealsWaitingFor, listCases, listRulings } from "./queries";
import { retireCase } from "./retire-case";
import { ruleFinding } from "./rule-finding";
import { withdrawAppeal } from "./withdraw-appeal";

const test = useTestDatabase();
const reason = "This is the wording of our own help pages, not an attack.";
let cast: Cast;
let foreignRisk: PersonActor;
let foreignOwner: PersonActor;
let useCase: { id: string; slug: string };
let finding: { decisionId: string; control: string };
let minutes = 0;

beforeAll(async () => {
  cast = await makeCast(test.db);
  foreignRisk = await makeActor(test.db, ["risk_owner"], "Rosa Risk");
  foreignOwner = await makeActor(test.db, ["application_owner"], "Olga Owner");
  const made = await makeUseCase(test.db, cast);
  useCase = { id: made.id, slug: made.slug };
  await putPolicy(test.db, useCase.id, watching);
});

/** A finding of its own for each test. */
async function freshFinding(): Promise<{ decisionId: string; control: string }> {
  minutes += 1;
  const at = new Date(NOW.getTime() - minutes * 60_000);
  const [decision] = await recordFindings(test.pool, useCase, [{ at, excerpt: "a redacted excerpt" }]);
  return { decisionId: decision?.id ?? "", control: "prompt-attack" };
}

beforeEach(async () => {
  finding = await freshFinding();
});

const rule = (actor: PersonActor, more: object = {}) =>
  ruleFinding(as(test.db, actor), { ...finding, answer: "true_positive", seen: 0, ...more });
const appeal = (actor: PersonActor = cast.owner) => openAppeal(as(test.db, actor), { ...finding, reason });
const rulingsNow = async (actor: PersonActor) => {
  const decision = await getDecision(as(test.db, actor), { id: finding.decisionId });
  const [own] = await getDecisionRulings(as(test.db, actor), decision);
  if (!own) throw new Error("the decision has no finding");
  return own;
};
const may = async (actor: PersonActor) =>
  Object.fromEntries((await rulingsNow(actor)).actions.map(({ name, allowed }) => [name, allowed]));

describe("a ruling", () => {
  it("is a security lead's or the named risk owner's, is audited, and says nothing of content", async () => {
    for (const [seen, actor] of [cast.lead, cast.risk].entries()) {
      const ctx = as(test.db, actor);
      const view = await expectAudited(ctx, "finding.ruled", () =>
        rule(actor, { seen, note: "Seen it before." }),
      );
      expect(view).toMatchObject({
        number: seen + 1,
        current: true,
        basis: "picked",
        ruledBy: { id: actor.id },
        level: "L2",
        effect: "would_block",
      });
      const entry = await test.db.auditEntry.findFirstOrThrow({ where: { subjectId: view.id } });
      expect(entry).toMatchObject({ useCase: useCase.slug, reason: "Seen it before." });
      expect(JSON.stringify(entry.detail)).not.toContain("excerpt");
    }
    const { rulings } = await rulingsNow(cast.auditor);
    expect(rulings.map(({ number, current }) => [number, current])).toEqual([
      [1, false],
      [2, true],
    ]);
  });

  it("is nobody else's, and not a security lead's whose own application it is", async () => {
    const both = await makeActor(test.db, ["security_lead"], "Bo Both");
    await test.db.useCaseMember.create({ data: { useCaseId: useCase.id, personId: both.id } });
    for (const actor of [
      cast.admin,
      cast.owner,
      foreignRisk,
      foreignOwner,
      cast.auditor,
      cast.business,
      both,
    ]) {
      await expectRefused(test.db, () => rule(actor), "forbidden");
      expect((await may(actor === cast.business ? cast.auditor : actor))["rule"]).toBe(false);
    }
    await test.db.useCaseMember.delete({
      where: { useCaseId_personId: { useCaseId: useCase.id, personId: both.id } },
    });
  });

  it("is of a finding that there is: no other control, no other decision, no other count", async () => {
    await expectRefused(test.db, () => rule(cast.lead, { control: "pii/email" }), "not_found");
    await expectRefused(
      test.db,
      () => rule(cast.lead, { decisionId: "01900000-0000-7000-8000-000000000001" }),
      "not_found",
    );
    for (const seen of [1, 7]) await expectRefused(test.db, () => rule(cast.lead, { seen }), "conflict");
    await rule(cast.lead);
    await expectRefused(test.db, () => rule(cast.lead2), "conflict");
  });

  it("stays: the database refuses to change or drop it, and to leave a gap", async () => {
    const { id } = await rule(cast.lead);
    for (const sql of [
      `UPDATE ruling SET answer = 'unsure' WHERE id = '${id}'`,
      `DELETE FROM ruling WHERE id = '${id}'`,
      "TRUNCATE ruling CASCADE",
    ]) {
      await expect(test.db.$executeRawUnsafe(sql)).rejects.toThrow("append-only");
    }
    await expect(
      test.db.$executeRawUnsafe(`INSERT INTO ruling SELECT gen_random_uuid(), use_case_id, decision_id, decided_at,
        control, level, effect, 3, answer, basis, note, sample, appeal_id, ruled_by_id, ruled_at FROM ruling WHERE id = '${id}'`),
    ).rejects.toThrow("does not follow");
  });
});

describe("an appeal", () => {
  it("is an application owner's of that use case, one at a time for a finding", async () => {
    for (const actor of [cast.admin, cast.lead, cast.risk, foreignOwner, cast.auditor, cast.business]) {
      await expectRefused(test.db, () => appeal(actor), "forbidden");
    }
    const before = await countOpenAppeals(test.db, { useCaseId: useCase.id });
    const view = await expectAudited(as(test.db, cast.owner), "appeal.opened", () => appeal());
    expect(view).toMatchObject({ status: "open", reason, openedBy: { id: cast.owner.id } });
    expect(view.ref).toMatch(/^APL-\d+$/);
    await expectRefused(test.db, () => appeal(), "conflict");
    expect(await countOpenAppeals(test.db, { useCaseId: useCase.id })).toBe(before + 1);
    expect(await countOpenAppeals(test.db, { useCaseId: useCase.id, controls: ["pii/email"] })).toBe(0);
    const waits = async (actor: PersonActor) =>
      (await listAppealsWaitingFor(test.db, actor)).some(({ id }) => id === view.id);
    expect(await Promise.all([cast.lead, cast.risk, foreignRisk, cast.owner, cast.admin].map(waits))).toEqual(
      [true, true, false, false, false],
    );
    expect(await may(cast.owner)).toEqual({ rule: false });
  });

  it.each([
    ["uphold", "upheld", "true_positive"],
    ["overturn", "overturned", "false_positive"],
  ] as const)(
    "is answered by somebody else who may rule, which rules: %s",
    async (action, status, answer) => {
      const { ref } = await appeal();
      const said = { id: ref, action, note: "Looked at with the team." };
      for (const actor of [cast.owner, cast.admin, foreignRisk, cast.auditor]) {
        await expectRefused(test.db, () => answerAppeal(as(test.db, actor), said), "forbidden");
      }
      const ctx = as(test.db, cast.risk);
      const view = await expectAudited(ctx, "appeal.answered", () => answerAppeal(ctx, said));
      expect(view).toMatchObject({ status, answer: said.note, closedBy: { id: cast.risk.id }, actions: [] });
      const { rulings } = await rulingsNow(cast.owner);
      expect(rulings).toMatchObject([{ answer, basis: "appealed", appeal: ref, current: true }]);
      await expectRefused(test.db, () => answerAppeal(as(test.db, cast.lead), said), "conflict");
      await expectRefused(test.db, () => withdrawAppeal(as(test.db, cast.owner), { id: ref }), "conflict");
      if (answer === "false_positive") await expectRefused(test.db, () => appeal(), "conflict");
      else expect((await appeal()).ref, "another word may be asked for").not.toBe(ref);
    },
  );

  it("is never answered by the person who appealed, whatever roles they were given since", async () => {
    const { ref } = await appeal();
    const promoted: PersonActor = { ...cast.owner, roles: ["application_owner", "security_lead"] };
    const said = { id: ref, action: "overturn", note: "I was right." } as const;
    await expectRefused(test.db, () => answerAppeal(as(test.db, promoted), said), "forbidden");
    await expect(
      test.db.$executeRawUnsafe(`UPDATE appeal SET status = 'overturned', open_key = NULL, closed_by_id = opened_by_id,
        closed_at = now(), answer = 'x' WHERE ref = ${ref.slice(4)}`),
    ).rejects.toThrow("appeal_four_eyes");
  });

  it("is taken back by the person who appealed and nobody else", async () => {
    const { ref, id } = await appeal();
    for (const actor of [cast.lead, cast.risk, foreignOwner]) {
      await expectRefused(test.db, () => withdrawAppeal(as(test.db, actor), { id: ref }), "forbidden");
    }
    const ctx = as(test.db, cast.owner);
    const view = await expectAudited(ctx, "appeal.withdrawn", () => withdrawAppeal(ctx, { id: ref }));
    expect(view).toMatchObject({ status: "withdrawn", closedBy: { id: cast.owner.id } });
    expect((await rulingsNow(cast.owner)).rulings).toEqual([]);
    await expect(
      test.db.$executeRawUnsafe(`UPDATE appeal SET status = 'open', open_key = 'x' WHERE id = '${id}'`),
    ).rejects.toThrow("is closed");
  });
});

describe("a kept case", () => {
  const keep = (actor: PersonActor = cast.lead) =>
    keepCase(as(test.db, actor), { ...finding, name: "Help pages are no attack" });

  it("holds the facts of a ruled finding and what the control must do on them, and checks every document", async () => {
    // Facts of its own: another level.
    const [decision] = await recordFindings(test.pool, useCase, [
      { at: new Date(NOW.getTime() - 1), level: 3 },
    ]);
    finding = { decisionId: decision?.id ?? "", control: "prompt-attack" };
    await expectRefused(test.db, () => keep(), "rule", "not_ruled");
    await rule(cast.lead, { answer: "unsure" });
    await expectRefused(test.db, () => keep(), "rule", "unsure");
    await rule(cast.lead, { answer: "false_positive", seen: 1 });
    for (const actor of [cast.owner, foreignRisk, cast.admin, cast.auditor]) {
      await expectRefused(test.db, () => keep(actor), "forbidden");
    }
    const view = await expectAudited(as(test.db, cast.lead), "case.kept", () => keep());
    expect(view).toMatchObject({ expected: "does_not_fire", holds: false, problem: null });
    expect(JSON.stringify(view.facts)).not.toContain("excerpt");
    await expectRefused(test.db, () => keep(), "conflict");
    const check = async (controls: (typeof watching)["controls"]) =>
      (
        await checkCases(test.db, { useCaseId: useCase.id, document: { ...watching, controls }, at: NOW })
      ).map(({ ref, holds }) => [ref, holds]);
    expect(await check({ "prompt-attack": { mode: "enforce", sensitivity: "L3" } })).toEqual([
      [view.ref, false],
    ]);
    expect(await check({ "prompt-attack": { mode: "log", sensitivity: "L3" } })).toEqual([[view.ref, false]]);
    expect(await check({ "prompt-attack": { mode: "enforce", sensitivity: "L2" } })).toEqual([
      [view.ref, true],
    ]);
    expect(await check({ "prompt-attack": { mode: "off", sensitivity: "L3" } })).toEqual([[view.ref, true]]);
    expect(await check({})).toEqual([[view.ref, true]]);
    await buildFloorVersion(test.db, "internal", {
      ...watching,
      controls: { "prompt-attack": { mode: "log", sensitivity: "L3" } },
    });
    expect(await check({}), "the floor counts").toEqual([[view.ref, false]]);
    const ctx = as(test.db, cast.risk);
    await expectRefused(
      test.db,
      () => retireCase(as(test.db, cast.owner), { id: view.ref, reason: "Not needed." }),
      "forbidden",
    );
    const retired = await expectAudited(ctx, "case.retired", () =>
      retireCase(ctx, { id: view.ref, reason: "The detector was trained anew." }),
    );
    expect(retired).toMatchObject({
      holds: null,
      retireReason: "The detector was trained anew.",
      actions: [],
    });
    await expectRefused(test.db, () => retireCase(ctx, { id: view.ref, reason: "Again." }), "conflict");
    expect(await check({})).toEqual([]);
    expect((await keep()).ref, "it may be kept anew").not.toBe(view.ref);
    const list = await listCases(ctx, { useCase: useCase.slug, state: "live", limit: 10 });
    expect(list.items.map(({ name }) => name)).toEqual(["Help pages are no attack"]);
  });

  it("of a custom control holds for its condition, and cannot be told once it looks for other phrases", async () => {
    const { id, slug } = await makeUseCase(test.db, cast);
    const sued = { mode: "log", sensitivity: "L2", phrases: ["sue them"] } as const;
    const document = {
      ...watching,
      controls: {
        "custom/no-law": sued,
        "custom/tool": { mode: "log", when: "context.attributed" },
      },
    } as const;
    await putPolicy(test.db, id, document as never);
    const [decision] = await recordFindings(
      test.pool,
      { id, slug },
      [{ at: new Date(NOW.getTime() - 5), control: "custom/no-law" }],
      document as never,
    );
    for (const control of ["custom/no-law", "custom/tool"]) {
      const named = { decisionId: decision?.id ?? "", control };
      await ruleFinding(as(test.db, cast.lead), { ...named, answer: "true_positive", seen: 0 });
      await keepCase(as(test.db, cast.lead), { ...named, name: `Kept of ${control}` });
    }
    const check = async (controls: object) =>
      (
        await checkCases(test.db, {
          useCaseId: id,
          document: { ...watching, controls } as never,
          at: new Date("2026-01-01T00:00:00Z"),
        })
      ).map(({ control, holds, problem }) => [control, holds, problem !== null]);
    expect(
      await check({ ...document.controls, "custom/tool": { mode: "log", when: "false" } }),
    ).toContainEqual(["custom/tool", false, false]);
    expect(await check(document.controls)).toContainEqual(["custom/tool", true, false]);
    const other = { ...sued, phrases: ["sue us"] };
    expect(await check({ ...document.controls, "custom/no-law": other })).toContainEqual([
      "custom/no-law",
      false,
      true,
    ]);
    expect(await check({})).toContainEqual(["custom/no-law", false, false]);
  });
});

describe("lists", () => {
  const read = async (pieces: AsyncGenerator<string>) => {
    let text = "";
    for await (const piece of pieces) text += piece;
    return text.trimEnd().split("\n");
  };

  it("page through every ruling and appeal once, and go out whole as files that are audited and safe", async () => {
    for (let round = 0; round < 5; round++) {
      finding = await freshFinding();
      await rule(cast.lead, { note: "=1+1", answer: "unsure" });
      await openAppeal(as(test.db, cast.owner), {
        ...finding,
        reason: "@SUM(A1) is what the customer wrote.",
      });
    }
    const ctx = as(test.db, cast.auditor);
    const filter = { useCase: useCase.slug, answer: "unsure" } as const;
    const [first, whole] = await Promise.all([
      listRulings(ctx, { ...filter, limit: 3 }),
      listRulings(ctx, { ...filter, limit: 200 }),
    ]);
    const rest = await listRulings(ctx, { ...filter, limit: 200, cursor: first.nextCursor ?? "" });
    expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(whole.items.map(({ id }) => id));
    expect(whole.total).toBe(whole.items.length);
    const rows = await expectAudited(ctx, "list.exported", async () =>
      read(await exportRulings(ctx, filter)),
    );
    expect(rows).toHaveLength(whole.total + 1);
    expect(rows.filter((row) => row.includes("'=1+1"))).toHaveLength(5);
    const open = await listAppeals(ctx, { useCase: useCase.slug, status: "open", limit: 200 });
    const files = await read(await exportAppeals(ctx, { useCase: useCase.slug, status: "open" }));
    expect(files).toHaveLength(open.total + 1);
    expect(files.filter((row) => row.includes("'@SUM(A1)"))).toHaveLength(5);
    await expect(listRulings(ctx, { limit: 3, cursor: "bm9uc2Vuc2U" })).rejects.toMatchObject({
      code: "invalid",
    });
  });

  it("give an auditor the queue to read, and no ruling", async () => {
    const queue = await getRulingQueue(as(test.db, cast.auditor), { useCase: useCase.slug });
    expect(queue.mayRule).toMatchObject({ allowed: false });
    expect(queue.items[0]).toMatchObject({ excerpt: "a redacted excerpt", mode: "enforce" });
    await expect(
      getRulingQueue(as(test.db, cast.auditor), { useCase: "no-such-thing" }),
    ).rejects.toMatchObject({ code: "not_found" });
  });
});
