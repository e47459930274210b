import { type Ctx, requirePermission } from "@/lib/access/context";
import { SluiceError } from "@/lib/errors";
import { algorithmsOf, fetchIssuerKeys } from "@/lib/net/fetch-issuer-keys";
import type { Outbound } from "@/lib/net/outbound";
import { ownOutbound } from "@/lib/net/own-outbound";
import { getIssuerRow } from "./issuer-queries";
import type { IssuerCheckView } from "./views";

/** Fetches an issuer's keys as a decision point would, and says what was found or what is in the way. */
export async function checkIssuer(
  ctx: Ctx,
  { id }: { id: string },
  outbound: Outbound = ownOutbound(),
): Promise<IssuerCheckView> {
  requirePermission(ctx, "issuer:manage");
  const { issuer, jwksUri } = await getIssuerRow(ctx.db, id);
  try {
    const found = await fetchIssuerKeys(outbound, { issuer, jwksUri });
    const algorithms = [...new Set(found.keys.flatMap(algorithmsOf))].sort();
    return {
      found: true,
      jwksUri: found.jwksUri,
      keys: found.keys.length,
      unusable: found.unusable,
      algorithms,
    };
  } catch (error) {
    if (error instanceof SluiceError) return { found: false, why: error.message };
    throw error;
  }
}
