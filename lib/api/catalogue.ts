import { createRoute } from "@hono/zod-openapi";
import { CONTROLS, type Control, FAMILIES } from "@/lib/policy/catalogue";
import { TEMPLATES } from "@/lib/policy/templates";
import { apiApp } from "./environment";
import { json, PROBLEMS, view } from "./respond";

export interface CatalogueView {
  families: { id: string; title: string }[];
  controls: Control[];
}

export interface TemplatesView {
  items: (typeof TEMPLATES)[number][];
}

const controls = createRoute({
  method: "get",
  path: "/controls",
  responses: { 200: json(view<CatalogueView>(), "The catalogue of controls, by family."), ...PROBLEMS },
});
const templates = createRoute({
  method: "get",
  path: "/templates",
  responses: { 200: json(view<TemplatesView>(), "Policies to start from."), ...PROBLEMS },
});

export const catalogueRoutes = apiApp()
  .openapi(controls, (c) => c.json({ families: [...FAMILIES], controls: [...CONTROLS] }, 200))
  .openapi(templates, (c) => c.json({ items: [...TEMPLATES] }, 200));
