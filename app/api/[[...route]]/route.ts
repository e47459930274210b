import { handle } from "hono/vercel";
import { personOfRequest } from "@/lib/access/next-auth";
import { createApi } from "@/lib/api/app";
import { sharedDb } from "@/lib/db/shared";

const handler = handle(createApi({ db: sharedDb, authenticate: personOfRequest }));

export { handler as DELETE, handler as GET, handler as PATCH, handler as POST, handler as PUT };
