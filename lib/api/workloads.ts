import { createRoute, z } from "@hono/zod-openapi";
import { idSchema, keySchema, type Page } from "@/lib/schema";
import { createWorkload } from "@/lib/workloads/create-workload";
import { issueCredential } from "@/lib/workloads/issue-credential";
import { getWorkload, listWorkloads } from "@/lib/workloads/queries";
import { revokeCredential } from "@/lib/workloads/revoke-credential";
import {
  createWorkloadSchema,
  issueCredentialSchema,
  listWorkloadsSchema,
  revokeCredentialSchema,
  updateWorkloadSchema,
} from "@/lib/workloads/schema";
import { updateWorkload } from "@/lib/workloads/update-workload";
import type { IssuedCredentialView, WorkloadView } from "@/lib/workloads/views";
import { apiApp } from "./environment";
import { body, json, PROBLEMS, view } from "./respond";

/** The slug. */
const params = z.object({ id: keySchema });

const list = createRoute({
  method: "get",
  path: "/workloads",
  request: { query: listWorkloadsSchema },
  responses: { 200: json(view<Page<WorkloadView>>(), "Workloads and their credentials."), ...PROBLEMS },
});

const create = createRoute({
  method: "post",
  path: "/workloads",
  request: body(createWorkloadSchema),
  responses: { 201: json(view<WorkloadView>(), "The workload."), ...PROBLEMS },
});

const read = createRoute({
  method: "get",
  path: "/workloads/{id}",
  request: { params },
  responses: { 200: json(view<WorkloadView>(), "One workload."), ...PROBLEMS },
});

const update = createRoute({
  method: "patch",
  path: "/workloads/{id}",
  request: { params, ...body(updateWorkloadSchema) },
  responses: { 200: json(view<WorkloadView>(), "The workload as saved."), ...PROBLEMS },
});

const issue = createRoute({
  method: "post",
  path: "/workloads/{id}/credentials",
  request: { params, ...body(issueCredentialSchema) },
  responses: { 201: json(view<IssuedCredentialView>(), "The credential, shown this once."), ...PROBLEMS },
});

const revoke = createRoute({
  method: "post",
  path: "/workloads/{id}/credentials/{credential}/revoke",
  request: { params: params.extend({ credential: idSchema }), ...body(revokeCredentialSchema) },
  responses: { 200: json(view<WorkloadView>(), "The workload without it."), ...PROBLEMS },
});

export const workloadRoutes = apiApp()
  .openapi(list, async (c) => c.json(await listWorkloads(c.get("ctx"), c.req.valid("query")), 200))
  .openapi(create, async (c) => c.json(await createWorkload(c.get("ctx"), c.req.valid("json")), 201))
  .openapi(read, async (c) => c.json(await getWorkload(c.get("ctx"), { slug: c.req.valid("param").id }), 200))
  .openapi(update, async (c) => {
    const slug = c.req.valid("param").id;
    return c.json(await updateWorkload(c.get("ctx"), { ...c.req.valid("json"), slug }), 200);
  })
  .openapi(issue, async (c) => {
    const workload = c.req.valid("param").id;
    return c.json(await issueCredential(c.get("ctx"), { ...c.req.valid("json"), workload }), 201);
  })
  .openapi(revoke, async (c) => {
    const { id: workload, credential: id } = c.req.valid("param");
    return c.json(await revokeCredential(c.get("ctx"), { ...c.req.valid("json"), workload, id }), 200);
  });
