import { createRoute, z } from "@hono/zod-openapi";
import { decisionPointUrl } from "@/lib/integrations/decision-point-url";
import { makeCanary } from "@/lib/integrations/make-canary";
import { listCanaryDecisions } from "@/lib/integrations/queries";
import { sendCanarySchema } from "@/lib/integrations/schema";
import { sendCanary } from "@/lib/integrations/send-canary";
import type { CanaryDecision, CanaryTrial, CanaryView } from "@/lib/integrations/views";
import { keySchema } from "@/lib/schema";
import { apiApp } from "./environment";
import { body, json, PROBLEMS, view } from "./respond";

/** The slug of the use case. */
const params = z.object({ id: keySchema });

const make = createRoute({
  method: "post",
  path: "/use-cases/{id}/canary",
  request: { params },
  responses: { 201: json(view<CanaryView>(), "A text that is blocked for 15 minutes."), ...PROBLEMS },
});
const list = createRoute({
  method: "get",
  path: "/use-cases/{id}/canary",
  request: { params },
  responses: {
    200: json(view<{ items: CanaryDecision[] }>(), "Decisions of the last 15 minutes that met a canary."),
    ...PROBLEMS,
  },
});
const send = createRoute({
  method: "post",
  path: "/use-cases/{id}/canary/send",
  request: { params, ...body(sendCanarySchema) },
  responses: { 200: json(view<CanaryTrial>(), "What the decision point answered."), ...PROBLEMS },
});

export const integrationRoutes = apiApp()
  .openapi(make, async (c) => c.json(await makeCanary(c.get("ctx"), { slug: c.req.valid("param").id }), 201))
  .openapi(list, async (c) =>
    c.json({ items: await listCanaryDecisions(c.get("ctx"), { slug: c.req.valid("param").id }) }, 200),
  )
  .openapi(send, async (c) => {
    const input = { ...c.req.valid("json"), slug: c.req.valid("param").id };
    return c.json(await sendCanary(c.get("ctx"), input, decisionPointUrl()), 200);
  });
