import type { ApprovalRow } from "./row";

/** What the audit log says of a verdict: which request it is bound to, never what it held. */
export function entryDetail(row: ApprovalRow): Record<string, unknown> {
  return {
    requestDigest: digestText(row),
    decisionId: row.decisionId,
    workload: row.workload.slug,
    controls: row.controls,
    expiresAt: row.expiresAt.toISOString(),
  };
}

/** `hmac-sha256:<hex>` of the request that was held. */
export function digestText({ requestDigest }: Pick<ApprovalRow, "requestDigest">): string {
  return `hmac-sha256:${Buffer.from(requestDigest).toString("hex")}`;
}
