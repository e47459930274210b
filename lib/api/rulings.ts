import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { fieldErrors, SluiceError } from "@/lib/errors";
import { answerAppeal } from "@/lib/rulings/answer-appeal";
import { exportAppeals, exportRulings } from "@/lib/rulings/export-lists";
import { getDecisionRulings } from "@/lib/rulings/get-decision-rulings";
import { getRulingQueue } from "@/lib/rulings/get-queue";
import { keepCase } from "@/lib/rulings/keep-case";
import { openAppeal } from "@/lib/rulings/open-appeal";
import { getAppeal, getCase, listAppeals, listCases, listRulings } from "@/lib/rulings/queries";
import { retireCase } from "@/lib/rulings/retire-case";
import { ruleFinding } from "@/lib/rulings/rule-finding";
import {
  answerAppealSchema,
  exportAppealsSchema,
  exportRulingsSchema,
  keepCaseSchema,
  listAppealsSchema,
  listCasesSchema,
  listRulingsSchema,
  openAppealSchema,
  queueSchema,
  retireCaseSchema,
  ruleFindingSchema,
} from "@/lib/rulings/schema";
import type { AppealView, CaseView, FindingRulings, RulingQueueView, RulingView } from "@/lib/rulings/views";
import { withdrawAppeal } from "@/lib/rulings/withdraw-appeal";
import { keySchema, type Page } from "@/lib/schema";
import { getDecision } from "@/lib/telemetry/get-decision";
import { type ApiEnv, apiApp } from "./environment";
import { body, json, PROBLEMS, view } from "./respond";
import { streamOf } from "./stream";

/** An id, or the reference that people see (`APL-12`, `CASE-7`). */
const params = z.object({ id: keySchema });
const appeal = { 200: json(view<AppealView>(), "The appeal as it stands."), ...PROBLEMS };
const kept = { 200: json(view<CaseView>(), "The case as it stands."), ...PROBLEMS };

const queue = createRoute({
  method: "get",
  path: "/telemetry/rulings/queue",
  request: { query: queueSchema },
  responses: { 200: json(view<RulingQueueView>(), "The random sample that awaits rulings."), ...PROBLEMS },
});
const ofDecision = createRoute({
  method: "get",
  path: "/telemetry/decisions/{id}/rulings",
  request: { params },
  responses: { 200: json(view<FindingRulings[]>(), "What people said of its findings."), ...PROBLEMS },
});
const rulings = createRoute({
  method: "get",
  path: "/telemetry/rulings",
  description: "With `Accept: text/csv`, or at `/telemetry/rulings.csv`: the whole filter as a file.",
  request: { query: listRulingsSchema },
  responses: { 200: json(view<Page<RulingView>>(), "Rulings, newest first."), ...PROBLEMS },
});
const rule = createRoute({
  method: "post",
  path: "/telemetry/rulings",
  request: body(ruleFindingSchema),
  responses: { 201: json(view<RulingView>(), "The ruling."), ...PROBLEMS },
});
const appeals = createRoute({
  method: "get",
  path: "/telemetry/appeals",
  description: "With `Accept: text/csv`, or at `/telemetry/appeals.csv`: the whole filter as a file.",
  request: { query: listAppealsSchema },
  responses: { 200: json(view<Page<AppealView>>(), "Appeals, newest first."), ...PROBLEMS },
});
const open = createRoute({
  method: "post",
  path: "/telemetry/appeals",
  request: body(openAppealSchema),
  responses: { 201: json(view<AppealView>(), "The appeal."), ...PROBLEMS },
});
const readAppeal = createRoute({
  method: "get",
  path: "/telemetry/appeals/{id}",
  request: { params },
  responses: appeal,
});
const uphold = createRoute({
  method: "post",
  path: "/telemetry/appeals/{id}/uphold",
  request: { params, ...body(answerAppealSchema) },
  responses: appeal,
});
const overturn = createRoute({
  method: "post",
  path: "/telemetry/appeals/{id}/overturn",
  request: { params, ...body(answerAppealSchema) },
  responses: appeal,
});
const withdraw = createRoute({
  method: "post",
  path: "/telemetry/appeals/{id}/withdraw",
  request: { params },
  responses: appeal,
});
const cases = createRoute({
  method: "get",
  path: "/telemetry/cases",
  request: { query: listCasesSchema },
  responses: { 200: json(view<Page<CaseView>>(), "Kept cases, newest first."), ...PROBLEMS },
});
const keep = createRoute({
  method: "post",
  path: "/telemetry/cases",
  request: body(keepCaseSchema),
  responses: { 201: json(view<CaseView>(), "The case."), ...PROBLEMS },
});
const readCase = createRoute({
  method: "get",
  path: "/telemetry/cases/{id}",
  request: { params },
  responses: kept,
});
const retire = createRoute({
  method: "post",
  path: "/telemetry/cases/{id}/retire",
  request: { params, ...body(retireCaseSchema) },
  responses: kept,
});

