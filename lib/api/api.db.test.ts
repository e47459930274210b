import { beforeAll, describe, expect, it } from "vitest";
import type { OpenApiDocument } from "@/lib/api/description";
import type { ChangeSummary, ChangeView } from "@/lib/changes/views";
import type { ExceptionView } from "@/lib/exceptions/views";
import type { Page } from "@/lib/schema";
import { testApi } from "@/lib/testing/api";
import { useTestDatabase } from "@/lib/testing/database";
import { type Cast, inDays, makeCast, makeUseCase } from "@/lib/testing/people";
import type { PolicyView, UseCaseView } from "@/lib/use-cases/views";
import type { IssuedCredentialView, WorkloadView } from "@/lib/workloads/views";

const test = useTestDatabase();
const api = testApi(test);
let cast: Cast;
let useCase: UseCaseView;
beforeAll(async () => {
  cast = await makeCast(test.db);
  useCase = await makeUseCase(test.db, cast);
});

let drafts = 0;
async function draft(): Promise<ChangeView> {
  const { body } = await api.call<PolicyView>(cast.owner, "GET", `/use-cases/${useCase.slug}/policy`);
  const proposal = {
    ...body.document,
    baseline: { ...body.document.baseline, models: [`openai/gpt-${drafts++}`] },
  };
  const input = {
    useCase: useCase.slug,
    baseVersion: body.version,
    proposal,
    justification: "Only this one.",
  };
  const answer = await api.call<ChangeView>(cast.owner, "POST", "/changes", input);
  expect(answer.status).toBe(201);
  return answer.body;
}

/** The header that says which revision of a change was seen. */
const tag = (revision: string) => ({ "if-match": revision });

describe("the whole way over HTTP", () => {
  it("takes a change from draft to a new policy version", async () => {
    const { ref, revision } = await draft();
    const { body: open } = await api.call<ChangeView>(
      cast.owner,
      "POST",
      `/changes/${ref}/submit`,
      undefined,
      tag(revision),
    );
    const seen = { proposalDigest: open.proposalDigest, evidenceDigest: open.evidenceDigest };
    const stale = { ...seen, evidenceDigest: `sha256:${"0".repeat(64)}` };
    const refused = await api.call(cast.lead, "POST", `/changes/${ref}/approve`, stale, tag(open.revision));
    expect([refused.status, refused.body.code]).toEqual([412, "stale"]);
    const approved = await api.call<ChangeView>(
      cast.lead,
      "POST",
      `/changes/${ref}/approve`,
      seen,
      tag(open.revision),
    );
    expect([approved.body.status, approved.headers.get("etag")]).toEqual([
      "approved",
      approved.body.revision,
    ]);
    const applied = await api.call<ChangeView>(
      cast.owner,
      "POST",
      `/changes/${ref}/apply`,
      undefined,
      tag(approved.body.revision),
    );
    expect([applied.status, applied.body.appliedVersion]).toEqual([200, 2]);
    const versions = await api.call<{ items: unknown[] }>(
      cast.auditor,
      "GET",
      `/use-cases/${useCase.slug}/policy/versions`,
    );
    expect(versions.body.items).toHaveLength(2);
    const first = await api.call<PolicyView>(
      cast.auditor,
      "GET",
      `/use-cases/${useCase.slug}/policy/versions/1`,
    );
    expect(first.body).toMatchObject({ version: 1, document: { baseline: { models: null } } });
    const list = await api.call<Page<ChangeSummary>>(cast.auditor, "GET", "/changes?status=applied&limit=1");
    expect(list.body).toMatchObject({ items: [{ ref }], total: 1 });
  });

  it("takes an exception from request to approval, and a credential from issue to revocation", async () => {
    const { body: exception } = await api.call<ExceptionView>(cast.owner, "POST", "/exceptions", {
      useCase: useCase.slug,
      controls: ["pii/email"],
      justification: "Tickets carry the customer's address so that a person can answer them.",
      compensatingControls: "Reviewed every quarter.",
      category: "waiver",
      riskOwnerId: cast.risk.id,
      businessOwnerId: cast.business.id,
      startsAt: inDays(0),
      expiresAt: inDays(9),
      reviewAt: inDays(5),
      submit: true,
    });
    expect(exception).toMatchObject({ status: "submitted", broad: true });
    const own = await api.call(cast.owner, "POST", `/exceptions/${exception.ref}/approve`, {
      termsDigest: exception.termsDigest,
    });
    expect([own.status, own.body.code]).toEqual([403, "forbidden"]);
    const approved = await api.call<ExceptionView>(
      cast.lead,
      "POST",
      `/exceptions/${exception.ref}/approve`,
      {
        termsDigest: exception.termsDigest,
      },
    );
    expect(approved.body.state).toBe("in_force");
    await api.call(cast.owner, "POST", "/workloads", { slug: "gw", name: "GW", useCases: [useCase.slug] });
    const issued = await api.call<IssuedCredentialView>(cast.owner, "POST", "/workloads/gw/credentials", {
      label: "production",
      expiresAt: inDays(30),
    });
    expect(issued.headers.get("cache-control")).toBe("no-store");
    const path = `/workloads/gw/credentials/${issued.body.id}/revoke`;
    const revoked = await api.call<WorkloadView>(cast.owner, "POST", path, { reason: "Old." });
    expect(revoked.body.credentials).toMatchObject([{ state: "revoked" }]);
    const again = await api.call(cast.owner, "POST", path, { reason: "Old." });
    expect([again.status, again.body.code]).toEqual([409, "conflict"]);
  });

  it("answers a broken rule with its name", async () => {
    const { body } = await api.call<PolicyView>(cast.owner, "GET", `/use-cases/${useCase.slug}/policy`);
    const answer = await api.call(cast.owner, "POST", "/changes", {
      useCase: useCase.slug,
      baseVersion: body.version,
      proposal: { ...body.document, stage: "enforcing" },
      justification: "All at once.",
    });
    expect(answer).toMatchObject({ status: 422, body: { code: "rule", rule: "limited-first" } });
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.body.id).toBe(answer.headers.get("x-request-id"));
  });
});

