import { createRoute, z } from "@hono/zod-openapi";
import { getCampaign, listCampaigns } from "@/lib/campaigns/queries";
import { listCampaignsSchema, startCampaignSchema } from "@/lib/campaigns/schema";
import { startCampaign } from "@/lib/campaigns/start-campaign";
import type { CampaignSummary, CampaignView } from "@/lib/campaigns/views";
import { keySchema, type Page } from "@/lib/schema";
import { apiApp } from "./environment";
import { body, json, PROBLEMS, view } from "./respond";

const list = createRoute({
  method: "get",
  path: "/campaigns",
  request: { query: listCampaignsSchema },
  responses: { 200: json(view<Page<CampaignSummary>>(), "Campaigns of reviews, newest first."), ...PROBLEMS },
});
const start = createRoute({
  method: "post",
  path: "/campaigns",
  request: body(startCampaignSchema),
  responses: { 201: json(view<CampaignView>(), "The campaign, its list frozen."), ...PROBLEMS },
});
const read = createRoute({
  method: "get",
  path: "/campaigns/{id}",
  request: { params: z.object({ id: keySchema }) },
  responses: {
    200: json(view<CampaignView>(), "How far it is, and what became of each exception."),
    ...PROBLEMS,
  },
});

export const campaignRoutes = apiApp()
  .openapi(list, async (c) => c.json(await listCampaigns(c.get("ctx"), c.req.valid("query")), 200))
  .openapi(start, async (c) => c.json(await startCampaign(c.get("ctx"), c.req.valid("json")), 201))
  .openapi(read, async (c) => c.json(await getCampaign(c.get("ctx"), c.req.valid("param")), 200));
