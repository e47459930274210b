import type { IncomingMessage } from "node:http";
import { prefixOf } from "@/lib/access/credential-secret";
import { HTTP_STATUS, SluiceError } from "@/lib/errors";
import { log } from "@/lib/log";
import { bearerOf } from "../authenticate";
import { type Door, type DoorApp, type DoorContext, json } from "../door";
import { LONGEST_TOKEN } from "../identity";
import { readForm } from "../read-body";
import type { TaskWish } from "../task-issuer";
import { LONGEST_TASK_S } from "../task-token";

/** Token Exchange (RFC 8693) for task credentials, and their revocation (RFC 7009). Both speak forms and OAuth errors. */

const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
const JWT = "urn:ietf:params:oauth:token-type:jwt";
const NAME = /^[^\p{Cc}\p{Cs}]{1,200}$/u;
const NO_STORE = { "Cache-Control": "no-store", Pragma: "no-cache" };

type OAuthCode =
  | "invalid_request"
  | "invalid_client"
  | "unauthorized_client"
  | "unsupported_grant_type"
  | "unsupported_token_type"
  | "invalid_scope"
  | "invalid_target"
  | "temporarily_unavailable"
  | "server_error";

/** An error of RFC 6749, section 5.2. */
class OAuthError extends SluiceError {
  constructor(
    readonly oauth: OAuthCode,
    message: string,
    readonly status = 400,
  ) {
    super(status === 401 ? "unauthenticated" : "invalid", message);
  }
}

type Form = ReadonlyMap<string, string>;

export function token(app: DoorApp, door: Door): void {
  const answered = (work: (c: DoorContext) => Promise<Response>) => async (c: DoorContext) => {
    try {
      return await work(c);
    } catch (error) {
      door.refused(error);
      return errorResponse(error);
    }
  };

  app.post(
    "/v1/token",
    answered(async (c) => {
      const form = await formOf(c.env.incoming);
      const grant = required(form, "grant_type");
      if (grant !== EXCHANGE)
        throw new OAuthError("unsupported_grant_type", `grant_type must be ${EXCHANGE}`);
      const shown = subjectToken(form, c.env.incoming);
      const wish = wishOf(form);
      const { caller, now } = await enter(door, c, shown);
      const kind = caller.task === undefined ? caller.root.kind : "task";
      assertType(form, "subject_token_type", kind === "static" ? [ACCESS_TOKEN] : [JWT, ACCESS_TOKEN]);
      const issued = await door.tasks.issue(caller, wish, door.snapshot(), now);
      const { token: access_token, expiresIn: expires_in } = issued;
      const body = { access_token, issued_token_type: ACCESS_TOKEN, token_type: "Bearer", expires_in };
      return json(body, 200, NO_STORE);
    }),
  );

  app.post(
    "/v1/token/revoke",
    answered(async (c) => {
      const form = await formOf(c.env.incoming);
      const dead = required(form, "token");
      if (prefixOf(dead) !== null) {
        throw new OAuthError("unsupported_token_type", "An API key is revoked in the console.");
      }
      const { authorization } = c.env.incoming.headers;
      if (authorization !== undefined) {
        const { caller, now } = await enter(door, c, { header: bearerOf(authorization) });
        await door.tasks.revoke(caller, dead, now).catch((error: unknown) => {
          const foreign = error instanceof SluiceError && error.code === "forbidden";
          throw foreign ? new OAuthError("unauthorized_client", error.message) : error;
        });
      } else await revokeByBearer(door, c, dead);
      return new Response(null, { status: 200, headers: NO_STORE });
    }),
  );

  for (const path of ["/v1/token", "/v1/token/revoke"]) {
    app.all(path, () => new Response(null, { status: 405, headers: { Allow: "POST" } }));
  }
}

/** Who holds the token may end it; one that opens nothing needs no end (RFC 7009, section 2.2). */
async function revokeByBearer(door: Door, c: DoorContext, dead: string): Promise<void> {
  const visit = await door.enter(c, dead).catch((error: unknown) => {
    if (error instanceof SluiceError && error.code === "unauthenticated") return null;
    throw error;
  });
  if (visit !== null) await door.tasks.revoke(visit.caller, dead, visit.now);
}

async function formOf(incoming: IncomingMessage): Promise<Form> {
  const form = new Map<string, string>();
  for (const [name, value] of await readForm(incoming)) {
    if (form.has(name)) throw new OAuthError("invalid_request", "A parameter stands in the form twice.");
    if (value !== "") form.set(name, value);
  }
  return form;
}

function required(form: Form, name: string): string {
  const value = form.get(name);
  if (value === undefined) throw new OAuthError("invalid_request", `${name} is missing`);
  return value;
}