const DIGEST = `sha256:${"0".repeat(64)}`;
/** Every move that decides on a change or moves it, with a body that is well. */
const MOVES: Record<string, object | undefined> = {
  "POST submit": undefined,
  "POST measure": undefined,
  "POST apply": undefined,
  "POST unschedule": undefined,
  "POST rebase": { ontoVersion: 1, choices: {} },
  "POST approve": { note: "Fine.", proposalDigest: DIGEST, evidenceDigest: DIGEST },
  "POST accept": {
    conditions: ["days"],
    reason: "It is watched closely from now on.",
    evidenceDigest: DIGEST,
  },
  "POST reject": { note: "No." },
  "POST withdraw": { reason: "Later." },
  "POST schedule": { at: inDays(1) },
  "POST rollback": { reason: "It was a mistake." },
  "POST break-glass": { reason: "It cannot wait any longer." },
  "POST review": { verdict: "upheld", note: "It was right to do." },
};
/** What is said beside a change moves nothing. */
const BESIDE = ["POST comments", "POST reviewers"];

describe("nobody decides on what they have not seen", () => {
  it("asks every move of a change for the revision that was seen, and says how", async () => {
    const { ref, revision, proposal, justification } = await draft();
    const edit = { baseVersion: 1, proposal, justification };
    const before = await test.db.auditEntry.count();
    for (const [move, json] of [...Object.entries(MOVES), ["PUT ", edit] as const]) {
      const [method = "", verb] = move.split(" ");
      const path = verb ? `/changes/${ref}/${verb}` : `/changes/${ref}`;
      for (const header of [{ "if-match": null }, { "if-match": "*" }]) {
        const answer = await api.call(cast.lead, method, path, json, header);
        expect([move, answer.status, answer.body.code]).toEqual([move, 428, "precondition_required"]);
        expect(answer.body.detail).toMatch(/send its ETag in the header If-Match/);
        expect(answer.headers.get("content-type")).toBe("application/problem+json");
      }
      const stale = await api.call(cast.lead, method, path, json, tag('"another"'));
      expect([move, stale.status, stale.body.code]).toEqual([move, 412, "stale"]);
    }
    expect(await test.db.auditEntry.count()).toBe(before);
    const read = await api.call<ChangeView>(cast.lead, "GET", `/changes/${ref}`);
    expect([read.headers.get("etag"), read.body.revision]).toEqual([revision, revision]);
    const comment = await api.call(cast.lead, "POST", `/changes/${ref}/comments`, { text: "Why?" });
    expect(comment.status).toBe(200);
  });

  it("says so of exactly these in the description, and leaves none out", async () => {
    const { body } = await api.call<OpenApiDocument>(null, "GET", "/openapi.json");
    const moves = Object.entries(body.paths).flatMap(([path, operations]) =>
      Object.entries(operations)
        .filter(([method]) => method !== "get" && path.startsWith("/api/v1/changes/{id}"))
        .map(([method, { parameters, responses }]) => ({
          name: `${method.toUpperCase()} ${path.slice("/api/v1/changes/{id}/".length)}`,
          asked: parameters?.some(({ name, required }) => name === "if-match" && required) ?? false,
          told: "428" in responses && "412" in responses,
        })),
    );
    const asked = [...Object.keys(MOVES), "PUT "].map((name) => ({ name, asked: true, told: true }));
    const beside = BESIDE.map((name) => ({ name, asked: false, told: false }));
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect(moves.sort(byName)).toEqual([...asked, ...beside].sort(byName));
  });
});

