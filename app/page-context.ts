import { randomUUID } from "node:crypto";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import type { Ctx, PersonActor } from "@/lib/access/context";
import { personOfCookie, sessionCookie } from "@/lib/access/next-auth";
import { sharedDb } from "@/lib/db/shared";

export type PageCtx = Ctx & { actor: PersonActor };

/** The page to sign in, which leads back to the one that was asked for. */
async function signInPath(): Promise<string> {
  const asked = (await headers()).get("x-own-path") ?? "/";
  return asked === "/" ? "/sign-in" : `/sign-in?${new URLSearchParams({ callbackUrl: asked })}`;
}

/** The context of a page: who is signed in and when it is. Sends everybody else to sign in. One per request. */
export const pageContext = cache(async (): Promise<PageCtx> => {
  const now = new Date();
  const actor = await personOfCookie((await cookies()).get(sessionCookie())?.value, now);
  if (actor === null) redirect(await signInPath());
  return { actor, now, requestId: randomUUID(), db: sharedDb() };
});
