import { randomUUID } from "node:crypto";
import { bodyLimit } from "hono/body-limit";
import type { PersonActor } from "@/lib/access/context";
import { trustedProxies } from "@/lib/access/forwarded";
import { callerAddress } from "@/lib/access/rules";
import type { Db } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { authenticateToken, bearerOf } from "@/lib/tokens/authenticate-token";
import { approvalRoutes } from "./approvals";
import { auditFiles, auditRoutes } from "./audit";
import { campaignRoutes } from "./campaigns";
import { catalogueRoutes } from "./catalogue";
import { changeRoutes } from "./changes";
import { describeApi, type OpenApiDocument } from "./description";
import { detectorRoutes } from "./detectors";
import { driftFiles, driftRoutes } from "./drift";
import { apiApp } from "./environment";
import { evidenceRoutes } from "./evidence";
import { exceptionFiles, exceptionRoutes } from "./exceptions";
import { integrationRoutes } from "./integrations";
import { issuerRoutes } from "./issuers";
import { meRoutes } from "./me";
import { notifyRoutes } from "./notify";
import { peopleRoutes } from "./people";
import { answerProblem } from "./problem";
import { rulingFiles, rulingRoutes } from "./rulings";
import { settingRoutes } from "./settings";
import { telemetryFiles, telemetryRoutes } from "./telemetry";
import { isOpenTo } from "./token-door";
import { tokenRoutes } from "./tokens";
import { useCaseRoutes } from "./use-cases";
import { workloadRoutes } from "./workloads";

export interface ApiOptions {
  db: () => Db;
  /** The signed-in person of a request; null when nobody is. */
  authenticate: (request: Request) => Promise<PersonActor | null>;
  now?: () => Date;
}

const DESCRIBED = { openapi: "3.1.0", info: { title: "Sluice", version: "1" } };

/** The description of the API as it stands at `/api/v1/openapi.json`. */
export function apiDescription(): OpenApiDocument {
  const db = () => {
    throw new SluiceError("unavailable", "A description asks no database.");
  };
  const app = createApi({ db, authenticate: async () => null });
  return describeApi(app.getOpenAPI31Document(DESCRIBED), app.routes);
}

/** A request body may hold this many bytes; the largest form, a policy document, stays far below. */
const MAX_BODY_BYTES = 1_048_576;

const BASE = "/api/v1";

/** What needs no sign-in: the description of the API, and the one-time setup of an empty installation. */
const PUBLIC: readonly string[] = [`${BASE}/openapi.json`, `${BASE}/setup`];

/** The console's API, `/api/v1`. One file of routes per feature; rules live in the commands they call. */
export function createApi({ db, authenticate, now = () => new Date() }: ApiOptions) {
  const app = apiApp().basePath(BASE);
  app.use("*", async (c, next) => {
    const requestId = randomUUID();
    c.set("ctx", { actor: null, now: now(), requestId, db: db() });
    c.header("x-request-id", requestId);
    c.header("cache-control", "no-store");
    assertReadable(c.req);
    const bearer = PUBLIC.includes(c.req.path) ? null : bearerOf(c.req.raw.headers);
    if (bearer === null) assertSameSite(c.req.raw);
    c.get("ctx").actor =
      bearer === null ? await authenticate(c.req.raw) : await personOfToken(c.req, bearer, c.get("ctx"));
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
  app.get("/openapi.json", (c) => c.json(describeApi(app.getOpenAPI31Document(DESCRIBED), app.routes)));
  app.route("/", telemetryFiles);
  app.route("/", rulingFiles);
  app.route("/", auditFiles);
  app.route("/", exceptionFiles);
  app.route("/", driftFiles);
  return app
    .route("/", meRoutes)
    .route("/", useCaseRoutes)
    .route("/", workloadRoutes)
    .route("/", issuerRoutes)
    .route("/", changeRoutes)
    .route("/", settingRoutes)
    .route("/", exceptionRoutes)
    .route("/", campaignRoutes)
    .route("/", approvalRoutes)
    .route("/", rulingRoutes)
    .route("/", detectorRoutes)
    .route("/", integrationRoutes)
    .route("/", notifyRoutes)
    .route("/", peopleRoutes)
    .route("/", tokenRoutes)
    .route("/", catalogueRoutes)
    .route("/", telemetryRoutes)
    .route("/", driftRoutes)
    .route("/", auditRoutes)
    .route("/", evidenceRoutes);
}

/** The person for whom a token speaks, if the call is one that its scopes open. Cookies are not looked at. */
async function personOfToken(
  { method, path, raw }: { method: string; path: string; raw: Request },
  token: string,
  { db, now }: { db: Db; now: Date },
): Promise<PersonActor> {
  const address = callerAddress(raw.headers.get("x-forwarded-for"), trustedProxies());
  const person = await authenticateToken(db, { token, address, now });
  if (isOpenTo(person.via?.scopes ?? [], method, path.slice(BASE.length))) return person;
  const scopes = person.via?.scopes.join(", ");
  throw new SluiceError(
    "forbidden",
    `A token with the scope ${scopes} may not do this: sign in to the console for it.`,
  );
}

function refuseTooLarge(): never {
  throw new SluiceError("too_large", "The body is larger than 1 MiB.");
}

/** The type that the browser's typed client is made from. */
export type Api = ReturnType<typeof createApi>;

/**
 * CSRF defence for calls with a session: a state-changing request must say that it comes from our own pages
 * (`Sec-Fetch-Site`, else `Origin`). A call with a token needs none: no browser adds a token by itself.
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
}

/** A policy may come as YAML; everything else is JSON, which no cross-site form can send either. */
function assertReadable({ method, path, raw }: { method: string; path: string; raw: Request }): void {
  const type = raw.headers.get("content-type");
  if (["GET", "HEAD"].includes(method) || type === null || type.startsWith("application/json")) return;
  if (type.startsWith("application/yaml") && /\/policy(?:\/compare)?$/.test(path)) return;
  throw new SluiceError("invalid", "Send JSON (content-type: application/json).");
}
