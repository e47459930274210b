import { type Ctx, requirePermission } from "@/lib/access/context";

/** What facts name that no coarse hour is counted by. */
export const NAMED = ["purpose", "destination", "retrievalSource"] as const;
export type Named = (typeof NAMED)[number];

const MOST = 200;

/** What requests ever named of each kind, in order of the alphabet, at most 200; read from the distinct facts. */
export async function listNamed(ctx: Ctx): Promise<Record<Named, string[]>> {
  requirePermission(ctx, "telemetry:read");
  const rows = await ctx.db.$queryRaw<{ name: Named; value: string }[]>`
    SELECT DISTINCT "name", "facts" ->> "name" AS "value"
    FROM "fact", unnest(${[...NAMED]}::text[]) AS "name" WHERE "facts" ? "name" ORDER BY 1, 2`;
  const valuesOf = (name: Named) =>
    rows.flatMap((row) => (row.name === name ? [row.value] : [])).slice(0, MOST);
  return {
    purpose: valuesOf("purpose"),
    destination: valuesOf("destination"),
    retrievalSource: valuesOf("retrievalSource"),
  };
}
