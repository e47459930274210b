import { beforeAll, describe, expect, it } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import { draftChange } from "@/lib/changes/draft-change";
import { submitChange } from "@/lib/changes/submit-change";
import { withdrawChange } from "@/lib/changes/withdraw-change";
import { compile } from "@/lib/policy/compile";
import { useTestDatabase } from "@/lib/testing/database";
import {
  as,
  type Cast,
  DAY_MS,
  expectAudited,
  expectRefused,
  makeActor,
  makeCast,
  makeUseCase,
  NOW,
} from "@/lib/testing/people";
import { createUseCase } from "./create-use-case";
import { getPolicy, listPolicyVersions } from "./policy-queries";
import { getUseCase, listUseCases } from "./queries";
import { purposeSlug } from "./rules";
import { type CreateUseCaseInput, TEMPLATE_IDS } from "./schema";
import { updateUseCase } from "./update-use-case";

const test = useTestDatabase();
let cast: Cast;
beforeAll(async () => {
  cast = await makeCast(test.db);
});

const by = (actor: PersonActor, now: Date = NOW) => as(test.db, actor, now);

const entry = (slug: string, different: Partial<CreateUseCaseInput> = {}): CreateUseCaseInput => ({
  slug,
  name: "Claims helper",
  description: "Reads claims.",
  audience: "Clerks",
  purpose: "Claims handling",
  tier: "high",
  dataClass: "confidential",
  environment: "production",
  riskOwnerId: cast.risk.id,
  applicationOwnerIds: [cast.owner.id],
  templateId: "internal-facing",
  ...different,
});

describe("registering a use case", () => {
  it.each(TEMPLATE_IDS)("starts policy version 1 from the template %s, in logging", async (templateId) => {
    const ctx = by(cast.risk);
    const input = entry(`from-${templateId}`, { templateId });
    const useCase = await expectAudited(ctx, "use_case.created", () => createUseCase(ctx, input));
    expect(useCase).toMatchObject({
      policy: { version: 1, stage: "logging" },
      riskOwner: { name: "Rita Risk" },
      applicationOwners: [{ name: "Otto Owner" }],
      openChanges: 0,
      openExceptions: 0,
      revision: 1,
    });
    const policy = await getPolicy(ctx, { slug: input.slug });
    expect(policy.document).toMatchObject({
      template: templateId,
      stage: "logging",
      baseline: { purposes: ["claims-handling"], models: null },
    });
    expect(policy.floor).toBeNull();
    expect(policy.cedar).toBe(compile(policy.document).cedar);
    expect(new Set(Object.values(policy.origins))).toEqual(new Set(["document"]));
  });

  it("refuses by role, a slug that is taken, and owners who are not", async () => {
    for (const actor of [cast.admin, cast.owner, cast.auditor, cast.business]) {
      await expectRefused(test.db, () => createUseCase(by(actor), entry("by-role")), "forbidden");
    }
    await createUseCase(by(cast.lead), entry("taken"));
    await expectRefused(test.db, () => createUseCase(by(cast.lead), entry("taken")), "conflict", "slug");
    const attempt = (different: Partial<CreateUseCaseInput>) => () =>
      createUseCase(by(cast.lead), entry("owners", different));
    await expectRefused(test.db, attempt({ riskOwnerId: cast.owner.id }), "invalid", "riskOwnerId");
    await expectRefused(
      test.db,
      attempt({ applicationOwnerIds: [cast.owner.id, cast.risk.id] }),
      "invalid",
      "applicationOwnerIds",
    );
  });

  it("makes a purpose fit for requests", () => {
    expect(purposeSlug("Customer support")).toBe("customer-support");
    expect(purposeSlug("  Café & bar: menu ")).toBe("cafe-bar-menu");
  });
});

