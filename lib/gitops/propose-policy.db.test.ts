import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import type { TokenScope } from "@/lib/access/permissions";
import { applyChange } from "@/lib/changes/apply-change";
import { approveChange } from "@/lib/changes/approve-change";
import { getChange } from "@/lib/changes/queries";
import { documentDigest } from "@/lib/policy/digest";
import type { PolicyDocument } from "@/lib/policy/document";
import { testApi } from "@/lib/testing/api";
import { useTestDatabase } from "@/lib/testing/database";
import { as, type Cast, inDays, makeCast, makeUseCase } from "@/lib/testing/people";
import { createToken } from "@/lib/tokens/create-token";
import { parsePolicy, printPolicy } from "./policy-text";
import type { PolicyComparison, ProposalView } from "./views";

const YAML = "application/yaml";
const WHY = "The repository says so from now on.";
const test = useTestDatabase();
const api = testApi(test);
let cast: Cast;
let slug: string;
let token: string;
let reading: string;

const tokenOf = async (actor: PersonActor, scopes: TokenScope[]) =>
  (await createToken(as(test.db, actor), { label: "repository", expiresAt: inDays(30), scopes })).token;

beforeAll(async () => {
  cast = await makeCast(test.db);
  token = await tokenOf(cast.owner, ["read", "propose"]);
  reading = await tokenOf(cast.owner, ["read"]);
});
beforeEach(async () => {
  slug = (await makeUseCase(test.db, cast)).slug;
});

const call = <T>(
  method: string,
  path: string,
  text?: string,
  headers: Record<string, string> = {},
  bearer = token,
) =>
  api.call<T>(null, method, path, text, {
    "sec-fetch-site": null,
    authorization: `Bearer ${bearer}`,
    ...(text === undefined ? {} : { "content-type": YAML }),
    ...headers,
  });

async function read(): Promise<{ text: string; document: PolicyDocument; digest: string }> {
  const answer = await call<string>("GET", `/use-cases/${slug}/policy`, undefined, { accept: YAML });
  const { document } = parsePolicy(answer.body);
  return { text: answer.body, document, digest: documentDigest(document) };
}
const propose = (text: string, base: string, query: Record<string, string> = {}, bearer = token) =>
  call<ProposalView>(
    "PUT",
    `/use-cases/${slug}/policy?${new URLSearchParams({ justification: WHY, ...query })}`,
    text,
    { "if-match": `"${base}"` },
    bearer,
  );
const edited = (
  document: PolicyDocument,
  over: Partial<PolicyDocument> = { capture: "none", failMode: "open" },
) => printPolicy({ ...document, ...over });
const changes = () => test.db.changeRequest.count({ where: { useCase: { slug } } });

/** Another change comes in force while somebody edits. */
async function moveOn(over: Partial<PolicyDocument>): Promise<void> {
  const { document, digest } = await read();
  const { body } = await propose(edited(document, over), digest, { submit: "true" });
  const ref = body.change?.ref ?? "";
  for (const person of [cast.risk, cast.lead]) {
    const { proposalDigest, evidenceDigest, status } = await getChange(as(test.db, person), { id: ref });
    if (status !== "in_review" || evidenceDigest === null) break;
    await approveChange(as(test.db, person), { id: ref, proposalDigest, evidenceDigest });
  }
  await applyChange(as(test.db, cast.lead), { id: ref });
}

describe("reading", () => {
  it("gives YAML to who asks for it, JSON to others, and the digest to both", async () => {
    const path = `/use-cases/${slug}/policy`;
    const yaml = await call<string>("GET", path, undefined, { accept: YAML }, reading);
    const json = await call<{ digest: string; document: PolicyDocument }>(
      "GET",
      path,
      undefined,
      {},
      reading,
    );
    expect(yaml.headers.get("content-type")).toBe("application/yaml; charset=utf-8");
    expect([yaml, json].map(({ headers }) => headers.get("etag"))).toEqual(
      Array(2).fill(`"${json.body.digest}"`),
    );
    expect(parsePolicy(yaml.body).document).toEqual(json.body.document);
    expect(yaml.body).toContain(`# version: 1\n# digest: ${json.body.digest}\n`);
    const again = await call<string>("GET", path, undefined, { accept: `${YAML}, */*;q=0.1` });
    expect(again.body).toBe(yaml.body);
  });
});

