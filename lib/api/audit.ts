import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { exportEntries } from "@/lib/audit/export-entries";
import { getEntry, listCheckpoints, listEntries } from "@/lib/audit/queries";
import { entryFilterSchema, listCheckpointsSchema, listEntriesSchema } from "@/lib/audit/schema";
import type { AuditEntryView, CheckpointView, ProvenEntryView } from "@/lib/audit/views";
import { fieldErrors, SluiceError } from "@/lib/errors";
import type { Page } from "@/lib/schema";
import { type ApiEnv, apiApp } from "./environment";
import { json, PROBLEMS, view } from "./respond";
import { streamOf } from "./stream";

const list = createRoute({
  method: "get",
  path: "/audit/entries",
  description: "With `Accept: text/csv`, or at `/audit/entries.csv`: the whole filter as a file.",
  request: { query: listEntriesSchema },
  responses: { 200: json(view<Page<AuditEntryView>>(), "Audit entries, newest first."), ...PROBLEMS },
});
const read = createRoute({
  method: "get",
  path: "/audit/entries/{number}",
  request: { params: z.object({ number: z.coerce.number().int().min(1) }) },
  responses: {
    200: json(view<ProvenEntryView>(), "One entry with its inclusion proof against the newest checkpoint."),
    ...PROBLEMS,
  },
});
const checkpoints = createRoute({
  method: "get",
  path: "/audit/checkpoints",
  request: { query: listCheckpointsSchema },
  responses: {
    200: json(view<Page<CheckpointView>>(), "Signed heads of the log, newest first."),
    ...PROBLEMS,
  },
});

async function sendCsv(c: Context<ApiEnv>): Promise<Response> {
  const parsed = entryFilterSchema.safeParse(c.req.query());
  if (!parsed.success) {
    throw new SluiceError("invalid", "Some fields are not valid.", {
      fields: fieldErrors(parsed.error.issues),
    });
  }
  const pieces = await exportEntries(c.get("ctx"), parsed.data);
  c.header("content-type", "text/csv; charset=utf-8");
  c.header("content-disposition", 'attachment; filename="audit.csv"');
  return c.body(streamOf(pieces));
}

/** The list of entries as a file. Mounted first, because it shares its path with the list. */
export const auditFiles = apiApp()
  .get("/audit/entries.csv", sendCsv)
  .get("/audit/entries", (c, next) => (c.req.header("accept")?.startsWith("text/csv") ? sendCsv(c) : next()));

export const auditRoutes = apiApp()
  .openapi(list, async (c) => c.json(await listEntries(c.get("ctx"), c.req.valid("query")), 200))
  .openapi(read, async (c) => c.json(await getEntry(c.get("ctx"), c.req.valid("param")), 200))
  .openapi(checkpoints, async (c) => c.json(await listCheckpoints(c.get("ctx"), c.req.valid("query")), 200));
