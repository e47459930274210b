import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "csv-stringify/sync";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Ctx, JobActor } from "@/lib/access/context";
import { deriveSigner } from "@/lib/audit/keys";
import { applyDueChanges } from "@/lib/changes/apply-due-changes";
import { breakGlass } from "@/lib/changes/break-glass";
import { draftChange } from "@/lib/changes/draft-change";
import { stepBackUnreviewed } from "@/lib/changes/step-back";
import { buildPack } from "@/lib/evidence/build-pack";
import { textOf } from "@/lib/evidence/bytes";
import { nodeHashing } from "@/lib/evidence/crypto-node";
import { openZip, PackFileReader } from "@/lib/evidence/pack-reader";
import { requestPack } from "@/lib/evidence/request-pack";
import { verifyPack } from "@/lib/evidence/verify";
import { reassignException } from "@/lib/exceptions/reassign-exception";
import { CONTROLS } from "@/lib/policy/catalogue";
import { readProcess } from "@/lib/process/read-process";
import { useTestDatabase } from "@/lib/testing/database";
import { getPolicy } from "@/lib/use-cases/policy-queries";
import { loadSample } from "@/prisma/sample/load";
import { actorOf } from "@/prisma/sample/timeline";

type Row = Record<string, unknown>;

const database = useTestDatabase();
/** A Wednesday; the sample is the same on every machine at the same instant. */
const NOW = new Date("2026-11-18T10:30:00.000Z");
const HOUR_SECONDS = 3_600;
const signer = deriveSigner("the secret of the installation that tests its sample");
let directory: string;

beforeAll(async () => {
  vi.stubEnv("SLUICE_SECRET", "the secret of the installation that tests its sample");
  directory = await mkdtemp(join(tmpdir(), "sluice-sample-"));
  await loadSample({ db: database.db, url: database.url, now: NOW, passwords: {}, say: () => {} });
}, 240_000);
afterAll(() => {
  vi.unstubAllEnvs();
  return rm(directory, { recursive: true, force: true });
});

async function packOf(useCases: string[], to = NOW): Promise<Blob> {
  const person = await database.db.person.findFirstOrThrow({ where: { email: "auditor@example.com" } });
  const now = new Date(to.getTime() + 60_000);
  const ctx = (actor: Ctx["actor"]): Ctx => ({ actor, now, requestId: "test", db: database.db });
  const auditor = actorOf({ ...person, roles: ["auditor"] });
  const period = { from: new Date(NOW.getTime() - 40 * 86_400_000).toISOString(), to: now.toISOString() };
  const asked = await requestPack(ctx(auditor), { ...period, ...(useCases.length > 0 && { useCases }) });
  const job: JobActor = { kind: "job", name: "build-evidence" };
  const built = await buildPack(ctx(job), asked.id, { pool: database.pool, directory, signer });
  return new Blob([await readFile(join(directory, `${built.ref}.zip`))]);
}

const verify = (pack: Blob) =>
  verifyPack(pack, { hashing: nodeHashing, stringify, publicKeyPem: signer.publicKeyPem });

async function readerOf(pack: Blob): Promise<(file: string) => Promise<Row[]>> {
  const files = await openZip(pack);
  return async (file) => {
    const entry = files.get(`${file}.jsonl`);
    if (!entry) throw new Error(`There is no ${file}.jsonl.`);
    const text = textOf(await new PackFileReader(entry, nodeHashing).rest());
    return text.split("\n").flatMap((line) => (line ? [JSON.parse(line) as Row] : []));
  };
}

const by = (rows: Row[], key: string, value: unknown): Row[] => rows.filter((row) => row[key] === value);
const person = (name: string) => expect.objectContaining({ name });

describe("the people of the sample organisation", () => {
  it("act one after the other, on working days and in the hours of work", async () => {
    const entries = await database.db.auditEntry.findMany({ orderBy: { number: "asc" } });
    const instants = entries.map(({ at }) => at.getTime());
    expect(instants).toEqual(instants.toSorted((a, b) => a - b));
    for (const { at, actorKind, action } of entries) {
      if (actorKind !== "person") continue;
      expect(at.getUTCDay() % 6, `${action} at ${at.toISOString()}`).not.toBe(0);
      expect([at.getUTCHours() >= 8, at.getUTCHours() < 18], `${action} at ${at.toISOString()}`).toEqual([
        true,
        true,
      ]);
    }
  });

  it("take from minutes to days to decide", async () => {
    const { changes, exceptions } = await readProcess(database.db, NOW);
    for (const { n, medianSeconds, p90Seconds } of [changes.now, exceptions.now]) {
      expect(n).toBeGreaterThanOrEqual(9);
      expect(medianSeconds).toBeGreaterThan(HOUR_SECONDS);
      expect(p90Seconds).toBeGreaterThan(24 * HOUR_SECONDS);
      expect(p90Seconds).toBeLessThan(7 * 24 * HOUR_SECONDS);
    }
  });
});