describe("the actor", () => {
  it("comes from the session, never from the body", async () => {
    const { ref } = await draft();
    const before = await test.db.auditEntry.count();
    for (const field of ["actor", "requestedById", "personId", "approvedBy", "id", "status"]) {
      const answer = await api.call(cast.owner, "POST", `/changes/${ref}/comments`, {
        text: "Said by another.",
        [field]: cast.lead.id,
      });
      expect(answer.status).toBe(400);
      expect(answer.body.fields).toEqual([{ path: field, message: "there is no such field" }]);
    }
    expect(await test.db.auditEntry.count()).toBe(before);
    await api.call(cast.lead, "POST", `/changes/${ref}/comments`, { text: "Said by me." });
    const entry = await test.db.auditEntry.findFirstOrThrow({ orderBy: { number: "desc" } });
    expect([entry.action, entry.actorId]).toEqual(["change.commented", cast.lead.id]);
  });

  it("is asked for everywhere but at the description and the setup", async () => {
    for (const path of ["/use-cases", "/changes", "/exceptions", "/people", "/controls", "/nowhere"]) {
      expect((await api.call(null, "GET", path)).status).toBe(401);
    }
    const description = await api.call<{ paths: Record<string, unknown> }>(null, "GET", "/openapi.json");
    expect(description.status).toBe(200);
    expect(Object.keys(description.body.paths)).toContain("/api/v1/exceptions/{id}/approve");
    const setup = await api.call(null, "POST", "/setup", {
      token: "t".repeat(43),
      email: "eve@example.com",
      name: "Eve",
      password: "a long enough password",
    });
    expect([setup.status, setup.body.code]).toEqual([404, "not_found"]);
  });
});

describe("requests from elsewhere", () => {
  const comment = async (headers: Record<string, string | null>, body: unknown = { text: "Hello." }) => {
    const { items } = (await api.call<Page<ChangeSummary>>(cast.lead, "GET", "/changes")).body;
    return api.call(cast.lead, "POST", `/changes/${items[0]?.ref}/comments`, body, headers);
  };

  it.each<[string, Record<string, string | null>]>([
    ["another site", { "sec-fetch-site": "cross-site" }],
    ["a neighbour on the same site", { "sec-fetch-site": "same-site" }],
    ["nowhere", { "sec-fetch-site": null }],
    ["another origin", { "sec-fetch-site": null, origin: "https://evil.test" }],
    ["a sandboxed frame", { "sec-fetch-site": null, origin: "null" }],
  ])("change nothing when they come from %s", async (_, headers) => {
    const before = await test.db.auditEntry.count();
    expect((await comment(headers)).status).toBe(403);
    expect(await test.db.auditEntry.count()).toBe(before);
  });

  it("work from the console's own pages, by either header", async () => {
    expect((await comment({})).status).toBe(200);
    expect((await comment({ "sec-fetch-site": null, origin: "https://console.test" })).status).toBe(200);
  });

  it("are refused when they are a form, no JSON, or too large", async () => {
    const form = { "content-type": "application/x-www-form-urlencoded" };
    expect((await comment(form, "text=Hello")).status).toBe(400);
    expect((await comment({ "content-type": null }, "text=Hello")).status).toBe(400);
    expect((await comment({}, "{ not json")).status).toBe(400);
    const large = await comment({}, { text: "x".repeat(1_048_576) });
    expect([large.status, large.body.code]).toEqual([413, "too_large"]);
  });
});

describe("reading", () => {
  it("gives the catalogue and the templates", async () => {
    const controls = await api.call<{ controls: { id: string }[] }>(cast.auditor, "GET", "/controls");
    expect(controls.body.controls.map(({ id }) => id)).toContain("pii/credit-card");
    const templates = await api.call<{ items: { id: string }[] }>(cast.auditor, "GET", "/templates");
    expect(templates.body.items).toHaveLength(5);
  });

  it("names a filter that there is not, and a page that is too long", async () => {
    const paths = async (query: string) =>
      (await api.call(cast.auditor, "GET", query)).body.fields?.map(({ path }) => path);
    expect(await paths("/changes?stat=open")).toEqual(["stat"]);
    expect(await paths("/exceptions?limit=201")).toEqual(["limit"]);
    expect(await paths("/use-cases?tier=huge")).toEqual(["tier"]);
    expect(await paths("/changes?q=%00")).toEqual(["q"]);
    expect(await paths("/people?cursor=xx")).toEqual(["cursor"]);
  });

  it("refuses what the database could not even be asked", async () => {
    const cursor = (key: unknown) => Buffer.from(JSON.stringify(key)).toString("base64url");
    const paths = [
      "/use-cases/%00",
      "/workloads/%00",
      `/use-cases/${useCase.slug}/policy/versions/9999999999`,
      `/use-cases/${useCase.slug}/policy?at=9999-12-31T23:59:59-12:00`,
      `/changes?cursor=${cursor(2 ** 40)}`,
      `/exceptions?cursor=${cursor("x")}`,
      `/workloads?cursor=${cursor("\u0000")}`,
    ];
    for (const path of paths)
      expect([path, (await api.call(cast.auditor, "GET", path)).status]).toEqual([path, 400]);
  });

  it("answers what is not there with 404", async () => {
    const missing = [
      "/use-cases/none",
      "/changes/CHG-999",
      "/changes/none",
      "/exceptions/EXC-0",
      "/workloads/none",
    ];
    for (const path of missing) expect((await api.call(cast.auditor, "GET", path)).status).toBe(404);
  });
});
