import { randomUUID } from "node:crypto";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import type { Ctx, PersonActor } from "@/lib/access/context";
import { personOfCookie, sessionCookie } from "@/lib/access/next-auth";
import { sharedDb } from "@/lib/db/shared";

export type PageCtx = Ctx & { actor: PersonActor };

/** The context of a page: who is signed in and when it is. Sends everybody else to sign in. One per request. */
export const pageContext = cache(async (): Promise<PageCtx> => {
  const now = new Date();
  const actor = await personOfCookie((await cookies()).get(sessionCookie())?.value, now);
  if (actor === null) redirect("/sign-in");
  return { actor, now, requestId: randomUUID(), db: sharedDb() };
});