describe("the traffic of the sample organisation", () => {
  it("is lived through: each of its hours counts as observed", async () => {
    const { rows } = await database.pool.query(
      `SELECT count(DISTINCT (s.use_case_id, s.hour))::int AS hours,
         count(DISTINCT (s.use_case_id, s.hour)) FILTER (WHERE l.hour IS NULL)::int AS missing
       FROM series_hour s LEFT JOIN live_hour l ON l.use_case_id = s.use_case_id AND l.hour = s.hour`,
    );
    expect(rows[0].hours).toBeGreaterThan(1_000);
    expect(rows[0].missing).toBe(0);
  });

  it("has findings of every control but those that need what the sample has not", async () => {
    const seen = await database.db.$queryRaw<{ control: string }[]>`
      SELECT DISTINCT "control" FROM "control_hour"`;
    const controls = new Set(seen.map(({ control }) => control));
    expect(CONTROLS.map(({ id }) => id).filter((id) => !controls.has(id))).toEqual([
      // Signals that a caller or an outside detector would have to bring.
      ...["hate", "sexual", "violence", "self-harm", "weapons", "crime"].map(
        (topic) => `moderation/${topic}`,
      ),
      // Credentials of other kinds or older than the organisation, and an outside detector that is away.
      ...["credential-kind", "credential-age", "detector-unavailable"],
    ]);
  });
});

describe("an evidence pack of the sample organisation", () => {
  let rows: Awaited<ReturnType<typeof readerOf>>;

  beforeAll(async () => {
    const pack = await packOf([]);
    expect((await verify(pack)).problems).toEqual([]);
    rows = await readerOf(pack);
  }, 60_000);

  it("says of changes what was scheduled, broken, reviewed, accepted, asked and said", async () => {
    const changes = await rows("changes");
    expect(by(changes, "subject", "floor")).toMatchObject([
      { subjectKey: "restricted", useCase: null, status: "applied" },
    ]);
    expect(by(changes, "subject", "setting").map((row) => row["subjectKey"])).toEqual([
      "exceptions",
      "freezes",
    ]);
    expect(by(changes, "status", "scheduled")).toMatchObject([
      {
        useCase: "hr-assistant",
        scheduledBy: person("Anil Perera"),
        scheduledFor: expect.stringMatching(/T05:00/),
      },
    ]);
    expect(by(changes, "emergency", "break_glass")).toMatchObject([
      {
        brokeGlassBy: person("Sofia Lindqvist"),
        reviewDueAt: expect.stringMatching(/Z$/),
        review: { verdict: "upheld", person: person("Samir Haddad") },
      },
    ]);
    const accepted = changes.filter((row) => (row["acceptances"] as Row[]).length > 0);
    expect(accepted.length).toBeGreaterThan(2);
    for (const { acceptances, proposalDigest, evidenceDigest } of accepted) {
      for (const word of acceptances as Row[]) expect(word).toMatchObject({ proposalDigest, evidenceDigest });
    }
    const [waiting] = by(changes, "status", "in_review");
    expect(waiting).toMatchObject({
      reviewers: [{ person: person("Sofia Lindqvist") }, { askedBy: person("Anil Perera") }],
      comments: [{ person: person("Rosa Keller") }, { person: person("Anil Perera") }],
    });
  });

  it("has the settings and floors that held, each with its change", async () => {
    const settings = await rows("settings");
    expect(settings.map(({ key, number }) => `${key} ${number}`).sort()).toEqual([
      "emergencies 0",
      "exceptions 0",
      "exceptions 1",
      "freezes 0",
      "freezes 1",
      "readiness 0",
      "seats 0",
    ]);
    const refs = (await rows("changes")).map(({ ref }) => ref);
    for (const { change, number } of settings) {
      if (number === 0) expect(change).toBeNull();
      else expect(refs).toContain(change);
    }
    expect((await rows("floors")).map(({ dataClass, number }) => `${dataClass} ${number}`)).toEqual([
      "restricted 1",
      "restricted 2",
    ]);
  });

  it("has chains of renewals and what a campaign came to", async () => {
    const exceptions = await rows("exceptions");
    const [first, second, third] = exceptions.filter((row) => row["useCase"] === "hr-assistant");
    expect(second).toMatchObject({ renews: first?.["ref"], root: first?.["ref"] });
    expect(third).toMatchObject({ renews: second?.["ref"], root: first?.["ref"] });
    const [campaign] = await rows("campaigns");
    const items = campaign?.["items"] as Row[];
    expect(by(items, "answer", "kept")).toMatchObject([
      { exception: third?.["ref"], by: person("Rosa Keller") },
    ]);
    expect(by(items, "answer", null).length).toBeGreaterThan(2);
  });

  it("has rulings, appeals, cases, incidents and held requests", async () => {
    const rulings = await rows("rulings");
    expect(by(rulings, "basis", "sampled").length).toBeGreaterThanOrEqual(10);
    const appeals = await rows("appeals");
    expect(appeals.map(({ status }) => status).sort()).toEqual(["open", "overturned"]);
    const [answering] = by(rulings, "basis", "appealed");
    expect(answering?.["appeal"]).toBe(by(appeals, "status", "overturned")[0]?.["ref"]);
    expect(await rows("cases")).toMatchObject([{ ruling: answering?.["id"], control: "pii/iban" }]);
    expect(await rows("incidents")).toMatchObject([{ useCase: "payments-agent", status: "open" }]);
    const held = await rows("held-requests");
    expect(held.map(({ verdict }) => verdict)).toEqual(["granted", "denied", null]);
    const decisions = new Map((await rows("decisions")).map((row) => [row["id"], row]));
    for (const { decision } of held) {
      expect(decisions.get(decision)).toMatchObject({
        outcome: "require_approval",
        synthetic: expect.any(Array),
      });
    }
    expect(decisions.get(held[0]?.["usedDecision"])).toMatchObject({ outcome: "require_approval" });
  });
});

