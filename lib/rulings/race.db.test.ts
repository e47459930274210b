import { beforeAll, expect, it } from "vitest";
import { SluiceError } from "@/lib/errors";
import { useTestDatabase } from "@/lib/testing/database";
import { putPolicy, recordFindings, watching } from "@/lib/testing/findings";
import { as, type Cast, makeCast, makeUseCase, NOW } from "@/lib/testing/people";
import { answerAppeal } from "./answer-appeal";
import { openAppeal } from "./open-appeal";
import { ruleFinding } from "./rule-finding";
import { withdrawAppeal } from "./withdraw-appeal";

const test = useTestDatabase();
const ROUNDS = 100;
let cast: Cast;
let findings: { decisionId: string; control: string }[];

beforeAll(async () => {
  cast = await makeCast(test.db);
  const { id, slug } = await makeUseCase(test.db, cast);
  await putPolicy(test.db, id, watching);
  const at = (round: number) => new Date(NOW.getTime() - round * 60_000);
  const decisions = await recordFindings(
    test.pool,
    { id, slug },
    Array.from({ length: 4 * ROUNDS }, (_, round) => ({ at: at(round) })),
  );
  findings = decisions.map((decision) => ({ decisionId: decision.id, control: "prompt-attack" }));
});

function next(): { decisionId: string; control: string } {
  const finding = findings.pop();
  if (!finding) throw new Error("no findings left");
  return finding;
}

const opened = (finding: { decisionId: string; control: string }, actor = cast.owner) =>
  openAppeal(as(test.db, actor), { ...finding, reason: "It is wrong, and we can show that it is." });

/** Runs both at the same instant: one is done and audited, the other told that it came second. */
async function oneOf(first: () => Promise<unknown>, second: () => Promise<unknown>): Promise<void> {
  const before = await test.db.auditEntry.count();
  const settled = await Promise.allSettled([first(), second()]);
  const refused = settled.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
  expect(refused).toHaveLength(1);
  expect(refused[0]).toBeInstanceOf(SluiceError);
  expect((refused[0] as SluiceError).code).toBe("conflict");
  expect(await test.db.auditEntry.count()).toBe(before + 1);
}

it("lets one of two rulings win, a hundred times", async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const finding = next();
    const rule = (actor = cast.lead, answer: "true_positive" | "false_positive" = "true_positive") =>
      ruleFinding(as(test.db, actor), { ...finding, answer, seen: 0 });
    await oneOf(
      () => rule(),
      () => rule(cast.risk, "false_positive"),
    );
    expect(await test.db.ruling.count({ where: { decisionId: finding.decisionId } })).toBe(1);
  }
}, 120_000);

it("lets one of two appeals of a finding stand, a hundred times", async () => {
  const other = { ...cast.lead2, roles: ["application_owner"] as const };
  const { useCaseId } = await test.db.useCaseMember.findFirstOrThrow();
  await test.db.useCaseMember.create({ data: { useCaseId, personId: other.id } });
  for (let round = 0; round < ROUNDS; round++) {
    const finding = next();
    await oneOf(
      () => opened(finding),
      () => opened(finding, other),
    );
    expect(await test.db.appeal.count({ where: { decisionId: finding.decisionId } })).toBe(1);
  }
}, 120_000);

it("lets one of two answers win, with one ruling, a hundred times", async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const finding = next();
    const { id } = await opened(finding);
    const answer = (actor: typeof cast.lead, action: "uphold" | "overturn") =>
      answerAppeal(as(test.db, actor), { id, action, note: "Looked at." });
    await oneOf(
      () => answer(cast.lead, "uphold"),
      () => answer(cast.risk, "overturn"),
    );
    const { status } = await test.db.appeal.findUniqueOrThrow({ where: { id } });
    const [ruling, ...more] = await test.db.ruling.findMany({ where: { appealId: id } });
    expect(more).toEqual([]);
    expect(ruling?.answer).toBe(status === "upheld" ? "true_positive" : "false_positive");
  }
}, 120_000);

it("lets either the answer or the withdrawal win, and rules only with the answer, a hundred times", async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { id } = await opened(next());
    await oneOf(
      () => answerAppeal(as(test.db, cast.lead), { id, action: "overturn", note: "Looked at." }),
      () => withdrawAppeal(as(test.db, cast.owner), { id }),
    );
    const { status } = await test.db.appeal.findUniqueOrThrow({ where: { id } });
    expect(await test.db.ruling.count({ where: { appealId: id } })).toBe(status === "withdrawn" ? 0 : 1);
  }
}, 120_000);
