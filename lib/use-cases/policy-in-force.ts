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

/** A version of the organisation's floor of a data class. */
export interface Floor {
  dataClass: DataClass;
  number: number;
  /** `sha256:<hex>` of the document. */
  digest: string;
  effectiveFrom: Date;
  document: PolicyDocument;
}

/** The floor of a data class that is in force at an instant; null when the organisation has set none by then. */
export async function findFloor(db: Db | Tx, dataClass: DataClass, at: Date): Promise<Floor | null> {
  const floor = await db.floorVersion.findFirst({
    where: { dataClass, effectiveFrom: { lte: at } },
    orderBy: { number: "desc" },
  });
  if (!floor) return null;
  const { number, digest, effectiveFrom } = floor;
  return { dataClass, number, digest, effectiveFrom, document: parseDocument(floor.document) };
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
