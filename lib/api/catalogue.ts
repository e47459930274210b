import { createRoute, z } from "@hono/zod-openapi";
import { CONTROLS, type Control, FAMILIES, FRAMEWORK_LIST, type Framework } from "@/lib/policy/catalogue";
import { TEMPLATES } from "@/lib/policy/templates";
import { keySchema } from "@/lib/schema";
import { checkControl } from "@/lib/telemetry/check-control";
import { checkControlSchema, tryTextSchema } from "@/lib/telemetry/schema";
import { tryText } from "@/lib/telemetry/try-text";
import type { ControlCheckView, TextTryView } from "@/lib/telemetry/views";
import { listBindings } from "@/lib/use-cases/binding-queries";
import { getCedarSchema } from "@/lib/use-cases/policy-queries";
import type { ControlBindingView } from "@/lib/use-cases/views";
import { apiApp } from "./environment";
import { body, json, PROBLEMS, view } from "./respond";

export interface CatalogueView {
  families: { id: string; title: string }[];
  controls: Control[];
}

export interface TemplatesView {
  items: (typeof TEMPLATES)[number][];
}

/** A framework with the clauses that controls serve, each with these controls. */
export interface FrameworkView extends Omit<Framework, "titles"> {
  clauses: { id: string; title: string; controls: string[] }[];
}

const controls = createRoute({
  method: "get",
  path: "/controls",
  responses: { 200: json(view<CatalogueView>(), "The catalogue of controls, by family."), ...PROBLEMS },
});
const bindings = createRoute({
  method: "get",
  path: "/controls/bindings",
  request: { query: z.strictObject({ control: keySchema.optional() }) },
  responses: {
    200: json(view<{ items: ControlBindingView[] }>(), "How the policies in force bind the controls."),
    ...PROBLEMS,
  },
});
const templates = createRoute({
  method: "get",
  path: "/templates",
  responses: { 200: json(view<TemplatesView>(), "Policies to start from."), ...PROBLEMS },
});
const frameworks = createRoute({
  method: "get",
  path: "/frameworks",
  responses: {
    200: json(view<{ items: FrameworkView[] }>(), "The frameworks whose clauses controls serve."),
    ...PROBLEMS,
  },
});
const check = createRoute({
  method: "post",
  path: "/controls/check",
  request: body(checkControlSchema),
  responses: {
    200: json(view<ControlCheckView>(), "What is wrong with a custom control, and what it would match."),
    ...PROBLEMS,
  },
});
const tryOnText = createRoute({
  method: "post",
  path: "/controls/try-text",
  request: body(tryTextSchema),
  responses: {
    200: json(view<TextTryView>(), "What phrases and patterns find in a text, which is not kept."),
    ...PROBLEMS,
  },
});
const schema = createRoute({
  method: "get",
  path: "/policies/cedar-schema",
  request: { query: z.strictObject({ useCase: keySchema.optional() }) },
  responses: {
    200: {
      content: { "text/plain": { schema: z.string() } },
      description: "The Cedar schema that policies validate against, with a use case's own controls.",
    },
    ...PROBLEMS,
  },
});

export const catalogueRoutes = apiApp()
  .openapi(controls, (c) => c.json({ families: [...FAMILIES], controls: [...CONTROLS] }, 200))
  .openapi(bindings, async (c) =>
    c.json({ items: await listBindings(c.get("ctx"), c.req.valid("query")) }, 200),
  )
  .openapi(templates, (c) => c.json({ items: [...TEMPLATES] }, 200))
  .openapi(frameworks, (c) => c.json({ items: FRAMEWORK_LIST.map(toFrameworkView) }, 200))
  .openapi(check, async (c) => c.json(await checkControl(c.get("ctx"), c.req.valid("json")), 200))
  .openapi(tryOnText, async (c) => c.json(await tryText(c.get("ctx"), c.req.valid("json")), 200))
  .openapi(schema, async (c) => {
    const text = await getCedarSchema(c.get("ctx"), c.req.valid("query"));
    c.header("content-disposition", 'attachment; filename="sluice.cedarschema"');
    return c.text(text, 200);
  });

function toFrameworkView({ titles, ...framework }: Framework): FrameworkView {
  const serving = (clause: string) =>
    CONTROLS.filter(({ clauses }) =>
      clauses.some(({ framework: of, id }) => of === framework.id && id === clause),
    ).map(({ id }) => id);
  return {
    ...framework,
    clauses: Object.entries(titles).map(([id, title]) => ({ id, title, controls: serving(id) })),
  };
}
