import { z } from "zod";
import { SluiceError } from "@/lib/errors";
import { type Door, type DoorApp, json } from "../door";

/** Longest wait (seconds) in one call: below what proxies allow an idle connection. */
const MAX_WAIT = 60;

const waitSchema = z
  .string()
  .regex(/^\d{1,2}$/)
  .transform(Number)
  .refine((seconds) => seconds <= MAX_WAIT);

/** `GET /v1/approvals/{id}?wait=30`: how a held request of the caller stands, waiting for a person if asked to. */
export function approvals(app: DoorApp, door: Door): void {
  app.get("/v1/approvals/:id", async (c) => {
    const { caller } = await door.enter(c);
    const waitMs = waitOf(c.req.query("wait")) * 1000;
    const answer = await door.approvals.ask(c.req.param("id"), caller.workload, waitMs, c.req.raw.signal);
    return json(answer, 200, { "Cache-Control": "no-store" });
  });
  app.all("/v1/approvals/:id", () => new Response(null, { status: 405, headers: { Allow: "GET" } }));
}

function waitOf(query: string | undefined): number {
  if (query === undefined) return 0;
  const wait = waitSchema.safeParse(query);
  if (wait.success) return wait.data;
  throw new SluiceError("invalid", "The wait cannot be taken.", {
    fields: [{ path: "wait", message: `must be a whole number of seconds from 0 to ${MAX_WAIT}` }],
  });
}
