import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { accepts } from "hono/accepts";
import { comparePolicy } from "@/lib/gitops/compare-policy";
import { proposePolicy } from "@/lib/gitops/propose-policy";
import { parseIfMatch, readPolicyText } from "@/lib/gitops/read-policy";
import { proposePolicySchema } from "@/lib/gitops/schema";
import type { PolicyComparison, ProposalView } from "@/lib/gitops/views";
import { policyDocumentSchema } from "@/lib/policy/document";
import { getReadiness } from "@/lib/readiness/get-readiness";
import { getSensitivity } from "@/lib/readiness/get-sensitivity";
import type { SensitivityView, UseCaseReadiness } from "@/lib/readiness/views";
import { instantSchema, keySchema, type Page } from "@/lib/schema";
import { createUseCase } from "@/lib/use-cases/create-use-case";
import { getPolicy, listPolicyVersions } from "@/lib/use-cases/policy-queries";
import { getUseCase, listUseCases } from "@/lib/use-cases/queries";
import { createUseCaseSchema, listUseCasesSchema, updateUseCaseSchema } from "@/lib/use-cases/schema";
import { updateUseCase } from "@/lib/use-cases/update-use-case";
import type { PolicyVersionSummary, PolicyView, UseCaseSummary, UseCaseView } from "@/lib/use-cases/views";
import { apiApp } from "./environment";
import { body, json, PROBLEMS, view } from "./respond";

/** The slug. */
const params = z.object({ id: keySchema });

const list = createRoute({
  method: "get",
  path: "/use-cases",
  request: { query: listUseCasesSchema },
  responses: { 200: json(view<Page<UseCaseSummary>>(), "The register of use cases."), ...PROBLEMS },
});

const create = createRoute({
  method: "post",
  path: "/use-cases",
  request: body(createUseCaseSchema),
  responses: { 201: json(view<UseCaseView>(), "The use case, with policy version 1."), ...PROBLEMS },
});

const read = createRoute({
  method: "get",
  path: "/use-cases/{id}",
  request: { params },
  responses: { 200: json(view<UseCaseView>(), "One use case."), ...PROBLEMS },
});

const update = createRoute({
  method: "patch",
  path: "/use-cases/{id}",
  request: { params, ...body(updateUseCaseSchema) },
  responses: { 200: json(view<UseCaseView>(), "The use case as saved."), ...PROBLEMS },
});

const YAML = "application/yaml";

/** A policy document as YAML, or as the JSON that it stands for. */
const policyBody = {
  body: {
    description:
      "The policy document, as YAML or JSON. At most 512 Ki characters; no tags, anchors or aliases.",
    content: {
      [YAML]: { schema: z.string() },
      "application/json": { schema: policyDocumentSchema },
    },
  },
} as const;

const readPolicy = createRoute({
  method: "get",
  path: "/use-cases/{id}/policy",
  summary: "Read the policy in force",
  description: `With \`Accept: ${YAML}\` the document alone, with its version and digest as comments. The \`ETag\` is the digest.`,
  request: { params, query: z.strictObject({ at: instantSchema.optional() }) },
  responses: {
    200: {
      description: "The policy in force, now or at an instant.",
      // The typed client reads JSON; YAML is for others.
      content: {
        "application/json": { schema: view<PolicyView>() },
        [YAML]: { schema: z.string() },
      } as ReturnType<typeof json<ReturnType<typeof view<PolicyView>>>>["content"],
      headers: z.object({ etag: z.string() }),
    },
    ...PROBLEMS,
  },
});

const propose = createRoute({
  method: "put",
  path: "/use-cases/{id}/policy",
  summary: "Propose a policy as a change request",
  description:
    "Nothing is in force by this: it drafts a change request (and submits it with `submit=true`), or gives the one that is open for the same document. Name in `If-Match` the digest or version that the edit started from; 412 says which is newer, and whose.",
  request: {
    params,
    query: proposePolicySchema,
    headers: z.object({ "if-match": z.string().optional() }),
    ...policyBody,
  },
  responses: {
    200: json(
      view<ProposalView>(),
      "The change request: its direction, what it would have done, who must agree.",
    ),
    ...PROBLEMS,
  },
});

