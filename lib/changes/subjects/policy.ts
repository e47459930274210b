import { uuidv7 } from "uuidv7";
import type { PolicyDocument } from "@/lib/policy/document";
import { POLICY_SHAPE } from "@/lib/policy/merge";
import { measureReadiness } from "@/lib/readiness/measure-readiness";
import { measureImpact } from "@/lib/telemetry/impact";
import { compileOnce } from "@/lib/use-cases/compiled";
import { currentVersionNumber, getVersion } from "@/lib/use-cases/policy-in-force";
import { compareForSeats } from "../rules";
import { checkDocument, parseProposal } from "./documents";
import { type ChangedUseCase, impactWindow, type Subject } from "./subject";

/** The policy of a use case. */
export function policySubject(useCase: ChangedUseCase): Subject<PolicyDocument> {
  return {
    kind: "policy",
    key: useCase.slug,
    title: useCase.name,
    useCase,
    concerns: async () => [useCase],
    currentNumber: (db) => currentVersionNumber(db, useCase.id),
    read: async (db, number) => (await getVersion(db, useCase.id, { number })).document,
    parse: parseProposal,
    check: (base, proposal, how) => checkDocument(base, proposal, { useCase: useCase.slug, ...how }),
    compare: compareForSeats,
    shape: POLICY_SHAPE,
    async measure(tx, base, proposal, now, requesterId = null) {
      const useCaseId = useCase.id;
      const window = impactWindow(now);
      const impact = await measureImpact(tx, { useCaseId, before: base, after: proposal, ...window });
      const readiness = await measureReadiness(tx, { useCaseId, base, proposal, now, requesterId });
      return { impact, floorImpact: null, readiness };
    },
    async install(tx, { number, content, changeId, at }) {
      const { document, cedar, digest } = compileOnce(content);
      await tx.policyVersion.create({
        data: {
          id: uuidv7(),
          useCaseId: useCase.id,
          number,
          document,
          cedar,
          digest,
          effectiveFrom: at,
          changeId,
        },
      });
      return digest;
    },
  };
}
