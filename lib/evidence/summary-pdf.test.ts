import { expect, it } from "vitest";
import { type CurrentManifest, SCHEMA } from "@/lib/evidence/format";
import { summaryPdf } from "@/lib/evidence/summary-pdf";
import { generatePack, packHeader, packSigner } from "@/lib/testing/pack";

const { head } = generatePack(1, 2).source;
const facets: Omit<CurrentManifest, "files"> = {
  schema: SCHEMA,
  ref: "PACK-7",
  period: { from: packHeader.from.toISOString(), to: packHeader.to.toISOString() },
  useCases: Array.from({ length: 60 }, (_, at) => `a-use-case-with-a-rather-long-name-${at}`),
  createdAt: packHeader.createdAt.toISOString(),
  counts: {
    decisions: 1_234_567,
    byOutcome: { allow: 1_234_000, block: 567 },
    batches: 900,
    anchors: 12,
    facts: 40,
    policies: 3,
    changes: 2,
    exceptions: 1,
    auditEntries: 99,
    settings: 5,
    floors: 1,
    rulings: 60,
    appeals: 2,
    cases: 1,
    incidents: 1,
    campaigns: 1,
    "held-requests": 3,
  },
  keyId: packSigner.keyId,
};

it("the summary is one page, however many use cases, and repeats byte for byte", async () => {
  const first = Buffer.from(await summaryPdf(facets, head));
  expect(first.subarray(0, 5).toString()).toBe("%PDF-");
  expect(first.toString("latin1").match(/\/Type \/Page\b/g)).toHaveLength(1);
  expect(first.equals(Buffer.from(await summaryPdf(facets, head)))).toBe(true);
});