const isAskedAsCsv = (c: Context<ApiEnv>) => c.req.header("accept")?.startsWith("text/csv") ?? false;

async function sendCsv(c: Context<ApiEnv>, name: string, pieces: AsyncGenerator<string>): Promise<Response> {
  c.header("content-type", "text/csv; charset=utf-8");
  c.header("content-disposition", `attachment; filename="${name}.csv"`);
  return c.body(streamOf(pieces));
}

async function sendRulings(c: Context<ApiEnv>): Promise<Response> {
  return sendCsv(c, "rulings", await exportRulings(c.get("ctx"), parsed(c, exportRulingsSchema)));
}

async function sendAppeals(c: Context<ApiEnv>): Promise<Response> {
  return sendCsv(c, "appeals", await exportAppeals(c.get("ctx"), parsed(c, exportAppealsSchema)));
}

function parsed<T>(c: Context<ApiEnv>, schema: z.ZodType<T>): T {
  const asked = schema.safeParse(c.req.query());
  if (asked.success) return asked.data;
  throw new SluiceError("invalid", "Some fields are not valid.", { fields: fieldErrors(asked.error.issues) });
}

/** The lists as files. Mounted first, because they share their paths with the lists. */
export const rulingFiles = apiApp()
  .get("/telemetry/rulings.csv", sendRulings)
  .get("/telemetry/rulings", (c, next) => (isAskedAsCsv(c) ? sendRulings(c) : next()))
  .get("/telemetry/appeals.csv", sendAppeals)
  .get("/telemetry/appeals", (c, next) => (isAskedAsCsv(c) ? sendAppeals(c) : next()));

export const rulingRoutes = apiApp()
  .openapi(queue, async (c) => c.json(await getRulingQueue(c.get("ctx"), c.req.valid("query")), 200))
  .openapi(ofDecision, async (c) => {
    const decision = await getDecision(c.get("ctx"), c.req.valid("param"));
    return c.json(await getDecisionRulings(c.get("ctx"), decision), 200);
  })
  .openapi(rulings, async (c) => c.json(await listRulings(c.get("ctx"), c.req.valid("query")), 200))
  .openapi(rule, async (c) => c.json(await ruleFinding(c.get("ctx"), c.req.valid("json")), 201))
  .openapi(appeals, async (c) => c.json(await listAppeals(c.get("ctx"), c.req.valid("query")), 200))
  .openapi(open, async (c) => c.json(await openAppeal(c.get("ctx"), c.req.valid("json")), 201))
  .openapi(readAppeal, async (c) => c.json(await getAppeal(c.get("ctx"), c.req.valid("param")), 200))
  .openapi(uphold, async (c) => {
    const answered = { ...c.req.valid("json"), ...c.req.valid("param"), action: "uphold" as const };
    return c.json(await answerAppeal(c.get("ctx"), answered), 200);
  })
  .openapi(overturn, async (c) => {
    const answered = { ...c.req.valid("json"), ...c.req.valid("param"), action: "overturn" as const };
    return c.json(await answerAppeal(c.get("ctx"), answered), 200);
  })
  .openapi(withdraw, async (c) => c.json(await withdrawAppeal(c.get("ctx"), c.req.valid("param")), 200))
  .openapi(cases, async (c) => c.json(await listCases(c.get("ctx"), c.req.valid("query")), 200))
  .openapi(keep, async (c) => c.json(await keepCase(c.get("ctx"), c.req.valid("json")), 201))
  .openapi(readCase, async (c) => c.json(await getCase(c.get("ctx"), c.req.valid("param")), 200))
  .openapi(retire, async (c) =>
    c.json(await retireCase(c.get("ctx"), { ...c.req.valid("json"), ...c.req.valid("param") }), 200),
  );
