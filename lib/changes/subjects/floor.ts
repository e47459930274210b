import { uuidv7 } from "uuidv7";
import { SluiceError } from "@/lib/errors";
import { documentDigest } from "@/lib/policy/digest";
import type { PolicyDocument } from "@/lib/policy/document";
import { compare, NO_FLOOR } from "@/lib/policy/lattice";
import { POLICY_SHAPE } from "@/lib/policy/merge";
import type { DataClass } from "@/lib/policy/vocabulary";
import { measureFloorImpact } from "@/lib/telemetry/impact-floor";
import { parseDocument } from "@/lib/use-cases/policy-in-force";
import { checkDocument, parseProposal } from "./documents";
import { impactWindow, type Subject } from "./subject";

/** The slug on which the conditions of a floor are tried: a floor stands under many use cases. */
const ANY_USE_CASE = "any-use-case";

/** The floor of a data class. Until one is set it asks for nothing. */
export function floorSubject(dataClass: DataClass): Subject<PolicyDocument> {
  return {
    kind: "floor",
    key: dataClass,
    title: `Floor of ${dataClass} data`,
    useCase: null,
    concerns: (db) =>
      db.useCase.findMany({
        where: { dataClass },
        select: { slug: true, name: true },
        orderBy: { name: "asc" },
      }),
    async currentNumber(db) {
      const newest = await db.floorVersion.findFirst({
        where: { dataClass },
        orderBy: { number: "desc" },
        select: { number: true },
      });
      return newest?.number ?? 0;
    },
    async read(db, number) {
      if (number === 0) return NO_FLOOR;
      const floor = await db.floorVersion.findUnique({
        where: { dataClass_number: { dataClass, number } },
      });
      if (!floor) throw new SluiceError("not_found", `There is no version ${number} of this floor.`);
      return parseDocument(floor.document);
    },
    parse: parseProposal,
    check: (base, proposal, how) => checkDocument(base, proposal, { useCase: ANY_USE_CASE, ...how }),
    compare,
    shape: POLICY_SHAPE,
    async measure(tx, base, proposal, now) {
      const before = documentDigest(base) === documentDigest(NO_FLOOR) ? null : base;
      const floorImpact = await measureFloorImpact(tx, {
        dataClass,
        before,
        after: proposal,
        ...impactWindow(now),
      });
      return { impact: null, floorImpact, readiness: null };
    },
    async install(tx, { number, content, changeId, at }) {
      const digest = documentDigest(content);
      await tx.floorVersion.create({
        data: { id: uuidv7(), dataClass, number, document: content, digest, effectiveFrom: at, changeId },
      });
      return digest;
    },
  };
}
