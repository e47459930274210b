import { createRoute, z } from "@hono/zod-openapi";
import { endSession } from "@/lib/access/session";
import { changeRoles } from "@/lib/people/change-roles";
import { createPerson } from "@/lib/people/create-person";
import { deactivatePerson } from "@/lib/people/deactivate-person";
import { getPerson, listPeople, listSessions } from "@/lib/people/queries";
import {
  changeRolesSchema,
  createFirstAdminSchema,
  createPersonSchema,
  deactivatePersonSchema,
  listPeopleSchema,
  listSessionsSchema,
} from "@/lib/people/schema";
import { createFirstAdmin } from "@/lib/people/setup";
import type { PersonRef, PersonView, SessionView } from "@/lib/people/views";
import { idSchema, type Page } from "@/lib/schema";
import { apiApp } from "./environment";
import { body, json, PROBLEMS, view } from "./respond";

const params = z.object({ id: idSchema });
const person = { 200: json(view<PersonView>(), "The person."), ...PROBLEMS };

const list = createRoute({
  method: "get",
  path: "/people",
  request: { query: listPeopleSchema },
  responses: { 200: json(view<Page<PersonView>>(), "People and their roles."), ...PROBLEMS },
});
const create = createRoute({
  method: "post",
  path: "/people",
  request: body(createPersonSchema),
  responses: { 201: json(view<PersonView>(), "The person."), ...PROBLEMS },
});
const read = createRoute({ method: "get", path: "/people/{id}", request: { params }, responses: person });
const setRoles = createRoute({
  method: "put",
  path: "/people/{id}/roles",
  request: { params, ...body(changeRolesSchema) },
  responses: person,
});
const deactivate = createRoute({
  method: "post",
  path: "/people/{id}/deactivate",
  request: { params, ...body(deactivatePersonSchema) },
  responses: person,
});
const sessions = createRoute({
  method: "get",
  path: "/sessions",
  request: { query: listSessionsSchema },
  responses: { 200: json(view<{ items: SessionView[] }>(), "Signed-in browsers."), ...PROBLEMS },
});
const end = createRoute({
  method: "post",
  path: "/sessions/{id}/end",
  request: { params },
  responses: { 204: { description: "The session is over." }, ...PROBLEMS },
});
const setup = createRoute({
  method: "post",
  path: "/setup",
  request: body(createFirstAdminSchema),
  responses: { 201: json(view<PersonRef>(), "The first admin, who may now sign in."), ...PROBLEMS },
});

export const peopleRoutes = apiApp()
  .openapi(list, async (c) => c.json(await listPeople(c.get("ctx"), c.req.valid("query")), 200))
  .openapi(create, async (c) => c.json(await createPerson(c.get("ctx"), c.req.valid("json")), 201))
  .openapi(read, async (c) => c.json(await getPerson(c.get("ctx"), c.req.valid("param")), 200))
  .openapi(setRoles, async (c) =>
    c.json(await changeRoles(c.get("ctx"), { ...c.req.valid("json"), ...c.req.valid("param") }), 200),
  )
  .openapi(deactivate, async (c) =>
    c.json(await deactivatePerson(c.get("ctx"), { ...c.req.valid("json"), ...c.req.valid("param") }), 200),
  )
  .openapi(sessions, async (c) =>
    c.json({ items: await listSessions(c.get("ctx"), c.req.valid("query")) }, 200),
  )
  .openapi(end, async (c) => {
    await endSession(c.get("ctx"), c.req.valid("param"));
    return c.body(null, 204);
  })
  .openapi(setup, async (c) => c.json(await createFirstAdmin(c.get("ctx"), c.req.valid("json")), 201));
