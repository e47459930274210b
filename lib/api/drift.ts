import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { closeIncident } from "@/lib/drift/close-incident";
import { exportDrift } from "@/lib/drift/export-drift";
import { markIncident } from "@/lib/drift/mark-incident";
import { getIncident, listDrift, listIncidents } from "@/lib/drift/queries";
import {
  closeIncidentSchema,
  exportDriftSchema,
  listDriftSchema,
  listIncidentsSchema,
  markIncidentSchema,
} from "@/lib/drift/schema";
import type { DriftListView, IncidentView } from "@/lib/drift/views";
import { fieldErrors, SluiceError } from "@/lib/errors";
import { keySchema, type Page } from "@/lib/schema";
import { type ApiEnv, apiApp } from "./environment";
import { body, json, PROBLEMS, view } from "./respond";

/** An id, or the reference that people see (`INC-3`). */
const params = z.object({ id: keySchema });
const incident = { 200: json(view<IncidentView>(), "The incident as it stands."), ...PROBLEMS };

const list = createRoute({
  method: "get",
  path: "/drift",
  description: "With `Accept: text/csv`, or at `/drift.csv`: the whole filter as a file.",
  request: { query: listDriftSchema },
  responses: { 200: json(view<DriftListView>(), "What traffic shows and no policy declares."), ...PROBLEMS },
});
const listed = createRoute({
  method: "get",
  path: "/incidents",
  request: { query: listIncidentsSchema },
  responses: { 200: json(view<Page<IncidentView>>(), "Incidents, newest first."), ...PROBLEMS },
});
const mark = createRoute({
  method: "post",
  path: "/incidents",
  request: body(markIncidentSchema),
  responses: { 201: json(view<IncidentView>(), "The incident."), ...PROBLEMS },
});
const read = createRoute({
  method: "get",
  path: "/incidents/{id}",
  request: { params },
  responses: incident,
});
const close = createRoute({
  method: "post",
  path: "/incidents/{id}/close",
  request: { params, ...body(closeIncidentSchema) },
  responses: incident,
});

async function sendCsv(c: Context<ApiEnv>): Promise<Response> {
  const parsed = exportDriftSchema.safeParse(c.req.query());
  if (!parsed.success) {
    throw new SluiceError("invalid", "Some fields are not valid.", {
      fields: fieldErrors(parsed.error.issues),
    });
  }
  const csv = await exportDrift(c.get("ctx"), parsed.data);
  c.header("content-type", "text/csv; charset=utf-8");
  c.header("content-disposition", 'attachment; filename="drift.csv"');
  return c.body(csv);
}

/** The queue as a file. Mounted first, because it shares its path with the list. */
export const driftFiles = apiApp()
  .get("/drift.csv", sendCsv)
  .get("/drift", (c, next) => (c.req.header("accept")?.startsWith("text/csv") ? sendCsv(c) : next()));

export const driftRoutes = apiApp()
  .openapi(list, async (c) => c.json(await listDrift(c.get("ctx"), c.req.valid("query")), 200))
  .openapi(listed, async (c) => c.json(await listIncidents(c.get("ctx"), c.req.valid("query")), 200))
  .openapi(mark, async (c) => c.json(await markIncident(c.get("ctx"), c.req.valid("json")), 201))
  .openapi(read, async (c) => c.json(await getIncident(c.get("ctx"), c.req.valid("param")), 200))
  .openapi(close, async (c) =>
    c.json(await closeIncident(c.get("ctx"), { ...c.req.valid("json"), ...c.req.valid("param") }), 200),
  );
