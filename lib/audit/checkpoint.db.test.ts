import { createPublicKey, verify } from "node:crypto";
import { uuidv7 } from "uuidv7";
import { expect, it } from "vitest";
import type { Ctx, JobActor, PersonActor } from "@/lib/access/context";
import { anchorBatches } from "@/lib/audit/anchor";
import { findNewestCheckpoint, signCheckpoint } from "@/lib/audit/checkpoint";
import { checkpointText } from "@/lib/audit/checkpoint-note";
import { deriveSigner } from "@/lib/audit/keys";
import { getEntry, listCheckpoints, listEntries } from "@/lib/audit/queries";
import { auditLeafBytes, recordEntry } from "@/lib/audit/record";
import { leafHash, rootOf, verifyInclusion } from "@/lib/audit/tree";
import { useTestDatabase } from "@/lib/testing/database";

const database = useTestDatabase();
const signer = deriveSigner("the secret of the installation that tests checkpoints");
const job: JobActor = { kind: "job", name: "tests" };
const auditor: PersonActor = {
  kind: "person",
  id: uuidv7(),
  name: "Ada",
  email: "ada@example.com",
  roles: ["auditor"],
  sessionId: null,
};
const ctxOf = (actor: Ctx["actor"], now = new Date("2026-03-01T10:00:00.000Z")): Ctx => ({
  actor,
  now,
  requestId: "test",
  db: database.db,
});
const record = (id: string, useCase?: string) =>
  database.db.$transaction((tx) =>
    recordEntry(tx, ctxOf(job), {
      action: "use_case.updated",
      subject: { kind: "use_case", id },
      ...(useCase ? { useCase } : {}),
    }),
  );
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

it("signs nothing over an empty log", async () => {
  expect(await signCheckpoint(ctxOf(job), signer)).toBeNull();
});

it("signs the head, extends it by new entries only, and repeats it when there are none", async () => {
  for (let at = 0; at < 5; at++) await record(`uc-${at}`);
  const first = await signCheckpoint(ctxOf(job), signer);
  expect(first).toMatchObject({ size: 5, keyId: signer.keyId });
  for (let at = 5; at < 12; at++) await record(`uc-${at}`, "support-bot");
  const [a, b] = await Promise.all([signCheckpoint(ctxOf(job), signer), signCheckpoint(ctxOf(job), signer)]);
  expect(a?.size).toBe(12);
  expect(b?.size).toBe(12);
  expect(await database.db.auditCheckpoint.count()).toBe(2);
  const rows = await database.db.auditEntry.findMany({ orderBy: { number: "asc" } });
  expect(hex(a?.root ?? Buffer.of())).toBe(hex(rootOf(rows.map((row) => row.leafHash))));
  const head = await findNewestCheckpoint(database.db);
  if (!head) throw new Error("no head");
  const key = createPublicKey(signer.publicKeyPem);
  expect(verify(null, Buffer.from(checkpointText(head)), key, head.signature)).toBe(true);
});

it("anchors batches once, under one entry with the root over them", async () => {
  const useCase = uuidv7();
  const digests = Array.from({ length: 7 }, (_, at) => leafHash(Buffer.from(`batch ${at}`)));
  for (const digest of digests) {
    await database.pool.query(
      "INSERT INTO decision_batch (id, use_case_id, first_at, last_at, n, digest) VALUES ($1, $2, now(), now(), 3, $3)",
      [uuidv7(), useCase, Buffer.from(digest)],
    );
  }
  const [both, none] = (await Promise.all([anchorBatches(ctxOf(job)), anchorBatches(ctxOf(job))])).toSorted(
    (x, y) => y.length - x.length,
  );
  expect(both).toEqual([{ number: 13, batches: 7, decisions: 21 }]);
  expect(none).toEqual([]);
  const entry = await database.db.auditEntry.findFirstOrThrow({ where: { number: 13n } });
  const { rows } = await database.pool.query("SELECT digest, anchored_by FROM decision_batch ORDER BY id");
  expect(rows.every((row) => row.anchored_by === "13")).toBe(true);
  const root = hex(rootOf(rows.map((row) => row.digest)));
  expect(entry.detail).toEqual({ batches: 7, decisions: 21, root });
});

it("shows entries with filters and pages, and one with a proof that holds", async () => {
  const page = await listEntries(ctxOf(auditor), { limit: 4, useCase: "support-bot" });
  expect(page).toMatchObject({ total: 7 });
  expect(page.items.map((item) => item.number)).toEqual([12, 11, 10, 9]);
  const next = await listEntries(ctxOf(auditor), {
    limit: 4,
    useCase: "support-bot",
    cursor: page.nextCursor ?? "",
  });
  expect(next.items.map((item) => item.number)).toEqual([8, 7, 6]);
  expect(next.nextCursor).toBeNull();

  const entry = await getEntry(ctxOf(auditor), { number: 6 });
  const { inclusion, leafHash: leaf, ...shown } = entry;
  if (!inclusion) throw new Error("no proof");
  expect(hex(leafHash(auditLeafBytes(shown)))).toBe(leaf);
  const root = Buffer.from(inclusion.checkpoint.root, "base64");
  const proof = inclusion.proof.map((hash) => Buffer.from(hash, "hex"));
  expect(verifyInclusion(Buffer.from(leaf, "hex"), 5, 12, proof, root)).toBe(true);
  expect((await getEntry(ctxOf(auditor), { number: 13 })).inclusion).toBeNull();
  await expect(getEntry(ctxOf(auditor), { number: 99 })).rejects.toMatchObject({ code: "not_found" });
});

it("lists checkpoints newest first, and refuses who may not read the log", async () => {
  const page = await listCheckpoints(ctxOf(auditor), { limit: 50 });
  expect(page.items.map((item) => item.size)).toEqual([12, 5]);
  const stranger: PersonActor = { ...auditor, roles: ["application_owner"] };
  await expect(listEntries(ctxOf(stranger), { limit: 5 })).rejects.toMatchObject({ code: "forbidden" });
});
