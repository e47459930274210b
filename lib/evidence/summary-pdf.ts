import { Document, Page, renderToBuffer, StyleSheet, Text, View } from "@react-pdf/renderer";
import { createElement as h, type ReactElement } from "react";
import type { SignedHead } from "@/lib/audit/checkpoint";
import type { CurrentManifest } from "./format";

const styles = StyleSheet.create({
  page: { padding: 48, fontSize: 10, fontFamily: "Helvetica", color: "#1a1a1a" },
  title: { fontSize: 20, fontFamily: "Helvetica-Bold", marginBottom: 4 },
  lead: { fontSize: 10, marginBottom: 8, lineHeight: 1.4 },
  heading: { fontSize: 12, fontFamily: "Helvetica-Bold", marginTop: 14, marginBottom: 6 },
  row: { flexDirection: "row", borderBottomWidth: 0.5, borderBottomColor: "#cccccc", paddingVertical: 3 },
  name: { width: 190 },
  value: { flex: 1 },
  mono: { flex: 1, fontFamily: "Courier", fontSize: 7.5 },
  text: { fontSize: 10, lineHeight: 1.4 },
});

type Pair = readonly [name: string, value: string, mono?: boolean];

const count = (value: number) => value.toLocaleString("en");
const instant = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;

function table(pairs: readonly Pair[]): ReactElement {
  const rows = pairs.map(([name, value, mono]) =>
    h(
      View,
      { style: styles.row, key: name },
      h(Text, { style: styles.name }, name),
      h(Text, { style: mono ? styles.mono : styles.value }, value),
    ),
  );
  return h(View, {}, ...rows);
}

function section(title: string, content: ReactElement): ReactElement {
  return h(View, { key: title }, h(Text, { style: styles.heading }, title), content);
}

const OUTCOMES = ["allow", "flag", "redact", "require_approval", "block"];

function outcomePairs(byOutcome: Readonly<Record<string, number>>): Pair[] {
  const known = OUTCOMES.map(
    (outcome) => [outcome.replace("_", " "), count(byOutcome[outcome] ?? 0)] as const,
  );
  return known;
}

/** Says which use cases, and no more of their names than a line or two hold. */
function scopeText(useCases: readonly string[]): string {
  if (useCases.length === 0) return "every use case";
  const shown = useCases.slice(0, 6).join(", ");
  return useCases.length > 6 ? `${shown} and ${useCases.length - 6} more` : shown;
}

/** The one-page summary of a pack. The same facets and head give the same bytes. */
export async function summaryPdf(
  facets: Omit<CurrentManifest, "files">,
  head: SignedHead,
): Promise<Uint8Array> {
  const { ref, period, useCases, counts, keyId, createdAt } = facets;
  const lead = `${scopeText(useCases)}, from ${instant(period.from)} until ${instant(period.to)}. Asked for at ${instant(createdAt)}.`;
  const verify = [
    "Verify this pack with nothing but the file and the public key of the installation: npm run verify-evidence -- PACK --key public-key.pem",
    `Get the key, or its id ${keyId}, from the people who run the installation, not from the pack. One changed byte anywhere in the file does not verify.`,
  ].join("\n");
  const page = h(
    Page,
    { size: "A4", style: styles.page },
    h(Text, { style: styles.title }, `Evidence pack ${ref}`),
    h(Text, { style: styles.lead }, lead),
    section(
      "Decisions by outcome",
      table([["all", count(counts.decisions)], ...outcomePairs(counts.byOutcome)]),
    ),
    section(
      "Governance",
      table([
        ["policy versions", count(counts.policies)],
        ["change requests", count(counts.changes)],
        ["exceptions", count(counts.exceptions)],
        ["rulings and appeals", `${count(counts.rulings)} and ${count(counts.appeals)}`],
        ["held requests", count(counts["held-requests"])],
        ["versions of settings and floors", `${count(counts.settings)} and ${count(counts.floors)}`],
        ["audit entries", count(counts.auditEntries)],
      ]),
    ),
    section(
      "Proof",
      table([
        ["batches of decisions", `${count(counts.batches)} under ${count(counts.anchors)} audit entries`],
        ["audit log, signed at", `${instant(head.at.toISOString())}, ${count(head.size)} entries`],
        ["root of the log", Buffer.from(head.root).toString("hex"), true],
        ["signing key", keyId, true],
      ]),
    ),
    section("How to verify", h(Text, { style: styles.text }, verify)),
  );
  const created = new Date(createdAt);
  const properties = { title: `Evidence pack ${ref}`, creationDate: created, modificationDate: created };
  return renderToBuffer(h(Document, { ...properties, creator: "Sluice", producer: "Sluice" }, page));
}
