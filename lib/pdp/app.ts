import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { SluiceError } from "@/lib/errors";
import type { Answer } from "./answer";
import { authenticate } from "./authenticate";
import type { Metrics } from "./metrics";
import { type Problem, problemResponse, toProblem } from "./problem";
import { readJson } from "./read-body";
import { parseItems } from "./request";
import { type Ask, type DecisionService, idempotencyKey } from "./service";
import type { Snapshot } from "./snapshot";
import { Traffic } from "./traffic";

export interface AppOptions {
  service: DecisionService;
  /** Requests that one credential may make in a sliding minute; an item of a batch is part of its request. */
  perMinute: number;
  metrics: Metrics;
  snapshot: () => Snapshot;
  now: () => Date;
  /** What keeps it from being ready, or null. */
  unready: () => Promise<string | null>;
}

type C = Context<{ Bindings: HttpBindings }>;
type Door = (ask: Ask) => Promise<Answer>;

const JSON_HEADERS = { "Content-Type": "application/json" };

function json(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), { status, headers: JSON_HEADERS });
}

/** The routes of the decision point. Every error leaves as `application/problem+json`. */
export function createApp({ service, metrics, snapshot, now, unready, perMinute }: AppOptions) {
  const app = new Hono<{ Bindings: HttpBindings }>();
  const rates = new Traffic();

  function failed(error: unknown): Response {
    metrics.refused(error instanceof SluiceError ? error.code : "internal");
    return problemResponse(error);
  }

  /** Who asks is known before anything of what they sent is read. */
  async function receive(c: C): Promise<Ask> {
    const at = now();
    const { incoming } = c.env;
    const caller = authenticate(snapshot(), incoming.headers.authorization, at);
    assertRate(rates.requests(caller.credential.prefix, at.getTime(), true), perMinute);
    const key = idempotencyKey(incoming.headers["idempotency-key"]?.toString());
    const body = await readJson(incoming);
    return { caller, key, body, now: at, receivedAt: performance.now() };
  }

  async function each(ask: Ask, items: unknown[], door: Door): Promise<(Answer | Problem)[]> {
    const one = async (body: unknown, at: number): Promise<Answer | Problem> => {
      try {
        return await door({
          ...ask,
          body,
          key: ask.key && `${ask.key}#${at}`,
          receivedAt: performance.now(),
        });
      } catch (error) {
        metrics.refused(error instanceof SluiceError ? error.code : "internal");
        return toProblem(error);
      }
    };
    return Promise.all(items.map(one));
  }

  app.post("/v1/decisions", async (c) => {
    try {
      return json(await service.decide(await receive(c)));
    } catch (error) {
      return failed(error);
    }
  });
  app.post("/v1/decisions/batch", async (c) => {
    const ask = await receive(c);
    return json({ results: await each(ask, parseItems(ask.body, "decisions"), service.decide) });
  });
  app.post("/v1/observations", async (c) => {
    const ask = await receive(c);
    const isList = typeof ask.body === "object" && ask.body !== null && "observations" in ask.body;
    if (!isList) return json(await service.observe(ask));
    return json({ results: await each(ask, parseItems(ask.body, "observations"), service.observe) });
  });
  for (const path of ["/v1/decisions", "/v1/decisions/batch", "/v1/observations"]) {
    app.all(path, () => new Response(null, { status: 405, headers: { Allow: "POST" } }));
  }

  app.get("/healthz", () => json({ status: "ok" }));
  app.get("/readyz", async () => {
    const reason = await unready();
    return reason === null ? json({ status: "ready" }) : json({ status: "unready", reason }, 503);
  });
  app.get("/metrics", async () => {
    const { registry } = metrics;
    return new Response(await registry.metrics(), { headers: { "Content-Type": registry.contentType } });
  });
  app.notFound(() => failed(new SluiceError("not_found", "There is nothing here.")));
  app.onError((error) => failed(error));
  return app;
}

function assertRate(requests: number, perMinute: number): void {
  if (requests <= perMinute) return;
  throw new SluiceError("rate_limited", `This credential may make ${perMinute} requests in a minute.`, {
    retryAfterSeconds: 1,
  });
}
