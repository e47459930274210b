import type { ClientBase } from "pg";
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
  const record = toRecord(Number(last?.number ?? 0n) + 1, ctx.now, describeActor(ctx.actor), {
    ...event,
    detail: { ...event.detail, ...viaOf(ctx.actor) },
  });
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

const LAST = `SELECT number FROM audit_entry ORDER BY number DESC LIMIT 1`;
const INSERT = `
INSERT INTO audit_entry (number, id, at, action, actor_kind, actor_id, actor_name, subject_kind, subject_id, subject_ref,
  use_case, reason, detail, leaf_hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`;

/**
 * The same over a plain connection, inside the transaction that is open on it: for what a workload does by itself.
 * Returns the number of the entry.
 */
export async function recordWorkloadEntry(
  client: ClientBase,
  workload: { id: string; slug: string },
  now: Date,
  event: AuditEvent,
): Promise<number> {
  await client.query("SELECT pg_advisory_xact_lock($1)", [LOCKS.auditLog]);
  const { rows } = await client.query<{ number: string }>(LAST);
  const actor = { kind: "workload", id: workload.id, name: workload.slug };
  const record = toRecord(Number(rows[0]?.number ?? 0) + 1, now, actor, event);
  await client.query(INSERT, [
    record.number,
    record.id,
    now,
    record.action,
    actor.kind,
    actor.id,
    actor.name,
    record.subject.kind,
    record.subject.id,
    record.subject.ref,
    record.useCase,
    record.reason,
    JSON.stringify(record.detail),
    Buffer.from(leafHash(auditLeafBytes(record))),
  ]);
  return record.number;
}

function toRecord(number: number, at: Date, actor: AuditRecord["actor"], event: AuditEvent): AuditRecord {
  return {
    number,
    id: uuidv7(),
    at: at.toISOString(),
    action: event.action,
    actor,
    subject: { kind: event.subject.kind, id: event.subject.id, ref: event.subject.ref ?? null },
    useCase: event.useCase ?? null,
    reason: event.reason ?? null,
    detail: JSON.parse(JSON.stringify(event.detail ?? {})),
  };
}

function describeActor(actor: Actor | null): AuditRecord["actor"] {
  if (actor === null) return { kind: "nobody", id: "-", name: "not signed in" };
  if (actor.kind === "job") return { kind: "job", id: actor.name, name: actor.name };
  return { kind: "person", id: actor.id, name: actor.name };
}

/** The token through which a person acted, for the detail of the entry. */
function viaOf(actor: Actor | null): { via?: { token: string; label: string } } {
  if (actor?.kind !== "person" || !actor.via) return {};
  return { via: { token: actor.via.prefix, label: actor.via.label } };
}