describe("editing the register entry", () => {
  it("saves and counts the revision; the second editor is told who was first", async () => {
    const useCase = await makeUseCase(test.db, cast);
    const successor = await makeActor(test.db, ["application_owner"], "Sue Successor");
    const edit = { slug: useCase.slug, revision: 1, tier: "critical" as const };
    const saved = await expectAudited(by(cast.risk), "use_case.updated", () =>
      updateUseCase(by(cast.risk), { ...edit, applicationOwnerIds: [successor.id] }),
    );
    expect(saved).toMatchObject({
      revision: 2,
      tier: "critical",
      applicationOwners: [{ name: "Sue Successor" }],
    });
    await expectRefused(test.db, () => updateUseCase(by(cast.lead), { ...edit, tier: "low" }), "conflict");
    await expect(updateUseCase(by(cast.lead), edit)).rejects.toThrow(
      /Rita Risk saved it at 2026-03-02T09:00/,
    );
  });

  it("lets one of two editors at the same instant win", async () => {
    const { slug } = await makeUseCase(test.db, cast);
    for (let revision = 1; revision <= 20; revision++) {
      const settled = await Promise.allSettled(
        [cast.risk, cast.lead].map((actor) => updateUseCase(by(actor), { slug, revision, name: actor.name })),
      );
      expect(settled.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    }
    expect(await test.db.auditEntry.count({ where: { action: "use_case.updated", useCase: slug } })).toBe(20);
  });

  it("refuses by role, and owners who are not", async () => {
    const { slug } = await makeUseCase(test.db, cast);
    const stranger = await makeActor(test.db, ["risk_owner"], "Stan Stranger");
    for (const actor of [cast.admin, cast.owner, cast.auditor, stranger]) {
      await expectRefused(test.db, () => updateUseCase(by(actor), { slug, revision: 1 }), "forbidden");
    }
    const attempt = (different: object) => () =>
      updateUseCase(by(cast.lead), { slug, revision: 1, ...different });
    await expectRefused(test.db, attempt({ riskOwnerId: cast.lead.id }), "invalid", "riskOwnerId");
    await expectRefused(
      test.db,
      attempt({ applicationOwnerIds: [cast.lead.id] }),
      "invalid",
      "applicationOwnerIds",
    );
    await expectRefused(
      test.db,
      () => updateUseCase(by(cast.lead), { slug: "none", revision: 1 }),
      "not_found",
    );
  });
});

describe("taking a use case for less", () => {
  const LESS = [{ tier: "low" }, { dataClass: "public" }, { environment: "development" }] as const;

  it("is a security lead's, not its risk owner's; more is both's", async () => {
    const { slug } = await makeUseCase(test.db, cast);
    for (const less of LESS) {
      await expectRefused(
        test.db,
        () => updateUseCase(by(cast.risk), { slug, revision: 1, ...less }),
        "forbidden",
      );
    }
    const same = { tier: "moderate", dataClass: "internal", environment: "production" } as const;
    await updateUseCase(by(cast.risk), { slug, revision: 1, ...same, name: "Renamed" });
    await updateUseCase(by(cast.risk), { slug, revision: 2, tier: "high", dataClass: "restricted" });
    let revision = 3;
    for (const less of LESS) await updateUseCase(by(cast.lead), { slug, revision: revision++, ...less });
    expect(await getUseCase(by(cast.lead), { slug })).toMatchObject({ ...LESS[0], ...LESS[1], ...LESS[2] });
  });

  it("waits until no submitted change is open, whoever asks", async () => {
    const { slug } = await makeUseCase(test.db, cast);
    const { document } = await getPolicy(by(cast.owner), { slug });
    const change = await draftChange(by(cast.owner), {
      useCase: slug,
      baseVersion: 1,
      proposal: { ...document, baseline: { ...document.baseline, models: ["openai/*"] } },
      justification: "Only the approved models are used.",
    });
    await updateUseCase(by(cast.lead), { slug, revision: 1, dataClass: "public" });
    await updateUseCase(by(cast.lead), { slug, revision: 2, dataClass: "internal" });
    await submitChange(by(cast.owner), { id: change.id });
    for (const less of LESS) {
      const attempt = () => updateUseCase(by(cast.lead), { slug, revision: 3, ...less });
      await expectRefused(test.db, attempt, "rule", "open-change");
    }
    await updateUseCase(by(cast.lead), { slug, revision: 3, tier: "critical" });
    await withdrawChange(by(cast.owner), { id: change.id });
    await updateUseCase(by(cast.lead), { slug, revision: 4, tier: "low" });
  });

  it("lets nobody make themselves its risk owner", async () => {
    const { slug } = await makeUseCase(test.db, cast);
    const both = await makeActor(test.db, ["security_lead", "risk_owner"], "Bo Both");
    const attempt = () => updateUseCase(by(both), { slug, revision: 1, riskOwnerId: both.id });
    await expectRefused(test.db, attempt, "rule", "self-appointment");
    await updateUseCase(by(cast.lead), { slug, revision: 1, riskOwnerId: both.id });
    await updateUseCase(by(both), { slug, revision: 2, riskOwnerId: both.id, name: "Kept" });
  });
});

describe("the register", () => {
  it("filters and pages by slug", async () => {
    const tag = `paged-${Date.now()}`;
    for (const letter of ["a", "b", "c"]) {
      await createUseCase(by(cast.lead), entry(`${tag}-${letter}`, { name: tag, tier: "low" }));
    }
    const ctx = by(cast.auditor);
    const first = await listUseCases(ctx, { q: tag, limit: 2 });
    expect(first).toMatchObject({ total: 3, items: [{ slug: `${tag}-a` }, { slug: `${tag}-b` }] });
    const rest = await listUseCases(ctx, { q: tag, limit: 2, cursor: first.nextCursor ?? "" });
    expect(rest).toMatchObject({ items: [{ slug: `${tag}-c` }], nextCursor: null });
    expect((await listUseCases(ctx, { q: tag, limit: 9, tier: "high" })).total).toBe(0);
    expect((await listUseCases(ctx, { limit: 9, mine: "true" })).total).toBe(0);
    expect((await listUseCases(by(cast.owner), { limit: 9, q: tag, mine: "true" })).total).toBe(3);
  });

  it("says what the viewer may do", async () => {
    const { slug } = await makeUseCase(test.db, cast);
    const may = async (actor: PersonActor) =>
      (await getUseCase(by(actor), { slug })).actions
        .filter(({ allowed }) => allowed)
        .map(({ name }) => name);
    expect(await may(cast.owner)).toEqual([
      "draft-change",
      "request-exception",
      "create-workload",
      "send-canary",
    ]);
    expect(await may(cast.risk)).toEqual(["update", "draft-change", "request-exception", "send-canary"]);
    expect(await may(cast.lead)).toEqual(["update", "draft-change", "send-canary"]);
    expect(await may(cast.admin)).toEqual(["create-workload", "send-canary"]);
    expect(await may(cast.auditor)).toEqual([]);
  });
});

describe("the policy as it was", () => {
  it("is joined with the floor of its time", async () => {
    const { slug } = await makeUseCase(test.db, cast);
    const before = await getPolicy(by(cast.auditor), { slug });
    const document = { ...before.document, baseline: { ...before.document.baseline, models: ["openai/*"] } };
    await test.db.floorVersion.create({
      data: {
        id: "01900000-0000-7000-8000-000000000001",
        dataClass: "internal",
        number: 1,
        document,
        digest: compile(document).digest,
        effectiveFrom: new Date(NOW.getTime() + DAY_MS),
      },
    });
    const later = by(cast.auditor, new Date(NOW.getTime() + 2 * DAY_MS));
    const after = await getPolicy(later, { slug });
    expect(after).toMatchObject({
      floor: { dataClass: "internal", number: 1 },
      document: { baseline: { models: null } },
      effective: { baseline: { models: ["openai/*"] } },
    });
    expect(after.origins["baseline.models"]).toBe("floor");
    expect(after.origins["baseline.tools"]).toBe("document");
    expect(after.digest).toBe(before.digest);
    expect(after.effectiveDigest).not.toBe(before.effectiveDigest);
    expect(await getPolicy(later, { slug, at: NOW })).toEqual(before);
    const early = new Date(NOW.getTime() - 1);
    await expectRefused(test.db, () => getPolicy(later, { slug, at: early }), "not_found");
    await expectRefused(test.db, () => getPolicy(later, { slug, number: 2 }), "not_found");
    expect(await listPolicyVersions(later, { slug })).toHaveLength(1);
  });
});
