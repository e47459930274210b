import type { Db, Tx } from "@/lib/db/prisma";
import { getSetting } from "@/lib/settings/queries";
import type { ExceptionLimits } from "./rules";

/** The organisation's limits of exceptions that hold at an instant. */
export async function readLimits(db: Db | Tx, at: Date): Promise<ExceptionLimits> {
  return (await getSetting(db, "exceptions", at)).value;
}
