import { createRoute } from "@hono/zod-openapi";
import { requirePerson } from "@/lib/access/context";
import type { Role } from "@/lib/access/permissions";
import { apiApp } from "./environment";
import { json, PROBLEMS, view } from "./respond";

export interface MeView {
  id: string;
  name: string;
  email: string;
  roles: readonly Role[];
}

const readMe = createRoute({
  method: "get",
  path: "/me",
  responses: { 200: json(view<MeView>(), "The person who is signed in."), ...PROBLEMS },
});

export const meRoutes = apiApp().openapi(readMe, (c) => {
  const { id, name, email, roles } = requirePerson(c.get("ctx"));
  return c.json({ id, name, email, roles }, 200);
});
