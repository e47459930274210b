import { z } from "zod";
import type { Db, Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { type PolicyDocument, policyDocumentSchema } from "@/lib/policy/document";
import { type DataClass, STAGES, type Stage } from "@/lib/policy/vocabulary";

/** Which policy version is asked for: the newest, the nth, or the one in force at an instant. */
export interface WhichVersion {
  number?: number | undefined;
  at?: Date | undefined;
}

/** A version of the policy of a use case; `not_found` when there is none. */
export async function getVersion(db: Db | Tx, useCaseId: string, { number, at }: WhichVersion = {}) {
  const version = await db.policyVersion.findFirst({
    where: {
      useCaseId,
      ...(number === undefined ? {} : { number }),
      ...(at === undefined ? {} : { effectiveFrom: { lte: at } }),
    },
    orderBy: { number: "desc" },
    include: { change: { select: { id: true, ref: true } } },
  });
  if (!version) throw new SluiceError("not_found", "There is no such policy version.");
  return { ...version, document: parseDocument(version.document) };
}

/** The number of the version in force; 0 when there is none yet. */
export async function currentVersionNumber(db: Db | Tx, useCaseId: string): Promise<number> {
  const version = await db.policyVersion.findFirst({
    where: { useCaseId },
    orderBy: { number: "desc" },
    select: { number: true },
  });
  return version?.number ?? 0;
}

/** The floor of a data class at an instant; null when the organisation has set none. */
export async function findFloor(
  db: Db | Tx,
  dataClass: DataClass,
  at: Date,
): Promise<{ dataClass: DataClass; number: number; document: PolicyDocument } | null> {
  const floor = await db.floorVersion.findFirst({
    where: { dataClass, effectiveFrom: { lte: at } },
    orderBy: { number: "desc" },
  });
  return floor && { dataClass, number: floor.number, document: parseDocument(floor.document) };
}

/** A stored document; what the database holds was parsed before it was written. */
export function parseDocument(json: unknown): PolicyDocument {
  return policyDocumentSchema.parse(json);
}

const stageSchema = z.object({ stage: z.enum(STAGES) });

/** The stage of a stored document, for lists: the rest is not looked at. */
export function stageOf(json: unknown): Stage {
  return stageSchema.parse(json).stage;
}