const compareWith = createRoute({
  method: "post",
  path: "/use-cases/{id}/policy/compare",
  summary: "Compare a document with the policy in force",
  request: { params, ...policyBody },
  responses: {
    200: json(view<PolicyComparison>(), "What would move, field by field, and which way. Writes nothing."),
    ...PROBLEMS,
  },
});

const listVersions = createRoute({
  method: "get",
  path: "/use-cases/{id}/policy/versions",
  request: { params },
  responses: {
    200: json(view<{ items: PolicyVersionSummary[] }>(), "Every policy version, newest first."),
    ...PROBLEMS,
  },
});

const readVersion = createRoute({
  method: "get",
  path: "/use-cases/{id}/policy/versions/{number}",
  request: { params: params.extend({ number: z.coerce.number().int().min(1).max(2_147_483_647) }) },
  responses: { 200: json(view<PolicyView>(), "One policy version."), ...PROBLEMS },
});

const readReadiness = createRoute({
  method: "get",
  path: "/use-cases/{id}/readiness",
  request: { params },
  responses: {
    200: json(
      view<UseCaseReadiness>(),
      "What is missing for the next stage, and of each control; measured now.",
    ),
    ...PROBLEMS,
  },
});

const readSensitivity = createRoute({
  method: "get",
  path: "/use-cases/{id}/sensitivity",
  request: { params },
  responses: {
    200: json(
      view<SensitivityView>(),
      "What each level of each content control would have fired on, and how it was ruled.",
    ),
    ...PROBLEMS,
  },
});

/** JSON, unless YAML is asked for. */
const wants = (c: Context) =>
  accepts(c, { header: "Accept", supports: ["application/json", YAML], default: "application/json" });

export const useCaseRoutes = apiApp()
  .openapi(list, async (c) => c.json(await listUseCases(c.get("ctx"), c.req.valid("query")), 200))
  .openapi(create, async (c) => c.json(await createUseCase(c.get("ctx"), c.req.valid("json")), 201))
  .openapi(read, async (c) => c.json(await getUseCase(c.get("ctx"), { slug: c.req.valid("param").id }), 200))
  .openapi(update, async (c) => {
    const slug = c.req.valid("param").id;
    return c.json(await updateUseCase(c.get("ctx"), { ...c.req.valid("json"), slug }), 200);
  })
  .openapi(readPolicy, async (c) => {
    const { at } = c.req.valid("query");
    const asked = { slug: c.req.valid("param").id, ...(at === undefined ? {} : { at: new Date(at) }) };
    if (wants(c) === YAML) {
      const { text, etag } = await readPolicyText(c.get("ctx"), asked);
      return c.body(text, 200, { "content-type": `${YAML}; charset=utf-8`, etag, vary: "accept" }) as never;
    }
    const policy = await getPolicy(c.get("ctx"), asked);
    return c.json(policy, 200, { etag: `"${policy.digest}"`, vary: "accept" });
  })
  .openapi(propose, async (c) => {
    const proposal = {
      ...c.req.valid("query"),
      slug: c.req.valid("param").id,
      startsFrom: parseIfMatch(c.req.header("if-match")),
      text: await c.req.text(),
    };
    return c.json(await proposePolicy(c.get("ctx"), proposal), 200);
  })
  .openapi(compareWith, async (c) => {
    const { id: slug } = c.req.valid("param");
    return c.json(await comparePolicy(c.get("ctx"), { slug, text: await c.req.text() }), 200);
  })
  .openapi(listVersions, async (c) =>
    c.json({ items: await listPolicyVersions(c.get("ctx"), { slug: c.req.valid("param").id }) }, 200),
  )
  .openapi(readVersion, async (c) => {
    const { id: slug, number } = c.req.valid("param");
    return c.json(await getPolicy(c.get("ctx"), { slug, number }), 200);
  })
  .openapi(readReadiness, async (c) =>
    c.json(await getReadiness(c.get("ctx"), { slug: c.req.valid("param").id }), 200),
  )
  .openapi(readSensitivity, async (c) =>
    c.json(await getSensitivity(c.get("ctx"), { slug: c.req.valid("param").id }), 200),
  );
