import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { fieldErrors, SluiceError } from "@/lib/errors";
import { approveException } from "@/lib/exceptions/approve-exception";
import { exportExceptions } from "@/lib/exceptions/export-exceptions";
import { getCalendar } from "@/lib/exceptions/get-calendar";
import { getSprawl } from "@/lib/exceptions/get-sprawl";
import { getUsage } from "@/lib/exceptions/get-usage";
import { getPreview, previewException } from "@/lib/exceptions/measure-spared";
import { getException, listExceptions } from "@/lib/exceptions/queries";
import { reassignException } from "@/lib/exceptions/reassign-exception";
import { rejectException } from "@/lib/exceptions/reject-exception";
import { renewException } from "@/lib/exceptions/renew-exception";
import { requestException } from "@/lib/exceptions/request-exception";
import { retireException } from "@/lib/exceptions/retire-exception";
import { reviewException } from "@/lib/exceptions/review-exception";
import { reviewMany } from "@/lib/exceptions/review-many";
import { revokeException } from "@/lib/exceptions/revoke-exception";
import {
  approveExceptionSchema,
  calendarSchema,
  endExceptionSchema,
  exceptionFilterSchema,
  listExceptionsSchema,
  previewExceptionSchema,
  reassignExceptionSchema,
  rejectExceptionSchema,
  renewExceptionSchema,
  requestExceptionSchema,
  reviewExceptionSchema,
  reviewManySchema,
  shortenExceptionSchema,
  sprawlSchema,
  withdrawExceptionSchema,
} from "@/lib/exceptions/schema";
import { shortenException } from "@/lib/exceptions/shorten-exception";
import { submitException } from "@/lib/exceptions/submit-exception";
import type {
  CalendarEvent,
  ExceptionSummary,
  ExceptionView,
  ReviewedView,
  SparedView,
  SprawlView,
  UsageView,
} from "@/lib/exceptions/views";
import { withdrawException } from "@/lib/exceptions/withdraw-exception";
import { keySchema, type Page } from "@/lib/schema";
import { type ApiEnv, apiApp } from "./environment";
import { body, json, PROBLEMS, view } from "./respond";
import { streamOf } from "./stream";

/** An id, or the reference that people see (`EXC-31`). */
const params = z.object({ id: keySchema });
const exception = { 200: json(view<ExceptionView>(), "The exception as it stands."), ...PROBLEMS };

const list = createRoute({
  method: "get",
  path: "/exceptions",
  description: "With `Accept: text/csv`, or at `/exceptions.csv`: the whole filter as a file.",
  request: { query: listExceptionsSchema },
  responses: {
    200: json(view<Page<ExceptionSummary>>(), "Exceptions, newest first unless sorted otherwise."),
    ...PROBLEMS,
  },
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
const shorten = createRoute({
  method: "post",
  path: "/exceptions/{id}/shorten",
  request: { params, ...body(shortenExceptionSchema) },
  responses: exception,
});

const renew = createRoute({
  method: "post",
  path: "/exceptions/{id}/renew",
  request: { params, ...body(renewExceptionSchema) },
  responses: {
    201: json(view<ExceptionView>(), "The new exception, which points back to this one."),
    ...PROBLEMS,
  },
});
const reassign = createRoute({
  method: "post",
  path: "/exceptions/{id}/reassign",
  request: { params, ...body(reassignExceptionSchema) },
  responses: exception,
});
const preview = createRoute({
  method: "post",
  path: "/exceptions/preview",
  description: "Measures, and keeps nothing.",
  request: body(previewExceptionSchema),
  responses: {
    200: json(view<SparedView>(), "What it would spare of the last 30 days, as things stand now."),
    ...PROBLEMS,
  },
});
const previewStored = createRoute({
  method: "get",
  path: "/exceptions/{id}/preview",
  request: { params },
  responses: {
    200: json(view<SparedView>(), "What it would spare of the last 30 days, as things stand now."),
    ...PROBLEMS,
  },
});
const usage = createRoute({
  method: "get",
  path: "/exceptions/{id}/usage",
  request: { params },
  responses: {
    200: json(
      view<UsageView>(),
      "How often it spared on each of the last 30 days, and what if it lapsed now.",
    ),
    ...PROBLEMS,
  },
});
const calendar = createRoute({
  method: "get",
  path: "/exceptions/calendar",
  request: { query: calendarSchema },
  responses: { 200: json(view<CalendarEvent[]>(), "What begins, is due and ends."), ...PROBLEMS },
});
const sprawl = createRoute({
  method: "get",
  path: "/exceptions/sprawl",
  request: { query: sprawlSchema },
  responses: { 200: json(view<SprawlView>(), "Exceptions in force over time."), ...PROBLEMS },
});
const reviewSeveral = createRoute({
  method: "post",
  path: "/exceptions/review-many",
  description: "The same review, shortening or revocation of several; each is refused or done for itself.",
  request: body(reviewManySchema),
  responses: { 200: json(view<ReviewedView[]>(), "What became of each."), ...PROBLEMS },
});

async function sendCsv(c: Context<ApiEnv>): Promise<Response> {
  const { cursor: _, limit: __, ...query } = c.req.query();
  const parsed = exceptionFilterSchema.safeParse(query);
  if (!parsed.success) {
    throw new SluiceError("invalid", "Some fields are not valid.", {
      fields: fieldErrors(parsed.error.issues),
    });
  }
  const pieces = await exportExceptions(c.get("ctx"), parsed.data);
  c.header("content-type", "text/csv; charset=utf-8");
  c.header("content-disposition", 'attachment; filename="exceptions.csv"');
  return c.body(streamOf(pieces));
}

/** The register as a file. Mounted first, because it shares its path with the list. */
export const exceptionFiles = apiApp()
  .get("/exceptions.csv", sendCsv)
  .get("/exceptions", (c, next) => (c.req.header("accept")?.startsWith("text/csv") ? sendCsv(c) : next()));

export const exceptionRoutes = apiApp()
  .openapi(calendar, async (c) => c.json(await getCalendar(c.get("ctx"), c.req.valid("query")), 200))
  .openapi(sprawl, async (c) => c.json(await getSprawl(c.get("ctx"), c.req.valid("query")), 200))
  .openapi(preview, async (c) => c.json(await previewException(c.get("ctx"), c.req.valid("json")), 200))
  .openapi(reviewSeveral, async (c) => c.json(await reviewMany(c.get("ctx"), c.req.valid("json")), 200))
  .openapi(previewStored, async (c) => c.json(await getPreview(c.get("ctx"), c.req.valid("param")), 200))
  .openapi(usage, async (c) => c.json(await getUsage(c.get("ctx"), c.req.valid("param")), 200))
  .openapi(renew, async (c) =>
    c.json(await renewException(c.get("ctx"), { ...c.req.valid("json"), ...c.req.valid("param") }), 201),
  )
  .openapi(reassign, async (c) =>
    c.json(await reassignException(c.get("ctx"), { ...c.req.valid("json"), ...c.req.valid("param") }), 200),
  )
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
  .openapi(shorten, async (c) =>
    c.json(await shortenException(c.get("ctx"), { ...c.req.valid("json"), ...c.req.valid("param") }), 200),
  )
  .openapi(review, async (c) =>
    c.json(await reviewException(c.get("ctx"), { ...c.req.valid("json"), ...c.req.valid("param") }), 200),
  );
