import { createRoute, z } from "@hono/zod-openapi";
import { idSchema, type Page } from "@/lib/schema";
import { createToken } from "@/lib/tokens/create-token";
import { listTokens } from "@/lib/tokens/queries";
import { revokeToken } from "@/lib/tokens/revoke-token";
import { createTokenSchema, listTokensSchema, revokeTokenSchema } from "@/lib/tokens/schema";
import type { CreatedTokenView, TokenView } from "@/lib/tokens/views";
import { apiApp } from "./environment";
import { body, json, PROBLEMS, view } from "./respond";

const params = z.object({ id: idSchema });

const list = createRoute({
  method: "get",
  path: "/tokens",
  summary: "List personal access tokens",
  request: { query: listTokensSchema },
  responses: {
    200: json(view<Page<TokenView>>(), "Tokens, newest first, without their secrets."),
    ...PROBLEMS,
  },
});
const create = createRoute({
  method: "post",
  path: "/tokens",
  summary: "Make a personal access token",
  request: body(createTokenSchema),
  responses: { 201: json(view<CreatedTokenView>(), "The token, told this once."), ...PROBLEMS },
});
const revoke = createRoute({
  method: "post",
  path: "/tokens/{id}/revoke",
  summary: "Revoke a personal access token",
  request: { params, ...body(revokeTokenSchema) },
  responses: { 200: json(view<TokenView>(), "The token, which is over."), ...PROBLEMS },
});

export const tokenRoutes = apiApp()
  .openapi(list, async (c) => c.json(await listTokens(c.get("ctx"), c.req.valid("query")), 200))
  .openapi(create, async (c) => c.json(await createToken(c.get("ctx"), c.req.valid("json")), 201))
  .openapi(revoke, async (c) =>
    c.json(await revokeToken(c.get("ctx"), { ...c.req.valid("json"), ...c.req.valid("param") }), 200),
  );
