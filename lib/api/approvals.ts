import { createRoute, z } from "@hono/zod-openapi";
import { denyApproval } from "@/lib/approvals/deny-approval";
import { grantApproval } from "@/lib/approvals/grant-approval";
import { countWaiting, getApproval, listApprovals } from "@/lib/approvals/queries";
import { decideApprovalSchema, listApprovalsSchema } from "@/lib/approvals/schema";
import type { ApprovalSummary, ApprovalView } from "@/lib/approvals/views";
import { keySchema, type Page } from "@/lib/schema";
import { apiApp } from "./environment";
import { body, json, PROBLEMS, view } from "./respond";

/** An id, or the reference that people see (`APR-31`). */
const params = z.object({ id: keySchema });
const approval = { 200: json(view<ApprovalView>(), "The held request as it stands."), ...PROBLEMS };

const list = createRoute({
  method: "get",
  path: "/approvals",
  request: { query: listApprovalsSchema },
  responses: { 200: json(view<Page<ApprovalSummary>>(), "Held requests, newest first."), ...PROBLEMS },
});
const waiting = createRoute({
  method: "get",
  path: "/approvals/waiting",
  responses: { 200: json(view<{ waiting: number }>(), "How many wait for a word of yours."), ...PROBLEMS },
});
const read = createRoute({
  method: "get",
  path: "/approvals/{id}",
  request: { params },
  responses: approval,
});
const grant = createRoute({
  method: "post",
  path: "/approvals/{id}/grant",
  request: { params, ...body(decideApprovalSchema) },
  responses: approval,
});
const deny = createRoute({
  method: "post",
  path: "/approvals/{id}/deny",
  request: { params, ...body(decideApprovalSchema) },
  responses: approval,
});

export const approvalRoutes = apiApp()
  .openapi(list, async (c) => c.json(await listApprovals(c.get("ctx"), c.req.valid("query")), 200))
  .openapi(waiting, async (c) => c.json(await countWaiting(c.get("ctx")), 200))
  .openapi(read, async (c) => c.json(await getApproval(c.get("ctx"), c.req.valid("param")), 200))
  .openapi(grant, async (c) =>
    c.json(await grantApproval(c.get("ctx"), { ...c.req.valid("json"), ...c.req.valid("param") }), 200),
  )
  .openapi(deny, async (c) =>
    c.json(await denyApproval(c.get("ctx"), { ...c.req.valid("json"), ...c.req.valid("param") }), 200),
  );
