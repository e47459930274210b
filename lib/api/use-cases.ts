import { createRoute, z } from "@hono/zod-openapi";
import { getReadiness } from "@/lib/readiness/get-readiness";
import type { UseCaseReadiness } from "@/lib/readiness/views";
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

const readPolicy = createRoute({
  method: "get",
  path: "/use-cases/{id}/policy",
  request: { params, query: z.strictObject({ at: instantSchema.optional() }) },
  responses: { 200: json(view<PolicyView>(), "The policy in force, now or at an instant."), ...PROBLEMS },
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
    const when = at === undefined ? {} : { at: new Date(at) };
    return c.json(await getPolicy(c.get("ctx"), { slug: c.req.valid("param").id, ...when }), 200);
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
  );
