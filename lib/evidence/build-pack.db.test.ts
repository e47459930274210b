import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "csv-stringify/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Ctx, JobActor, PersonActor } from "@/lib/access/context";
import { deriveSigner } from "@/lib/audit/keys";
import { buildPack } from "@/lib/evidence/build-pack";
import { nodeHashing } from "@/lib/evidence/crypto-node";
import { downloadPack } from "@/lib/evidence/download-pack";
import { getPack, listPacks, listUnfinishedPacks } from "@/lib/evidence/queries";
import { requestPack } from "@/lib/evidence/request-pack";
import { verifyPack } from "@/lib/evidence/verify";
import type { PackView } from "@/lib/evidence/views";
import type { Decision } from "@/lib/pdp/decision";
import { decisionIdAt } from "@/lib/pdp/decision-id";
import { writeBatch } from "@/lib/pdp/write-batch";
import { documentDigest, factsDigest } from "@/lib/policy/digest";
import type { Facts } from "@/lib/policy/facts";
import { effectiveDocument } from "@/lib/policy/lattice";
import {
  buildDocument,
  buildFloorVersion,
  buildPerson,
  buildPolicyVersion,
  buildUseCase,
} from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";

const database = useTestDatabase();
const signer = deriveSigner("the secret of the installation that tests building");
const FROM = "2026-03-10T00:00:00.000Z";
const TO = "2026-03-11T00:00:00.000Z";
const NOW = new Date("2026-03-12T08:00:00.000Z");
let directory: string;
let auditor: PersonActor;

const job: JobActor = { kind: "job", name: "build-evidence" };
const ctxOf = (actor: Ctx["actor"], now = NOW): Ctx => ({ actor, now, requestId: "test", db: database.db });
const build = (id: string) => buildPack(ctxOf(job), id, { pool: database.pool, directory, signer });
const fileOf = (pack: PackView) => join(directory, `${pack.ref}.zip`);

async function verifyFile(pack: PackView) {
  const blob = new Blob([await readFile(fileOf(pack))]);
  return verifyPack(blob, { hashing: nodeHashing, stringify, publicKeyPem: signer.publicKeyPem });
}

