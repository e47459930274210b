import { beforeAll, expect, it, vi } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import { useTestDatabase } from "@/lib/testing/database";
import { TEST_SECRET } from "@/lib/testing/decision-point";
import { as, type Cast, expectAudited, expectRefused, makeCast, makeUseCase } from "@/lib/testing/people";
import { makeCanary } from "./make-canary";
import { listCanaryDecisions } from "./queries";
import { sendCanary } from "./send-canary";

const database = useTestDatabase();
let cast: Cast;
let own: string;
let foreign: string;

beforeAll(async () => {
  vi.stubEnv("SLUICE_SECRET", TEST_SECRET);
  cast = await makeCast(database.db);
  ({ slug: own } = await makeUseCase(database.db, cast));
  ({ slug: foreign } = await makeUseCase(database.db, cast));
  const useCase = { slug: foreign };
  await database.db.useCase.update({ where: useCase, data: { riskOwnerId: cast.lead.id } });
  await database.db.useCaseMember.deleteMany({ where: { useCase } });
});

const by = (actor: PersonActor) => as(database.db, actor);

it("its owners, security leads and admins make one; it is audited on the use case", async () => {
  for (const actor of [cast.owner, cast.risk, cast.lead, cast.admin]) {
    const ctx = by(actor);
    const made = await expectAudited(ctx, "canary.made", () => makeCanary(ctx, { slug: own }));
    expect(Date.parse(made.expiresAt) - Date.parse(made.madeAt)).toBe(15 * 60_000);
    const entry = await database.db.auditEntry.findFirst({ orderBy: { number: "desc" } });
    expect(entry).toMatchObject({ useCase: own, subjectKind: "use_case" });
    expect(JSON.stringify(entry?.detail)).not.toContain(made.text);
  }
});

it("nobody else, and nobody sends one in their place", async () => {
  const refused: [PersonActor, string][] = [
    [cast.auditor, own],
    [cast.business, own],
    [cast.owner, foreign],
    [cast.risk, foreign],
  ];
  for (const [actor, slug] of refused) {
    const send = { slug, client: "portkey", credential: "a-credential" } as const;
    await expectRefused(database.db, () => makeCanary(by(actor), { slug }), "forbidden");
    await expectRefused(database.db, () => sendCanary(by(actor), send, "http://127.0.0.1:9"), "forbidden");
  }
  await expectRefused(database.db, () => makeCanary(by(cast.lead), { slug: "no-such" }), "not_found");
  await expectRefused(
    database.db,
    () => listCanaryDecisions(by(cast.lead), { slug: "no-such" }),
    "not_found",
  );
});
