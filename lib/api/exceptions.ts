import { createRoute, z } from "@hono/zod-openapi";
import { approveException } from "@/lib/exceptions/approve-exception";
import { getException, listExceptions } from "@/lib/exceptions/queries";
import { rejectException } from "@/lib/exceptions/reject-exception";
import { requestException } from "@/lib/exceptions/request-exception";
import { retireException } from "@/lib/exceptions/retire-exception";
import { reviewException } from "@/lib/exceptions/review-exception";
import { revokeException } from "@/lib/exceptions/revoke-exception";
import {
  approveExceptionSchema,
  endExceptionSchema,
  listExceptionsSchema,
  rejectExceptionSchema,
  requestExceptionSchema,
  reviewExceptionSchema,
  withdrawExceptionSchema,
} from "@/lib/exceptions/schema";
import { submitException } from "@/lib/exceptions/submit-exception";
import type { ExceptionSummary, ExceptionView } from "@/lib/exceptions/views";
import { withdrawException } from "@/lib/exceptions/withdraw-exception";
import { keySchema, type Page } from "@/lib/schema";
import { apiApp } from "./environment";
import { body, json, PROBLEMS, view } from "./respond";

/** An id, or the reference that people see (`EXC-31`). */
const params = z.object({ id: keySchema });
const exception = { 200: json(view<ExceptionView>(), "The exception as it stands."), ...PROBLEMS };

const list = createRoute({
  method: "get",
  path: "/exceptions",
  request: { query: listExceptionsSchema },
  responses: { 200: json(view<Page<ExceptionSummary>>(), "Exceptions, newest first."), ...PROBLEMS },
});
const request = createRoute({
  method: "post",
  path: "/exceptions",
  request: body(requestExceptionSchema),
  responses: { 201: json(view<ExceptionView>(), "The draft, or the submitted request."), ...PROBLEMS },
});
const read = createRoute({
  method: "get",
  path: "/exceptions/{id}",
  request: { params },
  responses: exception,
});
const submit = createRoute({
  method: "post",
  path: "/exceptions/{id}/submit",
  request: { params },
  responses: exception,
});
const approve = createRoute({
  method: "post",
  path: "/exceptions/{id}/approve",
  request: { params, ...body(approveExceptionSchema) },
  responses: exception,
});
const reject = createRoute({
  method: "post",
  path: "/exceptions/{id}/reject",
  request: { params, ...body(rejectExceptionSchema) },
  responses: exception,
});
const withdraw = createRoute({
  method: "post",
  path: "/exceptions/{id}/withdraw",
  request: { params, ...body(withdrawExceptionSchema) },
  responses: exception,
});
const revoke = createRoute({
  method: "post",
  path: "/exceptions/{id}/revoke",
  request: { params, ...body(endExceptionSchema) },
  responses: exception,
});
const retire = createRoute({
  method: "post",
  path: "/exceptions/{id}/retire",
  request: { params, ...body(endExceptionSchema) },
  responses: exception,
});
const review = createRoute({
  method: "post",
  path: "/exceptions/{id}/review",
  request: { params, ...body(reviewExceptionSchema) },
  responses: exception,
});

export const exceptionRoutes = apiApp()
  .openapi(list, async (c) => c.json(await listExceptions(c.get("ctx"), c.req.valid("query")), 200))
  .openapi(request, async (c) => c.json(await requestException(c.get("ctx"), c.req.valid("json")), 201))
  .openapi(read, async (c) => c.json(await getException(c.get("ctx"), c.req.valid("param")), 200))
  .openapi(submit, async (c) => c.json(await submitException(c.get("ctx"), c.req.valid("param")), 200))
  .openapi(approve, async (c) =>
    c.json(await approveException(c.get("ctx"), { ...c.req.valid("json"), ...c.req.valid("param") }), 200),
  )
  .openapi(reject, async (c) =>
    c.json(await rejectException(c.get("ctx"), { ...c.req.valid("json"), ...c.req.valid("param") }), 200),
  )
  .openapi(withdraw, async (c) =>
    c.json(await withdrawException(c.get("ctx"), { ...c.req.valid("json"), ...c.req.valid("param") }), 200),
  )
  .openapi(revoke, async (c) =>
    c.json(await revokeException(c.get("ctx"), { ...c.req.valid("json"), ...c.req.valid("param") }), 200),
  )
  .openapi(retire, async (c) =>
    c.json(await retireException(c.get("ctx"), { ...c.req.valid("json"), ...c.req.valid("param") }), 200),
  )
  .openapi(review, async (c) =>
    c.json(await reviewException(c.get("ctx"), { ...c.req.valid("json"), ...c.req.valid("param") }), 200),
  );
