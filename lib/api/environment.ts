import { OpenAPIHono } from "@hono/zod-openapi";
import type { Ctx } from "@/lib/access/context";
import { fieldErrors, SluiceError } from "@/lib/errors";

/** What every route finds in its context: who asks, when, and the database. */
export interface ApiEnv {
  Variables: { ctx: Ctx };
}

/** A Hono app whose failed parses become `invalid` with the path of each bad field. */
export function apiApp() {
  return new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (!result.success) {
        throw new SluiceError("invalid", "Some fields are not valid.", {
          fields: fieldErrors(result.error.issues),
        });
      }
    },
  });
}
