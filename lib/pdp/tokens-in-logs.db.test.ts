import { afterAll, beforeAll, expect, it } from "vitest";
import {
  buildDocument,
  buildIssuer,
  buildPolicyVersion,
  buildUseCase,
  buildWorkload,
} from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";
import { post, TEST_SECRET } from "@/lib/testing/decision-point";
import { makeKey, startIssuer, type TestIssuer } from "@/lib/testing/issuer";
import { type SpokenPoint, startSpokenPoint } from "@/lib/testing/spoken-point";

const database = useTestDatabase();
let issuer: TestIssuer;
let point: SpokenPoint;

beforeAll(async () => {
  issuer = await startIssuer(() => new Date());
});
afterAll(async () => {
  await point?.stop();
  issuer?.stop();
});

it("no key, token, subject, task or form is in the log or in an error, at the finest level", {
  timeout: 60_000,
}, async () => {
  const { id } = await buildUseCase(database.db, { slug: "support-bot" });
  await buildPolicyVersion(database.db, id, buildDocument());
  const { credential: key, workload } = await buildWorkload(database.db, [id]);
  const [known, unknown] = [await makeKey("known-kid"), await makeKey("unknown-kid")];
  issuer.keys = [known.jwk];
  const subject = "subject-nobody-may-read";
  await buildIssuer(database.db, issuer.url, [{ workloadId: workload.id, subject }]);
  point = await startSpokenPoint(database.url, { SLUICE_OUTBOUND_ALLOW: issuer.host });
  const { url } = point;
  const exchange = async (subject_token: string, type: string, bearer?: string) => {
    const body = new URLSearchParams({
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token,
      subject_token_type: `urn:ietf:params:oauth:token-type:${type}`,
      task: "task-nobody-may-read",
      purpose: "purpose-nobody-may-read",
    });
    const headers: Record<string, string> = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
    return (await fetch(`${url}/v1/token`, { method: "POST", body, headers })).text();
  };
  const good = await issuer.sign(known, { sub: subject });
  const task = String(JSON.parse(await exchange(good, "jwt")).access_token);
  expect(task).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  const bad = [
    await issuer.sign(unknown, { sub: subject }),
    await issuer.sign(known, { sub: `${subject}-too` }),
    await issuer.sign(known, { sub: subject, exp: 1, iat: 0 }),
    `${task.slice(0, -4)}AAAA`,
    `${key.slice(0, -4)}AAAA`,
  ];
  const answers: string[] = [];
  for (const token of [...bad, good, task, key]) {
    const { body } = await post(`${url}/v1/decisions`, token, { action: "none" });
    answers.push(JSON.stringify(body));
  }
  for (const token of bad) {
    answers.push(
      await exchange(token, "jwt"),
      await exchange(token, "jwt", key),
      await exchange(key, "jwt", token),
    );
    const revoked = await fetch(`${url}/v1/token/revoke`, {
      method: "POST",
      body: new URLSearchParams({ token }),
      headers: { authorization: `Bearer ${token}` },
    });
    answers.push(await revoked.text());
  }
  issuer.away = true;
  issuer.keys = [];
  await database.pool.query("ALTER TABLE revoked_token RENAME TO hidden");
  answers.push(
    await (
      await fetch(`${url}/v1/token/revoke`, { method: "POST", body: new URLSearchParams({ token: task }) })
    ).text(),
  );
  expect(answers.every((text) => /"(code|error)":/.test(text))).toBe(true);
  expect(point.said().split("\n").length).toBeGreaterThan(bad.length);
  const secrets = [...bad, good, task, key]
    .flatMap((token) => token.split(/[._]/))
    .filter((part) => part.length > 20);
  expect(secrets.length).toBeGreaterThan(15);
  const told = point.said() + answers.join("\n");
  expect(secrets.filter((part) => told.includes(part))).toEqual([]);
  expect(told).not.toContain("nobody-may-read");
  expect(told).not.toContain(TEST_SECRET);
});
