import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "csv-stringify/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import { createApi } from "@/lib/api/app";
import { buildPack } from "@/lib/evidence/build-pack";
import { nodeHashing } from "@/lib/evidence/crypto-node";
import { packDirectory } from "@/lib/evidence/pack-directory";
import { verifyPack } from "@/lib/evidence/verify";
import type { PackContentsView, PackView } from "@/lib/evidence/views";
import { useTestDatabase } from "@/lib/testing/database";
import { type Cast, inDays, makeCast, makeUseCase } from "@/lib/testing/people";

const test = useTestDatabase();
/** The people and their use case come before it. */
const LATER = new Date(inDays(1));
let cast: Cast;
let who: PersonActor;
let directory: string;
const app = createApi({ db: () => test.db, authenticate: async () => who, now: () => LATER });
const get = (path: string) => app.request(`https://console.test/api/v1${path}`);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "sluice-packs-"));
  process.env["SLUICE_DATA_DIR"] = directory;
  process.env["SLUICE_SECRET"] ??= "a secret of at least thirty-two characters";
  cast = await makeCast(test.db);
  await makeUseCase(test.db, cast);
  who = cast.auditor;
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function requested(): Promise<PackView> {
  const answer = await app.request("https://console.test/api/v1/evidence/packs", {
    method: "POST",
    headers: { "sec-fetch-site": "same-origin", "content-type": "application/json" },
    body: JSON.stringify({ from: inDays(-30), to: inDays(1) }),
  });
  expect(answer.status).toBe(202);
  return answer.json();
}

const build = (id: string) =>
  buildPack(
    { actor: { kind: "job", name: "build-evidence" }, now: LATER, requestId: "test", db: test.db },
    id,
    { pool: test.pool, directory: packDirectory() },
  );

describe("evidence over HTTP", () => {
  it("gives a pack only when it is ready, then whole and under its name, and records each download", async () => {
    const { id, ref } = await requested();
    expect((await get(`/evidence/packs/${ref}/download`)).status).toBe(409);
    expect((await get(`/evidence/packs/${ref}/contents`)).status).toBe(409);
    const built = await build(id);
    const answer = await get(`/evidence/packs/${ref}/download`);
    expect(answer.headers.get("content-disposition")).toBe(`attachment; filename="${ref}.zip"`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(built.sha256);
    expect(answer.headers.get("content-length")).toBe(String(bytes.length));
    const publicKeyPem = await (await get("/evidence/public-key.pem")).text();
    const told = await verifyPack(new Blob([bytes]), { hashing: nodeHashing, stringify, publicKeyPem });
    expect(told).toMatchObject({ valid: true, keyFrom: "given" });
    const entries = await test.db.auditEntry.findMany({ where: { action: "evidence.downloaded" } });
    expect(entries).toMatchObject([
      { actorId: cast.auditor.id, subjectRef: ref, detail: { sha256: built.sha256 } },
    ]);
  });

  it("says what is inside from the pack's own manifest", async () => {
    const { id, ref } = await requested();
    await build(id);
    const contents: PackContentsView = await (await get(`/evidence/packs/${ref}/contents`)).json();
    expect(contents.counts).toMatchObject({ decisions: 0, policies: 1, exceptions: 0 });
    expect(contents.files.map(({ path }) => path)).toContain("decisions.jsonl");
  });

  it("says that the file is gone, and is closed to other roles", async () => {
    const { id, ref } = await requested();
    await build(id);
    await rm(join(packDirectory(), `${ref}.zip`));
    expect((await get(`/evidence/packs/${ref}/download`)).status).toBe(404);
    expect((await get(`/evidence/packs/${ref}/contents`)).status).toBe(404);
    who = cast.owner;
    expect((await get(`/evidence/packs/${ref}/contents`)).status).toBe(403);
    expect((await get(`/evidence/packs/${ref}/download`)).status).toBe(403);
    who = cast.auditor;
  });
});
