import type { Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { getEndpointRow } from "./delivery-queries";

/** An endpoint that is not removed, held until the transaction ends; `conflict` for one that is. */
export async function lockEndpoint(tx: Tx, id: string) {
  await tx.$queryRaw`SELECT 1 FROM webhook_endpoint WHERE id = ${id}::uuid FOR UPDATE`;
  const row = await getEndpointRow(tx, id);
  if (row.removedAt !== null) throw new SluiceError("conflict", "The webhook is removed.");
  return row;
}
