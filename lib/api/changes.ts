import { createRoute, z } from "@hono/zod-openapi";
import { applyChange } from "@/lib/changes/apply-change";
import { approveChange } from "@/lib/changes/approve-change";
import { commentChange } from "@/lib/changes/comment-change";
import { draftChange } from "@/lib/changes/draft-change";
import { editChange } from "@/lib/changes/edit-change";
import { getChange, listChanges } from "@/lib/changes/queries";
import { rejectChange } from "@/lib/changes/reject-change";
import {
  approveChangeSchema,
  commentChangeSchema,
  draftChangeSchema,
  editChangeSchema,
  listChangesSchema,
  rejectChangeSchema,
  withdrawChangeSchema,
} from "@/lib/changes/schema";
import { submitChange } from "@/lib/changes/submit-change";
import type { ChangeSummary, ChangeView } from "@/lib/changes/views";
import { withdrawChange } from "@/lib/changes/withdraw-change";
import { keySchema, type Page } from "@/lib/schema";
import { apiApp } from "./environment";
import { body, json, PROBLEMS, view } from "./respond";

/** An id, or the reference that people see (`CHG-204`). */
const params = z.object({ id: keySchema });
const change = { 200: json(view<ChangeView>(), "The change as it stands."), ...PROBLEMS };

const list = createRoute({
  method: "get",
  path: "/changes",
  request: { query: listChangesSchema },
  responses: { 200: json(view<Page<ChangeSummary>>(), "Change requests, newest first."), ...PROBLEMS },
});
const draft = createRoute({
  method: "post",
  path: "/changes",
  request: body(draftChangeSchema),
  responses: { 201: json(view<ChangeView>(), "The draft."), ...PROBLEMS },
});
const read = createRoute({ method: "get", path: "/changes/{id}", request: { params }, responses: change });
const edit = createRoute({
  method: "put",
  path: "/changes/{id}",
  request: { params, ...body(editChangeSchema) },
  responses: change,
});
const submit = createRoute({
  method: "post",
  path: "/changes/{id}/submit",
  request: { params },
  responses: change,
});
const approve = createRoute({
  method: "post",
  path: "/changes/{id}/approve",
  request: { params, ...body(approveChangeSchema) },
  responses: change,
});
const reject = createRoute({
  method: "post",
  path: "/changes/{id}/reject",
  request: { params, ...body(rejectChangeSchema) },
  responses: change,
});
const withdraw = createRoute({
  method: "post",
  path: "/changes/{id}/withdraw",
  request: { params, ...body(withdrawChangeSchema) },
  responses: change,
});
const apply = createRoute({
  method: "post",
  path: "/changes/{id}/apply",
  request: { params },
  responses: change,
});
const comment = createRoute({
  method: "post",
  path: "/changes/{id}/comments",
  request: { params, ...body(commentChangeSchema) },
  responses: change,
});

export const changeRoutes = apiApp()
  .openapi(list, async (c) => c.json(await listChanges(c.get("ctx"), c.req.valid("query")), 200))
  .openapi(draft, async (c) => c.json(await draftChange(c.get("ctx"), c.req.valid("json")), 201))
  .openapi(read, async (c) => c.json(await getChange(c.get("ctx"), c.req.valid("param")), 200))
  .openapi(edit, async (c) =>
    c.json(await editChange(c.get("ctx"), { ...c.req.valid("json"), ...c.req.valid("param") }), 200),
  )
  .openapi(submit, async (c) => c.json(await submitChange(c.get("ctx"), c.req.valid("param")), 200))
  .openapi(approve, async (c) =>
    c.json(await approveChange(c.get("ctx"), { ...c.req.valid("json"), ...c.req.valid("param") }), 200),
  )
  .openapi(reject, async (c) =>
    c.json(await rejectChange(c.get("ctx"), { ...c.req.valid("json"), ...c.req.valid("param") }), 200),
  )
  .openapi(withdraw, async (c) =>
    c.json(await withdrawChange(c.get("ctx"), { ...c.req.valid("json"), ...c.req.valid("param") }), 200),
  )
  .openapi(apply, async (c) => c.json(await applyChange(c.get("ctx"), c.req.valid("param")), 200))
  .openapi(comment, async (c) =>
    c.json(await commentChange(c.get("ctx"), { ...c.req.valid("json"), ...c.req.valid("param") }), 200),
  );
