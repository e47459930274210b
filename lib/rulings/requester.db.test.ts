import { beforeAll, describe, expect, it } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import { draftChange } from "@/lib/changes/draft-change";
import { measureChange } from "@/lib/changes/measure-change";
import { submitChange } from "@/lib/changes/submit-change";
import type { ChangeView } from "@/lib/changes/views";
import { withdrawChange } from "@/lib/changes/withdraw-change";
import { getReadiness } from "@/lib/readiness/get-readiness";
import { useTestDatabase } from "@/lib/testing/database";
import { putPolicy, recordFindings, watching } from "@/lib/testing/findings";
import { as, type Cast, makeCast, makeUseCase, NOW } from "@/lib/testing/people";
import { getPolicy } from "@/lib/use-cases/policy-queries";
import { readRulingEstimates } from "./estimates";
import { getRulingQueue } from "./get-queue";
import type { Answer } from "./lifecycle";
import { ruleFinding } from "./rule-finding";
import { rulingWindow } from "./rules";

const test = useTestDatabase();
const HOUR = 3_600_000;
const CONTROL = "prompt-attack";
const window = rulingWindow(NOW);
let cast: Cast;
beforeAll(async () => {
  cast = await makeCast(test.db);
});

const by = (actor: PersonActor) => as(test.db, actor);

/** A use case of which a control has fired ten times. */
async function fresh() {
  const useCase = await makeUseCase(test.db, cast);
  await putPolicy(test.db, useCase.id, watching);
  const findings = Array.from({ length: 10 }, (_, at) => ({ at: new Date(NOW.getTime() - (1 + at) * HOUR) }));
  await recordFindings(test.pool, useCase, findings);
  return useCase;
}
type UseCase = Awaited<ReturnType<typeof fresh>>;

const queueOf = (useCase: UseCase, actor: PersonActor) =>
  getRulingQueue(by(actor), { useCase: useCase.slug, control: CONTROL });

/** Rules so many of what the queue asks this person. */
async function rule(useCase: UseCase, actor: PersonActor, n: number, answer: Answer = "true_positive") {
  const { items } = await queueOf(useCase, actor);
  for (const { decisionId, control, rulings } of items.slice(0, n))
    await ruleFinding(by(actor), { decisionId, control, answer, seen: rulings.length, sampled: true });
}

/** A change that lets the control act for some traffic, submitted by this person. */
async function asked(useCase: UseCase, actor: PersonActor): Promise<ChangeView> {
  const { document, version } = await getPolicy(by(actor), { slug: useCase.slug });
  const limited = { controls: [CONTROL], cohort: { percent: 10, workloads: [] } };
  const change = await draftChange(by(actor), {
    useCase: useCase.slug,
    baseVersion: version,
    proposal: { ...document, stage: "limited" as const, limited },
    justification: "Its findings were looked at, and they hold.",
  });
  return submitChange(by(actor), { id: change.id });
}

const rulingsOf = ({ evidence }: ChangeView) =>
  evidence?.readiness?.conditions.find(({ id }) => id === `rulings:${CONTROL}`)?.text;

describe("rulings by who asks for the change", () => {
  it("do not count in it, count in another's, and on the page of the use case", async () => {
    const useCase = await fresh();
    await rule(useCase, cast.lead, 3);
    await rule(useCase, cast.lead2, 2);
    expect(rulingsOf(await asked(useCase, cast.lead))).toBe(
      "2 of 30 rulings (3 by the requester do not count; it fired 10 times in all)",
    );
    expect(rulingsOf(await asked(useCase, cast.owner))).toBe("5 of 30 rulings (it fired 10 times in all)");
    const { controls } = await getReadiness(by(cast.owner), { slug: useCase.slug });
    const own = controls.find(({ control }) => control === CONTROL)?.conditions ?? [];
    expect(own.find(({ id }) => id.startsWith("rulings"))?.measured).toBe(5);
  });

  it("stand back for what somebody else said before them", async () => {
    const useCase = await fresh();
    await rule(useCase, cast.lead2, 1, "false_positive");
    const { decisionId } = await test.db.ruling.findFirstOrThrow({ where: { useCaseId: useCase.id } });
    const again = { decisionId, control: CONTROL, answer: "true_positive", seen: 1 } as const;
    await ruleFinding(by(cast.lead), again);
    const question = { useCaseId: useCase.id, ...window };
    const [whole] = await readRulingEstimates(test.db, question);
    const [counted] = await readRulingEstimates(test.db, { ...question, exceptBy: [cast.lead.id] });
    expect(whole).toMatchObject({ leftOut: 0, sampled: { true_positive: 1, false_positive: 0 } });
    expect(counted).toMatchObject({ leftOut: 1, sampled: { true_positive: 0, false_positive: 1 } });
  });

  it("are asked again of others while the change is open, and count when they have answered", async () => {
    const useCase = await fresh();
    await rule(useCase, cast.lead, 10);
    expect((await queueOf(useCase, cast.lead2)).awaiting).toBe(0);
    const change = await asked(useCase, cast.lead);
    expect(rulingsOf(change)).toBe(
      "no rulings by others yet: 0 of 30 rulings (10 by the requester do not count; it fired 10 times in all)",
    );
    expect((await queueOf(useCase, cast.lead)).awaiting).toBe(0);
    const queue = await queueOf(useCase, cast.lead2);
    expect(queue.awaiting).toBe(10);
    expect(queue.controls[0]).toMatchObject({ asked: 10, ruled: 10, passedOver: 0, gone: 0 });
    await rule(useCase, cast.lead2, 4);
    expect((await queueOf(useCase, cast.risk)).awaiting).toBe(6);
    expect(rulingsOf(await measureChange(by(cast.lead), { id: change.id }))).toBe(
      "4 of 30 rulings (6 by the requester do not count; it fired 10 times in all)",
    );
    await withdrawChange(by(cast.lead), { id: change.id, reason: "Another time." });
    expect((await queueOf(useCase, cast.risk)).awaiting).toBe(0);
  });

  it("of whom two ask, each is asked what the other has ruled", async () => {
    const useCase = await fresh();
    await rule(useCase, cast.lead, 6);
    await rule(useCase, cast.lead2, 4);
    await asked(useCase, cast.lead);
    await asked(useCase, cast.lead2);
    expect((await queueOf(useCase, cast.lead)).awaiting).toBe(4);
    expect((await queueOf(useCase, cast.lead2)).awaiting).toBe(6);
    expect((await queueOf(useCase, cast.risk)).awaiting).toBe(10);
  });
});
