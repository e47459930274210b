import { beforeAll, describe, expect, it } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import { hashCredential, prefixOf } from "@/lib/access/credential-secret";
import { useTestDatabase } from "@/lib/testing/database";
import {
  as,
  type Cast,
  expectAudited,
  expectRefused,
  inDays,
  makeActor,
  makeCast,
  makeUseCase,
  NOW,
} from "@/lib/testing/people";
import type { UseCaseView } from "@/lib/use-cases/views";
import { createWorkload } from "./create-workload";
import { issueCredential } from "./issue-credential";
import { getWorkload, listWorkloads } from "./queries";
import { revokeCredential } from "./revoke-credential";
import { credentialState } from "./rules";
import { updateWorkload } from "./update-workload";

const test = useTestDatabase();
let cast: Cast;
let mine: UseCaseView;
let theirs: UseCaseView;
beforeAll(async () => {
  cast = await makeCast(test.db);
  mine = await makeUseCase(test.db, cast, { slug: "mine" });
  theirs = await makeUseCase(
    test.db,
    { ...cast, owner: await makeActor(test.db, ["application_owner"], "Olga Other") },
    { slug: "theirs" },
  );
});

const by = (actor: PersonActor, now: Date = NOW) => as(test.db, actor, now);

describe("workloads", () => {
  it("are registered by an owner for their own use cases and by an admin for any", async () => {
    const owner = by(cast.owner);
    const input = { slug: "gateway", name: "Gateway", useCases: [mine.slug] };
    const workload = await expectAudited(owner, "workload.created", () => createWorkload(owner, input));
    expect(workload).toMatchObject({ slug: "gateway", useCases: [{ slug: "mine" }], credentials: [] });
    const both = { slug: "shared", name: "Shared", useCases: [mine.slug, theirs.slug] };
    await expectRefused(test.db, () => createWorkload(owner, both), "forbidden");
    expect((await createWorkload(by(cast.admin), both)).useCases).toHaveLength(2);
    for (const actor of [cast.lead, cast.risk, cast.auditor, cast.business]) {
      await expectRefused(test.db, () => createWorkload(by(actor), { ...input, slug: "other" }), "forbidden");
    }
    await expectRefused(test.db, () => createWorkload(owner, input), "conflict", "slug");
    const missing = { ...input, slug: "missing", useCases: [mine.slug, "nowhere"] };
    await expectRefused(test.db, () => createWorkload(owner, missing), "invalid", "useCases.1");
  });

  it("are edited by those who may for the old and the new use cases", async () => {
    const slug = "edited";
    await createWorkload(by(cast.owner), { slug, name: "Edited", useCases: [mine.slug] });
    const edit = { slug, name: "Renamed" };
    const saved = await expectAudited(by(cast.owner), "workload.updated", () =>
      updateWorkload(by(cast.owner), edit),
    );
    expect(saved).toMatchObject({ name: "Renamed", useCases: [{ slug: "mine" }] });
    const wider = { slug, useCases: [mine.slug, theirs.slug] };
    await expectRefused(test.db, () => updateWorkload(by(cast.owner), wider), "forbidden");
    expect((await updateWorkload(by(cast.admin), wider)).useCases).toHaveLength(2);
    await expectRefused(test.db, () => updateWorkload(by(cast.owner), edit), "forbidden");
    await expectRefused(test.db, () => updateWorkload(by(cast.admin), { slug: "none" }), "not_found");
  });

  it("are listed by use case, by name, page by page", async () => {
    await createWorkload(by(cast.admin), { slug: "zeta-one", name: "Zeta", useCases: [theirs.slug] });
    await createWorkload(by(cast.admin), { slug: "zeta-two", name: "Zeta", useCases: [theirs.slug] });
    const ctx = by(cast.auditor);
    const first = await listWorkloads(ctx, { q: "zeta", useCase: theirs.slug, limit: 1 });
    expect(first).toMatchObject({ total: 2, items: [{ slug: "zeta-one" }] });
    const second = await listWorkloads(ctx, { q: "zeta", limit: 1, cursor: first.nextCursor ?? "" });
    expect(second).toMatchObject({ items: [{ slug: "zeta-two" }], nextCursor: null });
  });
});

describe("credentials", () => {
  const issue = (actor: PersonActor, workload: string, expiresAt = inDays(90)) =>
    issueCredential(by(actor), { workload, label: "production", expiresAt });

  it("are shown once, kept as a hash, and revoked at once", async () => {
    await createWorkload(by(cast.owner), { slug: "caller", name: "Caller", useCases: [mine.slug] });
    const issued = await expectAudited(by(cast.owner), "credential.issued", () =>
      issue(cast.owner, "caller"),
    );
    expect(prefixOf(issued.credential)).toBe(issued.prefix);
    const row = await test.db.credential.findUniqueOrThrow({ where: { id: issued.id } });
    expect(Buffer.from(row.secretHash)).toEqual(hashCredential(issued.credential));
    const kept = JSON.stringify([
      await getWorkload(by(cast.owner), { slug: "caller" }),
      await test.db.auditEntry.findMany({ where: { subjectId: issued.id }, omit: { number: true } }),
    ]);
    expect(kept).toContain(issued.prefix);
    expect(kept).not.toContain(issued.credential.slice(13));
    const revoke = { workload: "caller", id: issued.id, reason: "Leaked." };
    const after = await expectAudited(by(cast.lead), "credential.revoked", () =>
      revokeCredential(by(cast.lead), revoke),
    );
    expect(after.credentials).toMatchObject([{ state: "revoked", revokedAt: NOW.toISOString() }]);
    await expectRefused(test.db, () => revokeCredential(by(cast.lead), revoke), "conflict");
  });

  it("end: an expiry ahead, of at most 365 days", async () => {
    await createWorkload(by(cast.owner), { slug: "ends", name: "Ends", useCases: [mine.slug] });
    const attempt = (expiresAt: string) => () => issue(cast.owner, "ends", expiresAt);
    await expectRefused(test.db, attempt(inDays(0)), "rule", "credential-expiry");
    await expectRefused(test.db, attempt(inDays(365.001)), "rule", "credential-life");
    expect((await issue(cast.owner, "ends", inDays(365))).state).toBe("valid");
    const ends = { expiresAt: NOW, revokedAt: null };
    expect(credentialState(ends, NOW)).toBe("expired");
    expect(credentialState(ends, new Date(NOW.getTime() - 1))).toBe("valid");
  });

  it("are given only by those who may for every use case, and taken by those who may for one", async () => {
    const slug = "both-sides";
    await createWorkload(by(cast.admin), { slug, name: "Both", useCases: [mine.slug, theirs.slug] });
    for (const actor of [cast.owner, cast.lead, cast.risk, cast.auditor]) {
      await expectRefused(test.db, () => issue(actor, slug), "forbidden");
    }
    const { id } = await issue(cast.admin, slug);
    const revoke = (actor: PersonActor) => () =>
      revokeCredential(by(actor), { workload: slug, id, reason: "Old." });
    for (const actor of [cast.risk, cast.auditor, cast.business]) {
      await expectRefused(test.db, revoke(actor), "forbidden");
    }
    const other = { workload: "both-sides", id: mine.id, reason: "Old." };
    await expectRefused(test.db, () => revokeCredential(by(cast.admin), other), "not_found");
    expect((await revoke(cast.owner)()).credentials[0]?.state).toBe("revoked");
  });
});
