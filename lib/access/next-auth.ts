import { randomUUID } from "node:crypto";
import { parse } from "hono/utils/cookie";
import type { NextAuthOptions } from "next-auth";
import { decode } from "next-auth/jwt";
import CredentialsProvider from "next-auth/providers/credentials";
import { sharedDb } from "@/lib/db/shared";
import { SluiceError } from "@/lib/errors";
import { log } from "@/lib/log";
import type { PersonActor } from "./context";
import { trustedProxies } from "./forwarded";
import { deriveKey } from "./keys";
import { callerAddress, SESSION_HOURS } from "./rules";
import { endSession, findSessionPerson } from "./session";
import { signIn } from "./sign-in";

const sessionSecret = () => deriveKey("sluice session key v1").toString("base64url");
const secureCookies = () => process.env["NEXTAUTH_URL"]?.startsWith("https://") ?? false;

/** Name of the cookie that next-auth keeps the (encrypted) session token in. */
export const sessionCookie = () => `${secureCookies() ? "__Secure-" : ""}next-auth.session-token`;

/**
 * next-auth with e-mail and password. The token holds nothing but the id of the sign-in session, which is looked
 * up at every request: ended there, it is ended everywhere.
 */
export function authOptions(): NextAuthOptions {
  return {
    secret: sessionSecret(),
    // By the same setting as `sessionCookie`, not by what the request says of itself.
    useSecureCookies: secureCookies(),
    session: { strategy: "jwt", maxAge: SESSION_HOURS * 3600 },
    pages: { signIn: "/sign-in", error: "/sign-in" },
    providers: [
      CredentialsProvider({
        credentials: { email: { type: "email" }, password: { type: "password" } },
        authorize: async (credentials, request) => {
          const person = await attempt(credentials, request.headers ?? {});
          return { id: person.id, name: person.name, email: person.email, sessionId: person.sessionId };
        },
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) =>
        user ? { sub: user.id, sid: (user as { sessionId?: string }).sessionId } : token,
    },
    events: {
      signOut: async ({ token }) => {
        const sid = token?.["sid"];
        if (typeof sid === "string") await endOwnSession(sid);
      },
    },
  };
}

async function attempt(
  credentials: { email?: string; password?: string } | undefined,
  headers: Record<string, string>,
): Promise<PersonActor> {
  const requestId = randomUUID();
  try {
    return await signIn(sharedDb(), new Date(), requestId, {
      email: credentials?.email ?? "",
      password: credentials?.password ?? "",
      address: callerAddress(headers["x-forwarded-for"], trustedProxies()),
      userAgent: headers["user-agent"] ?? null,
    });
  } catch (error) {
    if (error instanceof SluiceError) throw error;
    log.error({ requestId, err: error }, "sign-in failed");
    throw new Error(`Sign-in does not work at the moment. The log has the cause under ${requestId}.`);
  }
}

async function endOwnSession(id: string): Promise<void> {
  const now = new Date();
  const actor = await findSessionPerson(sharedDb(), id, now);
  if (actor) await endSession({ actor, now, requestId: randomUUID(), db: sharedDb() }, { id });
}

/** The person behind a session cookie's value, or null when it is absent, forged, expired or ended. */
export async function personOfCookie(value: string | undefined, now: Date): Promise<PersonActor | null> {
  if (!value) return null;
  const token = await decode({ token: value, secret: sessionSecret() }).catch(() => null);
  const sid = token?.["sid"];
  return typeof sid === "string" ? findSessionPerson(sharedDb(), sid, now) : null;
}

/** The person behind a request's session cookie. */
export function personOfRequest(request: Request): Promise<PersonActor | null> {
  return personOfCookie(parse(request.headers.get("cookie") ?? "")[sessionCookie()], new Date());
}
