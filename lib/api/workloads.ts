import { createRoute, z } from "@hono/zod-openapi";
import { idSchema, keySchema, type Page } from "@/lib/schema";
import { addFederation } from "@/lib/workloads/add-federation";
import { createWorkload } from "@/lib/workloads/create-workload";
import { issueCredential } from "@/lib/workloads/issue-credential";
import { getWorkload, listWorkloads } from "@/lib/workloads/queries";
import { removeFederation } from "@/lib/workloads/remove-federation";
import { retireWorkload } from "@/lib/workloads/retire-workload";
import { revokeCredential } from "@/lib/workloads/revoke-credential";
import { revokeTasks } from "@/lib/workloads/revoke-tasks";
import { rotateCredential } from "@/lib/workloads/rotate-credential";
import {
  addFederationSchema,
  createWorkloadSchema,
  endIdentitySchema,
  issueCredentialSchema,
  listWorkloadsSchema,
  revokeCredentialSchema,
  rotateCredentialSchema,
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

const rotate = createRoute({
  method: "post",
  path: "/workloads/{id}/credentials/{credential}/rotate",
  request: { params: params.extend({ credential: idSchema }), ...body(rotateCredentialSchema) },
  responses: { 201: json(view<IssuedCredentialView>(), "The new credential, shown this once."), ...PROBLEMS },
});

const federate = createRoute({
  method: "post",
  path: "/workloads/{id}/federations",
  request: { params, ...body(addFederationSchema) },
  responses: { 201: json(view<WorkloadView>(), "The workload with the binding."), ...PROBLEMS },
});

const unfederate = createRoute({
  method: "post",
  path: "/workloads/{id}/federations/{federation}/remove",
  request: { params: params.extend({ federation: idSchema }), ...body(endIdentitySchema) },
  responses: { 200: json(view<WorkloadView>(), "The workload without it."), ...PROBLEMS },
});

const endTasks = createRoute({
  method: "post",
  path: "/workloads/{id}/revoke-tasks",
  request: { params, ...body(endIdentitySchema) },
  responses: { 200: json(view<WorkloadView>(), "The workload, its task credentials dead."), ...PROBLEMS },
});

const retire = createRoute({
  method: "post",
  path: "/workloads/{id}/retire",
  request: { params, ...body(endIdentitySchema) },
  responses: { 200: json(view<WorkloadView>(), "The workload, retired."), ...PROBLEMS },
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
  })
  .openapi(rotate, async (c) => {
    const { id: workload, credential: id } = c.req.valid("param");
    return c.json(await rotateCredential(c.get("ctx"), { ...c.req.valid("json"), workload, id }), 201);
  })
  .openapi(federate, async (c) => {
    const workload = c.req.valid("param").id;
    return c.json(await addFederation(c.get("ctx"), { ...c.req.valid("json"), workload }), 201);
  })
  .openapi(unfederate, async (c) => {
    const { id: workload, federation: id } = c.req.valid("param");
    return c.json(await removeFederation(c.get("ctx"), { ...c.req.valid("json"), workload, id }), 200);
  })
  .openapi(endTasks, async (c) => {
    const workload = c.req.valid("param").id;
    return c.json(await revokeTasks(c.get("ctx"), { ...c.req.valid("json"), workload }), 200);
  })
  .openapi(retire, async (c) => {
    const workload = c.req.valid("param").id;
    return c.json(await retireWorkload(c.get("ctx"), { ...c.req.valid("json"), workload }), 200);
  });
