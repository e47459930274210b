import { z } from "@hono/zod-openapi";

/** A JSON answer in a route's OpenAPI description. */
export function json<T extends z.ZodType>(schema: T, description: string) {
  return { content: { "application/json": { schema } }, description };
}

/** A JSON request body; unknown fields are refused by the (strict) schema itself. */
export function body<T extends z.ZodType>(schema: T) {
  return { body: { required: true, content: { "application/json": { schema } } } } as const;
}

/**
 * The answer schema of a view that is typed in `lib`: described loosely in OpenAPI, exactly for the typed client.
 * Views are made by our own queries, so they are not parsed again on the way out.
 */
export function view<T>() {
  return z.custom<T>().openapi({ type: "object" });
}

/** Problem answers that any route may give. */
export const PROBLEMS = {
  400: { description: "Some field is not valid; `fields` names each." },
  401: { description: "Nobody is signed in." },
  403: { description: "Your roles do not allow it." },
  404: { description: "There is no such thing." },
  409: { description: "Someone else was first, or the base moved." },
  412: { description: "It is not the one that you saw: its digest is another." },
  422: { description: "The domain forbids it; `rule` says which rule." },
} as const;