async function decide(useCase: { id: string; slug: string }, policyDigest: string, at: Date, n: number) {
  const facts: Facts = {
    action: "prompt",
    attributed: false,
    cohort: 100,
    credential: { ageBucket: 1, kind: "task" },
    environment: "production",
    links: {},
    signals: {},
    useCase: useCase.slug,
    workload: "gateway",
  };
  const decisions = Array.from({ length: n }, (_, index): Decision => {
    const decidedAt = new Date(at.getTime() + index);
    return {
      id: decisionIdAt(decidedAt),
      useCaseId: useCase.id,
      useCase: useCase.slug,
      decidedAt,
      kind: "decision",
      facts,
      fact: factsDigest(facts),
      policyVersion: 1,
      policyDigest,
      outcome: index % 2 ? "flag" : "allow",
      wouldBe: "allow",
      findings: index % 2 ? [{ control: "secrets", effect: "logged", level: "L2", mode: "log" }] : [],
      sessionId: `s-${index}`,
      traceId: null,
      actorHash: null,
      contentDigest: createHash("sha256").update(String(index)).digest("hex"),
      excerpt: index % 3 ? null : '=1+1, "quoted"\nand 日本',
      evaluatedUs: 12,
      late: index % 4 === 0,
      synthetic: index % 5 ? [] : ["decidedAt"],
    };
  });
  const client = await database.pool.connect();
  try {
    await client.query("SELECT ensure_decision_partition($1::date + i) FROM generate_series(-1, 1) i", [at]);
    await writeBatch(client, decisions, { newFacts: decisions.slice(0, 1), newHours: [] }, "test");
  } finally {
    client.release();
  }
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "sluice-evidence-"));
  const person = await buildPerson(database.db, ["auditor"]);
  auditor = {
    kind: "person",
    id: person.id,
    name: person.name,
    email: person.email,
    roles: ["auditor"],
    sessionId: null,
  };
  const document = buildDocument({ secrets: { mode: "log", sensitivity: "L2" } });
  const floor = buildDocument({ secrets: { mode: "enforce", sensitivity: "L2" } });
  await buildFloorVersion(database.db, "internal", floor);
  const effective = documentDigest(effectiveDocument(document, floor)).slice(7);
  for (const slug of ["support-bot", "hr-helper"]) {
    const useCase = await buildUseCase(database.db, { slug });
    await buildPolicyVersion(database.db, useCase.id, document);
    await decide(useCase, effective, new Date("2026-03-09T23:59:59.995Z"), 10);
    for (let hour = 1; hour < 6; hour++)
      await decide(useCase, effective, new Date(Date.parse(FROM) + hour * 3_600_000), 7);
    await decide(useCase, effective, new Date("2026-03-11T06:00:00.000Z"), 3);
  }
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe("a pack of the database", () => {
  let pack: PackView;

  it("is asked for, waits, is built and verifies", async () => {
    const asked = await requestPack(ctxOf(auditor), { from: FROM, to: TO });
    expect(asked).toMatchObject({
      status: "pending",
      progress: 0,
      useCases: [],
      requestedBy: { id: auditor.id },
    });
    expect(await listUnfinishedPacks(database.db)).toEqual([{ id: asked.id }]);
    pack = await build(asked.id);
    expect(pack).toMatchObject({ status: "ready", progress: 1, failure: null });
    const bytes = await readFile(fileOf(pack));
    expect(pack.bytes).toBe(bytes.length);
    expect(pack.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
    const result = await verifyFile(pack);
    expect(result.problems).toEqual([]);
    const counted = Object.fromEntries(result.checks.map(({ what, count }) => [what, count]));
    expect(counted).toMatchObject({
      "decisions by the digest of their batch": 2 * (5 + 5 * 7),
      "batches by the audit entry that anchors them": 12,
      "facts and policy documents by digest": 4,
      "audit entries by inclusion proof": 1,
    });
    expect(await readdir(directory)).toEqual([`${pack.ref}.zip`]);
  });

  it("of one use case holds that one only", async () => {
    const asked = await requestPack(ctxOf(auditor), { from: FROM, to: TO, useCases: ["hr-helper"] });
    const built = await build(asked.id);
    const result = await verifyFile(built);
    expect(result.problems).toEqual([]);
    expect(result.about?.useCases).toEqual(["hr-helper"]);
    expect(result.checks).toContainEqual({ what: "decisions by the digest of their batch", count: 40 });
  });

  it("shows a decision that was changed in the database afterwards", async () => {
    await database.pool.query("ALTER TABLE decision DISABLE TRIGGER append_only");
    await database.pool.query(
      "UPDATE decision SET outcome = 'block' WHERE id = (SELECT id FROM decision WHERE decided_at >= $1 ORDER BY id LIMIT 1)",
      [FROM],
    );
    const built = await build((await requestPack(ctxOf(auditor), { from: FROM, to: TO })).id);
    const result = await verifyFile(built);
    expect(result.valid).toBe(false);
    expect(result.problems.map(({ file }) => file)).toEqual(["decisions.jsonl"]);
    expect(result.problems[0]?.message).toMatch(/^Batch .* does not have the digest/);
    await database.pool.query("UPDATE decision SET outcome = 'allow' WHERE outcome = 'block'");
  });

  it("is verified by the command line, and with one byte changed is not", async () => {
    const key = join(directory, "key.pem");
    await writeFile(key, signer.publicKeyPem);
    const run = (path: string) =>
      promisify(execFile)(process.execPath, [
        "--import",
        "tsx",
        "scripts/verify-evidence.ts",
        path,
        "--key",
        key,
      ]);
    const good = await run(fileOf(pack));
    expect(good.stdout).toMatch(/\nvalid\n/);
    expect(good.stdout).toContain("80  decisions by the digest of their batch");
    const bytes = await readFile(fileOf(pack));
    bytes[3_000] = (bytes[3_000] ?? 0) ^ 1;
    const bent = join(directory, "bent.zip");
    await writeFile(bent, bytes);
    await expect(run(bent)).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/NOT VALID[\s\S]*byte 3000/),
    });
  });

  it("is downloaded on the record", async () => {
    const download = await downloadPack(ctxOf(auditor), { id: pack.ref, directory });
    expect(download).toMatchObject({ path: fileOf(pack), name: `${pack.ref}.zip`, bytes: pack.bytes });
    const actions = await database.db.auditEntry.findMany({
      where: { subjectId: pack.id },
      orderBy: { number: "asc" },
    });
    expect(actions.map(({ action }) => action)).toEqual([
      "evidence.requested",
      "evidence.built",
      "evidence.downloaded",
    ]);
    expect((await listPacks(ctxOf(auditor), { limit: 2 })).total).toBe(3);
    expect((await getPack(ctxOf(auditor), { id: pack.id })).ref).toBe(pack.ref);
  });
});

describe("a pack that cannot be", () => {
  it("is refused: by role, by period, by use case", async () => {
    const owner: PersonActor = { ...auditor, roles: ["application_owner"] };
    await expect(requestPack(ctxOf(owner), { from: FROM, to: TO })).rejects.toMatchObject({
      code: "forbidden",
    });
    const early = ctxOf(auditor, new Date(FROM));
    await expect(requestPack(early, { from: FROM, to: TO })).rejects.toMatchObject({
      rule: "period-not-begun",
    });
    const unknown = { from: FROM, to: TO, useCases: ["nothing-here"] };
    await expect(requestPack(ctxOf(auditor), unknown)).rejects.toMatchObject({
      fields: [{ path: "useCases" }],
    });
  });

  it("is built by one worker only", async () => {
    const { id } = await requestPack(ctxOf(auditor), { from: FROM, to: TO });
    const outcomes = await Promise.allSettled([build(id), build(id)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await database.db.auditEntry.count({ where: { subjectId: id, action: "evidence.built" } })).toBe(
      1,
    );
  });

  it("is built anew when its worker was killed", async () => {
    const { id } = await requestPack(ctxOf(auditor), { from: FROM, to: TO });
    await database.db.evidencePack.update({ where: { id }, data: { status: "building" } });
    expect(await build(id)).toMatchObject({ status: "ready" });
    await expect(build(id)).rejects.toMatchObject({ code: "conflict" });
  });

  it("fails on the record, and leaves no file", async () => {
    const { id } = await requestPack(ctxOf(auditor), { from: FROM, to: TO });
    const nowhere = join(directory, "key.pem", "packs");
    await expect(
      buildPack(ctxOf(job), id, { pool: database.pool, directory: nowhere, signer }),
    ).rejects.toThrow();
    const failed = await getPack(ctxOf(auditor), { id });
    expect(failed).toMatchObject({ status: "failed", bytes: null });
    expect(failed.failure).not.toContain(directory);
    await expect(downloadPack(ctxOf(auditor), { id, directory })).rejects.toMatchObject({ code: "conflict" });
  });
});
