import { uuidv7 } from "uuidv7";
import type { Actor, Ctx } from "@/lib/access/context";
import { LOCKS } from "@/lib/db/locks";
import type { Tx } from "@/lib/db/prisma";
import { canonicalJson } from "@/lib/policy/canonical";
import type { AuditEvent } from "./events";
import { leafHash } from "./tree";

/** What an audit entry says, as it is hashed into the tree (RFC 8785 canonical JSON). */
export interface AuditRecord {
  number: number;
  id: string;
  at: string;
  action: string;
  actor: { kind: string; id: string; name: string };
  subject: { kind: string; id: string; ref: string | null };
  useCase: string | null;
  reason: string | null;
  detail: Record<string, unknown>;
}

/** The bytes of an entry whose RFC 6962 leaf hash stands in the tree. */
export function auditLeafBytes(record: AuditRecord): Uint8Array {
  return new TextEncoder().encode(canonicalJson(record));
}

/**
 * Writes the audit entry of a command inside its transaction: if this fails, nothing happened.
 * Returns the number of the entry. Writers wait for each other from here to the end of their transaction, so that
 * numbers have no gaps: record last.
 */
export async function recordEntry(
  tx: Tx,
  ctx: Pick<Ctx, "actor" | "now">,
  event: AuditEvent,
): Promise<number> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCKS.auditLog})`;
  const last = await tx.auditEntry.findFirst({ orderBy: { number: "desc" }, select: { number: true } });
  const record: AuditRecord = {
    number: Number(last?.number ?? 0n) + 1,
    id: uuidv7(),
    at: ctx.now.toISOString(),
    action: event.action,
    actor: describeActor(ctx.actor),
    subject: { kind: event.subject.kind, id: event.subject.id, ref: event.subject.ref ?? null },
    useCase: event.useCase ?? null,
    reason: event.reason ?? null,
    detail: JSON.parse(JSON.stringify(event.detail ?? {})),
  };
  await tx.auditEntry.create({
    data: {
      number: BigInt(record.number),
      id: record.id,
      at: ctx.now,
      action: record.action,
      actorKind: record.actor.kind,
      actorId: record.actor.id,
      actorName: record.actor.name,
      subjectKind: record.subject.kind,
      subjectId: record.subject.id,
      subjectRef: record.subject.ref,
      useCase: record.useCase,
      reason: record.reason,
      detail: record.detail as object,
      leafHash: Uint8Array.from(leafHash(auditLeafBytes(record))),
    },
  });
  return record.number;
}

function describeActor(actor: Actor | null): AuditRecord["actor"] {
  if (actor === null) return { kind: "nobody", id: "-", name: "not signed in" };
  if (actor.kind === "job") return { kind: "job", id: actor.name, name: actor.name };
  return { kind: "person", id: actor.id, name: actor.name };
}
