/** The text that explains a pack to whoever opens it. */
export function readme(keyId: string): string {
  return `SLUICE EVIDENCE PACK

What happened in a period: every decision and observation, the policies and facts they were made from, changes
and exceptions with their approvals, what people ruled, held and marked, the settings and floors that governed, and
the audit entries, each as JSON lines (.jsonl, the evidence) and, where
people read it, as a table (.csv, the same rows). summary.pdf has it on one page.

HOW TO VERIFY

  npm run verify-evidence -- PACK --key public-key.pem

needs nothing but this file and the public key of the installation, and says "valid", or what does not hold and
where. Get the key from the people who run the installation, or compare its id with them:

  ${keyId}

public-key.pem in the pack is a copy for convenience: it proves nothing about who made the pack. Verify the ZIP
as you got it; one that was unpacked and packed again is another file, and its seal does not hold.

WHAT STANDS WHERE

  manifest.json      period, counts, and SHA-256 of every file; manifest.sig is its Ed25519 signature (base64)
  decisions.jsonl    one decision per line with its place in its batch (batchId, batchIndex)
  batches.jsonl      batches as committed: SHA-256 Merkle root (RFC 6962) over their decisions; "outside" are
                     hashes of those of its decisions that are not in the period
  anchors.jsonl      for each audit entry that anchors batches: all the batches under its root
  facts.jsonl        what policies saw of a request; decisions name it by digest
  policies.jsonl     policy versions: document, Cedar text, digest
  changes.jsonl      change requests of policies (useCase), floors and settings (subjectKey): approvals, accepted
                     conditions of readiness, schedule, broken glass and its review, what they take back
  exceptions.jsonl   exceptions with approvals, reviews, earlier expiries ("shortenings"), chain of renewals ("renews",
                     "root") and changes of owner
  settings.jsonl     versions of the settings of governance that held in the period; number 0: never changed before
  floors.jsonl       versions of the floors that held in the period
  rulings.jsonl      rulings on findings: made in the period, or on its decisions
  appeals.jsonl      appeals against findings, with their answers
  cases.jsonl        regression cases: facts, and what the control must do on them
  incidents.jsonl    undeclared traffic that was marked as an incident
  campaigns.jsonl    campaigns of reviews, with what became of each exception
  held-requests.jsonl  requests that waited for a person, and the verdict
  audit.jsonl        audit entries; the bytes of a line are a leaf of the log's Merkle tree
  inclusion.jsonl    for each of them, the proof that leads to the checkpoint
  checkpoint.json    the signed head of the log
  seal.bin           marks of all bytes before it, which the ZIP's comment signs

A record that names a decision of the period names one that is in decisions.jsonl, unless "decisionKept" is false
("heldAt", "passedAt" null): then it was no longer kept, or not anchored yet, when the pack was built. A pack of some
use cases holds all settings, the floors of the data classes of these use cases, and the changes of both.

In a CSV file, a cell that a spreadsheet would take for a formula begins with an apostrophe.
All times are UTC. Digests are SHA-256 in hexadecimal. JSON lines are canonical (RFC 8785).
`;
}