describe("a pack of one use case", () => {
  it("has the settings and the floors of its data class, with their changes and entries, and nothing of others", async () => {
    const pack = await packOf(["hr-assistant"]);
    expect((await verify(pack)).problems).toEqual([]);
    const rows = await readerOf(pack);
    const changes = await rows("changes");
    expect([...new Set(changes.map(({ useCase }) => useCase))].sort()).toEqual(["hr-assistant", null].sort());
    expect(by(changes, "subject", "floor")).toHaveLength(1);
    const wide = changes.filter(({ useCase }) => useCase === null);
    const entries = await rows("audit");
    for (const { id } of wide) {
      const actions = entries
        .filter((entry) => (entry["subject"] as Row)["id"] === id)
        .map(({ action }) => action);
      expect(actions).toContain("change.applied");
    }
    for (const name of ["rulings", "appeals", "cases", "incidents", "held-requests"]) {
      for (const { useCase } of await rows(name)) expect(useCase).toBe("hr-assistant");
    }
    const [campaign] = await rows("campaigns");
    expect(campaign?.["items"]).toHaveLength(1);
  });

  it("of another data class has no floor of this one", async () => {
    const pack = await packOf(["payments-agent"]);
    expect((await verify(pack)).problems).toEqual([]);
    const rows = await readerOf(pack);
    expect([await rows("floors"), by(await rows("changes"), "subject", "floor")]).toEqual([[], []]);
  });
});

describe("what comes after the sample", () => {
  it("is in the pack too: broken glass that steps back by itself, a suspended schedule, another owner", async () => {
    const people = await database.db.person.findMany({ include: { roles: { select: { role: true } } } });
    const ctxOf = (email: string): Ctx => {
      const found = people.find((one) => one.email === `${email}@example.com`);
      if (!found) throw new Error(`There is no ${email}.`);
      const actor = actorOf({ ...found, roles: found.roles.map(({ role }) => role) });
      return { actor, now: NOW, requestId: "test", db: database.db };
    };
    const { document, version } = await getPolicy(ctxOf("security-lead"), { slug: "hr-assistant" });
    const { id, ref } = await draftChange(ctxOf("application-owner"), {
      useCase: "hr-assistant",
      baseVersion: version,
      proposal: { ...document, capture: "none", failMode: document.failMode === "open" ? "closed" : "open" },
      justification: "Answers are slow this morning.",
    });
    await breakGlass(ctxOf("security-lead"), { id, reason: "Employees cannot book their leave at all." });
    const job: JobActor = { kind: "job", name: "step-back" };
    const [left] = await database.db.policyException.findMany({
      where: { useCase: { slug: "payments-agent" } },
    });
    const [maren] = people.filter(({ name }) => name === "Maren Holt");
    if (!left || !maren) throw new Error("The sample has nobody who left, or nobody who stays.");
    await reassignException(ctxOf("security-lead"), {
      id: left.id,
      owner: "business_owner",
      personId: maren.id,
      reason: "Her department takes over the payments.",
    });
    const now = new Date(NOW.getTime() + 8 * 86_400_000);
    const later = { actor: job, now, requestId: "test", db: database.db };
    await stepBackUnreviewed(later);
    await applyDueChanges(later);
    const pack = await packOf(["hr-assistant", "payments-agent"], now);
    expect((await verify(pack)).problems).toEqual([]);
    const rows = await readerOf(pack);
    const changes = await rows("changes");
    expect(by(changes, "ref", ref)).toMatchObject([{ review: { verdict: "lapsed", person: null } }]);
    expect(by(changes, "emergency", "step_back")).toMatchObject([
      { requestedBy: null, reverts: ref, status: "applied" },
    ]);
    expect(by(changes, "status", "suspended")).toMatchObject([
      { useCase: "hr-assistant", suspendedBecause: expect.stringMatching(/version/i) },
    ]);
    const [handed] = by(await rows("exceptions"), "id", left.id);
    expect(handed).toMatchObject({
      businessOwner: person("Maren Holt"),
      reassignments: [
        { from: person("Ilse Brandt"), to: person("Maren Holt"), by: person("Sofia Lindqvist") },
      ],
    });
  });
});
