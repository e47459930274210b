import { beforeAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import { startCampaignSchema } from "@/lib/campaigns/schema";
import {
  approveChangeSchema,
  commentChangeSchema,
  draftChangeSchema,
  editChangeSchema,
  rejectChangeSchema,
  withdrawChangeSchema,
} from "@/lib/changes/schema";
import { retireDetectorSchema, setUpDetectorSchema } from "@/lib/detectors/schema";
import { closeIncidentSchema, markIncidentSchema } from "@/lib/drift/schema";
import {
  approveExceptionSchema,
  endExceptionSchema,
  previewExceptionSchema,
  reassignExceptionSchema,
  rejectExceptionSchema,
  renewExceptionSchema,
  requestExceptionSchema,
  reviewExceptionSchema,
  reviewManySchema,
  shortenExceptionSchema,
  withdrawExceptionSchema,
} from "@/lib/exceptions/schema";
import { sendCanarySchema } from "@/lib/integrations/schema";
import { addWebhookSchema, changeWebhookSchema, setPreferenceSchema } from "@/lib/notify/schema";
import {
  changeRolesSchema,
  createFirstAdminSchema,
  createPersonSchema,
  deactivatePersonSchema,
} from "@/lib/people/schema";
import { exampleDocument } from "@/lib/policy/testing";
import { testApi } from "@/lib/testing/api";
import { useTestDatabase } from "@/lib/testing/database";
import { badBodies } from "@/lib/testing/forms";
import { type Cast, inDays, makeCast } from "@/lib/testing/people";
import { createUseCaseSchema, updateUseCaseSchema } from "@/lib/use-cases/schema";
import {
  addFederationSchema,
  addIssuerSchema,
  createWorkloadSchema,
  endIdentitySchema,
  issueCredentialSchema,
  revokeCredentialSchema,
  rotateCredentialSchema,
  updateWorkloadSchema,
} from "@/lib/workloads/schema";

const test = useTestDatabase();
const api = testApi(test);
let cast: Cast;
beforeAll(async () => {
  cast = await makeCast(test.db);
});

const ID = "01900000-0000-7000-8000-000000000001";
const DIGEST = `sha256:${"0".repeat(64)}`;
const WHY = "A justification that says in at least forty characters why this is needed.";
const useCase = {
  name: "Support bot",
  description: "Answers customers.",
  audience: "Customers",
  purpose: "Customer support",
  tier: "low",
  dataClass: "internal",
  environment: "production",
  riskOwnerId: ID,
  applicationOwnerIds: [ID],
};
const workload = { name: "Gateway", description: "Calls models.", useCases: ["support-bot"] };
const person = { email: "a@example.com", name: "Ann", password: "a long enough password" };
const change = { baseVersion: 1, proposal: exampleDocument, justification: WHY };
const exception = {
  useCase: "support-bot",
  controls: ["pii/email"],
  scope: {
    workloads: ["gateway"],
    models: ["openai/*"],
    tools: ["send_*"],
    dataClasses: ["internal"],
    destinations: ["*.example.com"],
    purposes: ["support"],
    environments: ["production"],
  },
  justification: WHY,
  compensatingControls: "Reviewed every quarter.",
  category: "waiver",
  riskOwnerId: ID,
  businessOwnerId: ID,
  startsAt: inDays(0),
  expiresAt: inDays(9),
  reviewAt: inDays(5),
  submit: true,
};

const { useCase: _, ...renewal } = exception;
const webhook = { url: "https://hooks.example/sluice", kinds: ["waiting"], useCases: ["support-bot"] };

const FORMS: [
  method: string,
  path: string,
  schema: z.ZodType,
  valid: Record<string, unknown>,
  instead?: string[],
][] = [
  ["POST", "/use-cases", createUseCaseSchema, { slug: "support-bot", templateId: "default", ...useCase }],
  ["PATCH", "/use-cases/support-bot", updateUseCaseSchema, { revision: 1, ...useCase }],
  ["POST", "/workloads", createWorkloadSchema, { slug: "gateway", ...workload }],
  ["PATCH", "/workloads/gateway", updateWorkloadSchema, workload],
  [
    "POST",
    "/workloads/gateway/credentials",
    issueCredentialSchema,
    { label: "production", expiresAt: inDays(9) },
  ],
  ["POST", `/workloads/gateway/credentials/${ID}/revoke`, revokeCredentialSchema, { reason: "Leaked." }],
  [
    "POST",
    `/workloads/gateway/credentials/${ID}/rotate`,
    rotateCredentialSchema,
    { expiresAt: inDays(9), oldUntil: inDays(1) },
  ],
  [
    "POST",
    "/workloads/gateway/federations",
    addFederationSchema,
    { issuer: ID, audience: "sluice", subject: "repo:acme/app:*" },
  ],
  ["POST", `/workloads/gateway/federations/${ID}/remove`, endIdentitySchema, { reason: "Moved." }],
  ["POST", "/workloads/gateway/revoke-tasks", endIdentitySchema, { reason: "Leaked." }],
  ["POST", "/workloads/gateway/retire", endIdentitySchema, { reason: "Gone." }],
  [
    "POST",
    "/issuers",
    addIssuerSchema,
    { name: "GitHub", issuer: "https://token.example.com", jwksUri: "https://token.example.com/jwks" },
  ],
  ["POST", `/issuers/${ID}/retire`, endIdentitySchema, { reason: "Gone." }],
  [
    "POST",
    "/use-cases/support-bot/canary/send",
    sendCanarySchema,
    { client: "portkey", credential: "sluice_a-credential" },
  ],
  [
    "PUT",
    "/detectors/guard",
    setUpDetectorSchema,
    { kind: "lakera", url: "https://guard.example", secret: "a key", timeoutMs: 500, options: {} },
  ],
  ["POST", "/detectors/guard/retire", retireDetectorSchema, { reason: "Ended." }],
  ["POST", "/changes", draftChangeSchema, { useCase: "support-bot", ...change }, ["floor", "setting"]],
  ["PUT", "/changes/CHG-1", editChangeSchema, change],
  [
    "POST",
    "/changes/CHG-1/approve",
    approveChangeSchema,
    { note: "Fine.", proposalDigest: DIGEST, evidenceDigest: DIGEST },
  ],
  ["POST", "/changes/CHG-1/reject", rejectChangeSchema, { note: "No." }],
  ["POST", "/changes/CHG-1/withdraw", withdrawChangeSchema, { reason: "Later." }],
  ["POST", "/changes/CHG-1/comments", commentChangeSchema, { text: "Why?" }],
  ["POST", "/exceptions", requestExceptionSchema, exception],
  ["POST", "/exceptions/EXC-1/approve", approveExceptionSchema, { note: "Fine.", termsDigest: DIGEST }],
  ["POST", "/exceptions/EXC-1/reject", rejectExceptionSchema, { note: "No." }],
  ["POST", "/exceptions/EXC-1/withdraw", withdrawExceptionSchema, { reason: "Later." }],
  ["POST", "/exceptions/EXC-1/revoke", endExceptionSchema, { reason: "Abused." }],
  ["POST", "/exceptions/EXC-1/retire", endExceptionSchema, { reason: "Fixed." }],
  ["POST", "/exceptions/EXC-1/review", reviewExceptionSchema, { note: "Seen.", nextReviewAt: inDays(9) }],
  [
    "POST",
    "/incidents",
    markIncidentSchema,
    { useCase: "support-bot", dimension: "tools", value: "rm", note: WHY },
  ],
  ["POST", "/incidents/INC-1/close", closeIncidentSchema, { note: WHY }],
  ["POST", "/exceptions/EXC-1/renew", renewExceptionSchema, renewal],
  [
    "POST",
    "/exceptions/EXC-1/reassign",
    reassignExceptionSchema,
    { owner: "risk_owner", personId: ID, reason: "Moved." },
  ],
  [
    "POST",
    "/exceptions/preview",
    previewExceptionSchema,
    { useCase: "support-bot", controls: exception.controls, scope: exception.scope, renews: "EXC-1" },
  ],
  [
    "POST",
    "/exceptions/review-many",
    reviewManySchema,
    { exceptions: [ID], verdict: "keep", note: "Seen.", nextReviewAt: inDays(9), expiresAt: inDays(8) },
  ],
  [
    "POST",
    "/campaigns",
    startCampaignSchema,
    { title: "Quarter", note: "Still needed?", dueAt: inDays(9), filter: { useCase: "support-bot" } },
  ],
  [
    "POST",
    "/exceptions/EXC-1/shorten",
    shortenExceptionSchema,
    { reason: "Two weeks are enough.", expiresAt: inDays(9) },
  ],
  ["POST", "/webhooks", addWebhookSchema, webhook],
  ["PUT", `/webhooks/${ID}`, changeWebhookSchema, { ...webhook, enabled: true }],
  ["PUT", "/notifications/preferences", setPreferenceSchema, { kind: "drift", mail: "daily", inbox: true }],
  ["POST", "/people", createPersonSchema, { ...person, roles: ["auditor"] }],
  ["PUT", `/people/${ID}/roles`, changeRolesSchema, { roles: ["auditor"] }],
  ["POST", `/people/${ID}/deactivate`, deactivatePersonSchema, { reason: "Left." }],
  ["POST", "/setup", createFirstAdminSchema, { ...person, token: "t".repeat(43) }],
];

describe("each field of each form, wrong, is a 400 that names it", () => {
  it.each(FORMS)("%s %s", async (method, path, schema, valid, instead) => {
    const cases = badBodies(schema, valid, instead);
    expect(cases.length).toBeGreaterThan(Object.keys(valid).length);
    const missed: string[] = [];
    for (const { path: field, how, body } of cases) {
      const answer = await api.call(cast.admin, method, path, body);
      const named = answer.body.fields?.some((one) => one.path === field || one.path.startsWith(`${field}.`));
      if (answer.status !== 400 || answer.body.code !== "invalid" || !named) {
        missed.push(`${field} ${how}: ${answer.status} ${JSON.stringify(answer.body.fields)}`);
      }
    }
    expect(missed).toEqual([]);
    expect(schema.safeParse(valid).success).toBe(true);
  });

  it("says nothing of what was sent", async () => {
    const { body } = await api.call(cast.admin, "POST", "/people", { ...person, password: "hunter2" });
    expect(body.fields?.map(({ path }) => path)).toEqual(["roles", "password"]);
    expect(JSON.stringify(body)).not.toContain("hunter2");
  });

  it("names what a webhook, a preference or a mail that is sent again gets wrong beside its form", async () => {
    const refused = async (method: string, path: string, json?: object) => {
      const { status, body } = await api.call(cast.admin, method, path, json);
      return [status, body.fields?.map((one) => one.path)];
    };
    const add = (given: object) => refused("POST", "/webhooks", { ...webhook, useCases: [], ...given });
    for (const url of [
      "http://hooks.example/",
      "https://127.0.0.1/hook",
      "https://[::1]/",
      "ftp://x.example",
    ]) {
      expect([url, ...(await add({ url }))]).toEqual([url, 400, ["url"]]);
    }
    expect(await add({ useCases: ["no-such-one"] })).toEqual([400, ["useCases.0"]]);
    const off = { kind: "waiting", mail: "off", inbox: false };
    expect(await refused("PUT", "/notifications/preferences", off)).toEqual([400, ["inbox"]]);
    for (const path of [
      "/mail/deliveries/x/send-again",
      "/webhook-deliveries/x/send-again",
      "/webhooks/x/test",
    ]) {
      expect([path, ...(await refused("POST", path))]).toEqual([path, 400, ["id"]]);
    }
    const verdicts = { exceptions: [ID], note: "Seen." };
    const many = (verdict: string) => refused("POST", "/exceptions/review-many", { ...verdicts, verdict });
    expect(await many("keep")).toEqual([400, ["nextReviewAt"]]);
    expect(await many("shorten")).toEqual([400, ["expiresAt"]]);
  });

  it("names the date that does not fit the others", async () => {
    const paths = async (different: object) =>
      (await api.call(cast.owner, "POST", "/exceptions", { ...exception, ...different })).body.fields?.map(
        ({ path }) => path,
      );
    expect(await paths({ expiresAt: inDays(0) })).toEqual(["expiresAt", "reviewAt"]);
    expect(await paths({ reviewAt: inDays(10) })).toEqual(["reviewAt"]);
    expect(await paths({ justification: "x".repeat(39) })).toEqual(["justification"]);
  });
});