type Shown = { header: string } | { form: string };

/** The credential stands in the form, as RFC 8693 has it, or in the header, as on every other door. */
function subjectToken(form: Form, { headers: { authorization } }: IncomingMessage): Shown {
  const inForm = form.get("subject_token");
  if (inForm === undefined && authorization === undefined) {
    throw new OAuthError("invalid_request", "subject_token is missing");
  }
  if (inForm === undefined) return { header: bearerOf(authorization) };
  required(form, "subject_token_type");
  if (authorization !== undefined && bearerOf(authorization) !== inForm) {
    throw new OAuthError("invalid_request", "subject_token and the Authorization header are two credentials");
  }
  if (inForm.length > LONGEST_TOKEN) throw new OAuthError("invalid_request", "subject_token is too long");
  return { form: inForm };
}

/** RFC 8693, section 2.2.2: a bad subject token is a bad request; a bad header is a bad client. */
async function enter(door: Door, c: DoorContext, shown: Shown) {
  const inForm = "form" in shown;
  return door.enter(c, inForm ? shown.form : shown.header).catch((error: unknown) => {
    if (!(error instanceof SluiceError) || error.code !== "unauthenticated") throw error;
    if (inForm) throw new OAuthError("invalid_request", `subject_token: ${error.message}`);
    throw new OAuthError("invalid_client", error.message, 401);
  });
}

function assertType(form: Form, name: string, types: readonly string[]): void {
  const type = form.get(name);
  if (type !== undefined && !types.includes(type)) {
    throw new OAuthError("invalid_request", `${name} must be ${types.join(" or ")}`);
  }
}

function wishOf(form: Form): TaskWish {
  for (const name of ["resource", "audience"]) {
    if (form.has(name)) throw new OAuthError("invalid_target", `${name} is not used here; name a use_case`);
  }
  if (form.has("scope"))
    throw new OAuthError("invalid_scope", "scope is not used here; name a task and a purpose");
  assertType(form, "requested_token_type", [ACCESS_TOKEN, JWT]);
  const actorToken = form.get("actor_token");
  if (actorToken !== undefined) {
    required(form, "actor_token_type");
    assertType(form, "actor_token_type", [JWT, "urn:ietf:params:oauth:token-type:id_token"]);
  }
  const expiresIn = form.get("expires_in");
  if (expiresIn !== undefined && !isLife(expiresIn)) {
    throw new OAuthError("invalid_request", `expires_in must be 1 to ${LONGEST_TASK_S} seconds`);
  }
  return {
    ...name(form, "use_case", "useCase"),
    ...name(form, "task", "task"),
    ...name(form, "purpose", "purpose"),
    ...(expiresIn !== undefined && { expiresIn: Number(expiresIn) }),
    ...(actorToken !== undefined && { actorToken }),
  };
}

function isLife(seconds: string): boolean {
  return /^\d{1,4}$/.test(seconds) && Number(seconds) >= 1 && Number(seconds) <= LONGEST_TASK_S;
}

function name(form: Form, parameter: string, key: keyof TaskWish): TaskWish {
  const value = form.get(parameter);
  if (value === undefined) return {};
  if (NAME.test(value)) return { [key]: value };
  throw new OAuthError(
    "invalid_request",
    `${parameter} must be 1 to 200 characters without control characters`,
  );
}

const CODES: Readonly<Partial<Record<SluiceError["code"], OAuthCode>>> = {
  forbidden: "invalid_target",
  rate_limited: "temporarily_unavailable",
  unavailable: "temporarily_unavailable",
};

function errorResponse(error: unknown): Response {
  const { oauth, message, status } = asOAuth(error);
  const retryAfter = error instanceof SluiceError ? error.retryAfterSeconds : undefined;
  return json({ error: oauth, error_description: message }, status, {
    ...NO_STORE,
    ...(status === 401 && { "WWW-Authenticate": 'Bearer realm="sluice"' }),
    ...(retryAfter !== undefined && { "Retry-After": String(retryAfter) }),
  });
}

function asOAuth(error: unknown): OAuthError {
  if (error instanceof OAuthError) return error;
  if (!(error instanceof SluiceError)) {
    log.error({ err: error }, "request failed");
    return new OAuthError("server_error", "Something went wrong on our side; it is in the log.", 500);
  }
  const [field] = error.fields;
  const message =
    field === undefined ? error.message : `${error.message} ${parameterOf(field.path)} ${field.message}.`;
  const status = error.code === "forbidden" ? 400 : HTTP_STATUS[error.code];
  return new OAuthError(CODES[error.code] ?? "invalid_request", message, status);
}

function parameterOf(path: string): string {
  return path === "useCase" ? "use_case" : path;
}
