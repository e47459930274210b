import { createRoute, z } from "@hono/zod-openapi";
import { idSchema, type Page } from "@/lib/schema";
import { addIssuer } from "@/lib/workloads/add-issuer";
import { checkIssuer } from "@/lib/workloads/check-issuer";
import { listIssuers } from "@/lib/workloads/issuer-queries";
import { retireIssuer } from "@/lib/workloads/retire-issuer";
import { addIssuerSchema, endIdentitySchema, listIssuersSchema } from "@/lib/workloads/schema";
import type { IssuerCheckView, IssuerView } from "@/lib/workloads/views";
import { apiApp } from "./environment";
import { body, json, PROBLEMS, view } from "./respond";

const params = z.object({ id: idSchema });

const list = createRoute({
  method: "get",
  path: "/issuers",
  request: { query: listIssuersSchema },
  responses: { 200: json(view<Page<IssuerView>>(), "Who vouches for workloads."), ...PROBLEMS },
});

const add = createRoute({
  method: "post",
  path: "/issuers",
  request: body(addIssuerSchema),
  responses: { 201: json(view<IssuerView>(), "The issuer."), ...PROBLEMS },
});

const retire = createRoute({
  method: "post",
  path: "/issuers/{id}/retire",
  request: { params, ...body(endIdentitySchema) },
  responses: { 200: json(view<IssuerView>(), "The issuer, retired; its bindings are gone."), ...PROBLEMS },
});

const check = createRoute({
  method: "post",
  path: "/issuers/{id}/check",
  request: { params },
  responses: {
    200: json(view<IssuerCheckView>(), "What was found at its address, or why not."),
    ...PROBLEMS,
  },
});

export const issuerRoutes = apiApp()
  .openapi(list, async (c) => c.json(await listIssuers(c.get("ctx"), c.req.valid("query")), 200))
  .openapi(add, async (c) => c.json(await addIssuer(c.get("ctx"), c.req.valid("json")), 201))
  .openapi(retire, async (c) => {
    const { id } = c.req.valid("param");
    return c.json(await retireIssuer(c.get("ctx"), { ...c.req.valid("json"), id }), 200);
  })
  .openapi(check, async (c) => c.json(await checkIssuer(c.get("ctx"), c.req.valid("param")), 200));
