import { randomUUID } from "node:crypto";
import { bodyLimit } from "hono/body-limit";
import type { PersonActor } from "@/lib/access/context";
import type { Db } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { approvalRoutes } from "./approvals";
import { auditFiles, auditRoutes } from "./audit";
import { catalogueRoutes } from "./catalogue";
import { changeRoutes } from "./changes";
import { detectorRoutes } from "./detectors";
import { apiApp } from "./environment";
import { evidenceRoutes } from "./evidence";
import { exceptionRoutes } from "./exceptions";
import { integrationRoutes } from "./integrations";
import { issuerRoutes } from "./issuers";
import { meRoutes } from "./me";
import { peopleRoutes } from "./people";
import { answerProblem } from "./problem";
import { telemetryFiles, telemetryRoutes } from "./telemetry";
import { useCaseRoutes } from "./use-cases";
import { workloadRoutes } from "./workloads";

export interface ApiOptions {
  db: () => Db;
  /** The signed-in person of a request; null when nobody is. */
  authenticate: (request: Request) => Promise<PersonActor | null>;
  now?: () => Date;
}

/** A request body may hold this many bytes; the largest form, a policy document, stays far below. */
const MAX_BODY_BYTES = 1_048_576;

/** What needs no sign-in: the description of the API, and the one-time setup of an empty installation. */
const PUBLIC: readonly string[] = ["/api/v1/openapi.json", "/api/v1/setup"];

/** The console's API, `/api/v1`. One file of routes per feature; rules live in the commands they call. */
export function createApi({ db, authenticate, now = () => new Date() }: ApiOptions) {
  const app = apiApp().basePath("/api/v1");
  app.use("*", async (c, next) => {
    const requestId = randomUUID();
    c.set("ctx", { actor: null, now: now(), requestId, db: db() });
    c.header("x-request-id", requestId);
    c.header("cache-control", "no-store");
    assertSameSite(c.req.raw);
    c.get("ctx").actor = await authenticate(c.req.raw);
    if (c.get("ctx").actor === null && !PUBLIC.includes(c.req.path)) {
      throw new SluiceError("unauthenticated", "Sign in to continue.");
    }
    await next();
  });
  app.use("*", bodyLimit({ maxSize: MAX_BODY_BYTES, onError: refuseTooLarge }));
  app.onError((error, c) => answerProblem(c, error, c.get("ctx")?.requestId ?? randomUUID()));
  app.notFound((c) =>
    answerProblem(c, new SluiceError("not_found", "There is no such resource."), c.get("ctx").requestId),
  );
  app.doc31("/openapi.json", { openapi: "3.1.0", info: { title: "Sluice", version: "1" } });
  app.route("/", telemetryFiles);
  app.route("/", auditFiles);
  return app
    .route("/", meRoutes)
    .route("/", useCaseRoutes)
    .route("/", workloadRoutes)
    .route("/", issuerRoutes)
    .route("/", changeRoutes)
    .route("/", exceptionRoutes)
    .route("/", approvalRoutes)
    .route("/", detectorRoutes)
    .route("/", integrationRoutes)
    .route("/", peopleRoutes)
    .route("/", catalogueRoutes)
    .route("/", telemetryRoutes)
    .route("/", auditRoutes)
    .route("/", evidenceRoutes);
}

function refuseTooLarge(): never {
  throw new SluiceError("too_large", "The body is larger than 1 MiB.");
}

/** The type that the browser's typed client is made from. */
export type Api = ReturnType<typeof createApi>;

/**
 * CSRF defence for calls with a session: a state-changing request must say that it comes from our own pages
 * (`Sec-Fetch-Site`, else `Origin`) and must carry JSON, which no cross-site form can send.
 */
function assertSameSite(request: Request): void {
  if (["GET", "HEAD"].includes(request.method)) return;
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  const host = request.headers.get("x-forwarded-host") ?? request.headers.get("host");
  const sameOrigin =
    site !== null
      ? site === "same-origin"
      : origin !== null && URL.canParse(origin) && new URL(origin).host === host;
  if (!sameOrigin)
    throw new SluiceError("forbidden", "This request does not come from the console's own pages.");
  const type = request.headers.get("content-type");
  if (type !== null && !type.startsWith("application/json")) {
    throw new SluiceError("invalid", "Send JSON (content-type: application/json).");
  }
}