describe("comparing", () => {
  it("says which way it moves, and writes nothing", async () => {
    const { document, text, digest } = await read();
    const before = await test.db.auditEntry.count();
    const path = `/use-cases/${slug}/policy/compare`;
    const same = await call<PolicyComparison>("POST", path, text, {}, reading);
    expect(same.body).toMatchObject({ same: true, direction: "equal", moves: [], version: 1, digest });
    const mixed = edited(document, {
      failMode: document.failMode === "open" ? "closed" : "open",
      baseline: { ...document.baseline, models: ["openai/*"] },
    });
    const { body } = await call<PolicyComparison>("POST", path, mixed, {}, reading);
    expect(body.same).toBe(false);
    expect(body.moves.map((move) => [move.path, move.direction])).toEqual([
      ["failMode", document.failMode === "open" ? "tightens" : "loosens"],
      ["baseline.models", "tightens"],
    ]);
    const asJson = await call<PolicyComparison>(
      "POST",
      path,
      JSON.stringify(parsePolicy(mixed).document),
      { "content-type": "application/json" },
      reading,
    );
    expect(asJson.body).toEqual(body);
    expect(await test.db.auditEntry.count()).toBe(before);
  });

  it("names the path and line of what does not compile", async () => {
    const { text } = await read();
    const bad = 'custom/bad:\n    mode: log\n    when: context.nope == "x"';
    const wrong = text.replace(/^controls:$/m, `controls:\n  ${bad}`);
    const { status, body } = await call("POST", `/use-cases/${slug}/policy/compare`, wrong);
    expect(status).toBe(400);
    const line = wrong.split("\n").findIndex((one) => one.includes("context.nope")) + 1;
    const field = (body as { fields?: { path: string; message: string }[] }).fields?.[0];
    expect(field?.path).toBe("controls.custom/bad.when");
    expect(field?.message).toContain(`line ${line}: `);
  });
});

