import type { AuditAction, AuditEvent } from "@/lib/audit/events";
import { type ChangeRow, refOf } from "./row";

/** The audit entry of a move of a change. */
export function entryOf(
  row: Pick<ChangeRow, "id" | "ref"> & { useCase: { slug: string } | null },
  action: AuditAction,
  { reason, detail }: { reason?: string | null; detail?: Record<string, unknown> } = {},
): AuditEvent {
  return {
    action,
    subject: { kind: "change", id: row.id, ref: refOf(row) },
    ...(row.useCase ? { useCase: row.useCase.slug } : {}),
    ...(reason ? { reason } : {}),
    ...(detail ? { detail } : {}),
  };
}
