import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import { openText } from "@/lib/access/sealed-text";
import { useTestDatabase } from "@/lib/testing/database";
import { TEST_SECRET } from "@/lib/testing/decision-point";
import { as, type Cast, expectAudited, expectRefused, makeCast } from "@/lib/testing/people";
import { listDetectors } from "./queries";
import { retireDetector } from "./retire-detector";
import type { SetUpDetectorInput } from "./schema";
import { setUpDetector } from "./set-up-detector";
import { tryDetector } from "./try-detector";

const database = useTestDatabase();
const KEY = "a key that nobody reads";
let cast: Cast;
let service: Server;
let url: string;
let answer = "[]";

beforeAll(async () => {
  cast = await makeCast(database.db);
  service = createServer((_, response) => response.end(answer));
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
  const { port } = service.address() as AddressInfo;
  url = `http://127.0.0.1:${port}`;
  vi.stubEnv("SLUICE_SECRET", TEST_SECRET);
  vi.stubEnv("SLUICE_OUTBOUND_ALLOW", `127.0.0.1:${port}`);
});
afterAll(() => service.close());

const by = (actor: PersonActor) => as(database.db, actor);
const presidio = (): SetUpDetectorInput & { name: string } => ({
  name: "names",
  kind: "presidio",
  url,
  timeoutMs: 500,
  options: {},
});

test("an admin sets one up, and only an admin; its key is sealed and shown to nobody", async () => {
  const admin = by(cast.admin);
  const set = await expectAudited(admin, "detector.set_up", () =>
    setUpDetector(admin, { ...presidio(), secret: KEY }),
  );
  expect(set).toMatchObject({
    name: "names",
    kind: "presidio",
    hasSecret: true,
    options: { language: "en" },
  });
  const row = await database.db.outsideDetector.findUniqueOrThrow({ where: { name: "names" } });
  expect(openText(TEST_SECRET, row.secret ?? new Uint8Array(), "names")).toBe(KEY);
  const everything = JSON.stringify([
    set,
    await listDetectors(by(cast.auditor)),
    await database.db.auditEntry.findMany().then((rows) => rows.map(({ detail }) => detail)),
  ]);
  expect(everything).not.toContain(KEY);
  for (const actor of [cast.lead, cast.risk, cast.owner, cast.auditor]) {
    await expectRefused(database.db, () => setUpDetector(by(actor), presidio()), "forbidden");
    await expectRefused(
      database.db,
      () => retireDetector(by(actor), { name: "names", reason: "No." }),
      "forbidden",
    );
    await expectRefused(database.db, () => tryDetector(by(actor), "names"), "forbidden");
  }
});

test("a key stays with its address; at another it is given anew", async () => {
  const admin = by(cast.admin);
  expect(await setUpDetector(admin, { ...presidio(), timeoutMs: 900 })).toMatchObject({
    hasSecret: true,
    timeoutMs: 900,
  });
  const moved = { ...presidio(), url: "https://elsewhere.example" };
  await expectRefused(database.db, () => setUpDetector(admin, moved), "invalid", "secret");
  const other = { ...presidio(), kind: "openai-moderation" as const };
  await expectRefused(database.db, () => setUpDetector(admin, other), "invalid", "secret");
  const keyless = { ...presidio(), name: "guard", kind: "lakera" as const };
  await expectRefused(database.db, () => setUpDetector(admin, keyless), "invalid", "secret");
});

test.each([
  ["an address inside", { url: "https://169.254.169.254/" }, "url"],
  ["the address of the API itself", { url: "https://api.openai.com/analyze" }, "url"],
  ["plain http", { url: "http://example.com/" }, "url"],
  ["an option of another kind", { options: { shields: true } }, "options.shields"],
  ["a bad option", { options: { language: 1 } }, "options.language"],
])("%s is refused by its field", async (_, wrong, field) => {
  const admin = by(cast.admin);
  await expectRefused(
    database.db,
    () => setUpDetector(admin, { ...presidio(), name: "other", secret: KEY, ...wrong }),
    "invalid",
    field,
  );
});

test("a trial says whether it answers as it should, and not what it answered", async () => {
  const admin = by(cast.admin);
  answer = '[{"entity_type":"PERSON","start":0,"end":5,"score":0.85}]';
  expect(await tryDetector(admin, "names")).toMatchObject({
    isAvailable: true,
    problem: null,
    hits: [{ detector: "pii/name", level: 1 }],
  });
  answer = "something that was said";
  const failed = await tryDetector(admin, "names");
  expect(failed).toMatchObject({
    isAvailable: false,
    problem: "The detector's answer is not of the expected shape.",
  });
});

test("a retired one has no key and is not tried; it can be set up again", async () => {
  const admin = by(cast.admin);
  const retire = () => retireDetector(admin, { name: "names", reason: "The contract has ended." });
  expect(await expectAudited(admin, "detector.retired", retire)).toMatchObject({ hasSecret: false });
  await expectRefused(database.db, retire, "conflict");
  await expectRefused(database.db, () => tryDetector(admin, "names"), "conflict");
  expect(await setUpDetector(admin, presidio())).toMatchObject({ retiredAt: null, hasSecret: false });
});

test("set up and retired at the same moment, a retired one's key never comes back", async () => {
  const admin = by(cast.admin);
  for (let round = 0; round < 20; round++) {
    await setUpDetector(admin, { ...presidio(), name: "raced", secret: KEY });
    await Promise.all([
      setUpDetector(admin, { ...presidio(), name: "raced", timeoutMs: 700 }),
      retireDetector(admin, { name: "raced", reason: "The contract has ended." }),
    ]);
    const row = await database.db.outsideDetector.findUniqueOrThrow({ where: { name: "raced" } });
    expect(row.secret).toBeNull();
  }
});