describe("proposing", () => {
  it("drafts a change of the token's person, and says what it would do and who must agree", async () => {
    const { document, digest } = await read();
    const { status, body } = await propose(edited(document), digest, { submit: "true" });
    expect(status).toBe(200);
    expect(body).toMatchObject({ outcome: "created", useCase: slug, version: 1 });
    expect(body.change).toMatchObject({ status: "in_review", path: `/changes/${body.change?.ref}` });
    expect(body.change?.impact).toEqual({ decisions: 0, stricter: 0, looser: 0, notReplayable: 0 });
    expect(body.change?.seats.map(({ filledBy }) => filledBy)).toEqual(body.change?.seats.map(() => null));
    expect(body.change?.waitsFor).toMatch(/^Waiting for/);
    const change = await getChange(as(test.db, cast.lead), { id: body.change?.ref ?? "" });
    expect([change.requestedBy?.id, change.justification]).toEqual([cast.owner.id, WHY]);
    expect((await read()).digest).toBe(digest);
  });

  it("gives the same change for the same document, however often and however written", async () => {
    const { document, digest } = await read();
    const text = edited(document);
    const first = await propose(text, digest);
    expect(first.body).toMatchObject({ outcome: "created", change: { status: "draft", impact: null } });
    const again = await propose(`# another comment\n\n${text}`, "1");
    expect(again.body).toMatchObject({ outcome: "existing", change: { ref: first.body.change?.ref } });
    const submitted = await propose(text, digest, { submit: "true" });
    expect(submitted.body.change).toMatchObject({ ref: first.body.change?.ref, status: "in_review" });
    expect(await changes()).toBe(1);
  });

  it("makes one change of ten proposals at once", async () => {
    const { document, digest } = await read();
    const answers = await Promise.all(Array.from({ length: 10 }, () => propose(edited(document), digest)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(new Set(answers.map(({ body }) => body.change?.ref)).size).toBe(1);
    expect(answers.filter(({ body }) => body.outcome === "created")).toHaveLength(1);
    expect(await changes()).toBe(1);
  });

  it("has nothing to propose when it is what is in force", async () => {
    const { text } = await read();
    const { body } = await propose(text, "1");
    expect(body).toMatchObject({ outcome: "unchanged", change: null });
    expect(await changes()).toBe(0);
  });

  it("puts an edited document in the place of an open one, by its name", async () => {
    const { document, digest } = await read();
    const { ref = "" } = (await propose(edited(document), digest)).body.change ?? {};
    const next = edited(document, { capture: "none" });
    const updated = await propose(next, digest, { change: ref });
    expect(updated.body).toMatchObject({ outcome: "updated", change: { ref } });
    expect((await propose(next, digest, { change: ref })).body.outcome).toBe("existing");
    expect(await changes()).toBe(1);
    const there = slug;
    slug = (await makeUseCase(test.db, cast)).slug;
    const wrong = await propose(edited(document), "1", { change: ref });
    expect([wrong.status, (wrong.body as unknown as { fields: unknown }).fields]).toEqual([
      400,
      [{ path: "change", message: `line 1: ${ref} is no change of the policy of ${slug}` }],
    ]);
    slug = there;
  });

  it("asks which version it started from, and names the newer one and whose it is", async () => {
    const { document, digest } = await read();
    const path = `/use-cases/${slug}/policy?justification=${encodeURIComponent(WHY)}`;
    for (const tag of [undefined, "", "*", 'W/"1"', '"sha256:00"']) {
      const answer = await call("PUT", path, edited(document), tag === undefined ? {} : { "if-match": tag });
      expect([tag, answer.status, answer.body]).toMatchObject([tag, 400, { fields: [{ path: "If-Match" }] }]);
    }
    await moveOn({ capture: "none" });
    for (const base of [digest, "1"]) {
      const { status, body } = await propose(edited(document, { failMode: "open", capture: "full" }), base);
      expect(status).toBe(412);
      expect((body as unknown as { detail: string }).detail).toMatch(
        /^Version 2 is in force since 2026-03-02T09:00:00\.000Z, CHG-\d+ of Otto Owner, not /,
      );
    }
    expect(await changes()).toBe(1);
  });

  it("rebases an open change onto the version in force", async () => {
    const { document, digest } = await read();
    const mine = edited(document, { failMode: document.failMode === "open" ? "closed" : "open" });
    const { ref = "" } = (await propose(mine, digest, { submit: "true" })).body.change ?? {};
    await moveOn({ capture: "none" });
    const now = await read();
    const { body } = await propose(
      edited(now.document, { failMode: document.failMode === "open" ? "closed" : "open" }),
      now.digest,
      { change: ref },
    );
    expect(body).toMatchObject({ outcome: "updated", version: 2, change: { ref, status: "in_review" } });
    const change = await getChange(as(test.db, cast.lead), { id: ref });
    expect([change.baseVersion, change.conflicted]).toEqual([2, false]);
  });

  it("names path and line, field and rule of what is refused, and leaves no trace", async () => {
    const { document, digest, text } = await read();
    const entries = await test.db.auditEntry.count();
    const wrong = await propose(text.replace(/stage: .*/, "stage: soon"), digest);
    expect([wrong.status, wrong.body]).toMatchObject([400, { fields: [{ path: "stage" }] }]);
    const rule = await propose(edited(document, { stage: "enforcing" }), digest);
    expect([rule.status, rule.body]).toMatchObject([422, { rule: "limited-first" }]);
    const short = await propose(edited(document), digest, { justification: "Why." });
    expect([short.status, short.body]).toMatchObject([400, { fields: [{ path: "justification" }] }]);
    expect((await propose(edited(document), digest, {}, reading)).status).toBe(403);
    const auditor = await tokenOf(cast.auditor, ["read", "propose"]);
    expect((await propose(edited(document), digest, {}, auditor)).status).toBe(403);
    const tooLong = await propose(`# ${"x".repeat(600_000)}\n${edited(document)}`, digest);
    expect(tooLong.status).toBe(413);
    expect((await propose(`# ${"x".repeat(5_000_000)}`, digest)).status).toBe(413);
    const form = await call("PUT", `/use-cases/${slug}/policy`, "a=b", {
      "content-type": "application/x-www-form-urlencoded",
    });
    expect(form.status).toBe(400);
    expect(await changes()).toBe(0);
    expect((await test.db.auditEntry.count()) - entries).toBe(1); // the auditor's token
  });
});
