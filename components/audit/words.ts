import type { AuditEntryView } from "@/lib/audit/views";

type Subject = AuditEntryView["subject"];

/** `EXC-31`, or the kind with the start of the id. */
export function subjectText(subject: Subject): string {
  if (subject.ref) return subject.ref;
  const id = /^[0-9a-f]{8}-/.test(subject.id) ? `…${subject.id.slice(-8)}` : subject.id;
  return `${subject.kind.replaceAll("_", " ")} ${id}`;
}

/** The page of a subject; null when it has none of its own. */
export function subjectHref(subject: Subject): string | null {
  if (!subject.ref) return null;
  const pages: Record<string, string> = {
    appeal: "/telemetry/appeals",
    approval: "/approvals",
    campaign: "/exceptions/campaigns",
    evidence_pack: "/evidence",
    exception: "/exceptions",
    change: "/changes",
    use_case: "/use-cases",
  };
  const page = pages[subject.kind];
  return page ? `${page}/${encodeURIComponent(subject.ref)}` : null;
}
