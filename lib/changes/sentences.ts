import type { LoadedChange } from "./row";
import { SEAT_TITLES, type Seat } from "./rules";

/** What still blocks an open change, in one sentence; null when nothing does, or when it is closed. */
export function blockedBy({ row, quorum, currentVersion }: LoadedChange): string | null {
  if (row.status === "draft") return `${row.requestedBy.name} has not submitted it yet.`;
  if (row.status !== "in_review" && row.status !== "approved") return null;
  if (quorum.conflicted) {
    return `The policy has moved to version ${currentVersion}: ${row.requestedBy.name} must rebase it from version ${row.baseVersion}.`;
  }
  if (quorum.open.length === 0) return null;
  if (row.status === "approved") {
    return `An approval no longer counts: ${row.requestedBy.name} must put it before the approvers again.`;
  }
  const seats = quorum.open.map(({ seat }) => seat);
  return `Waiting for ${listed(seats)}.`;
}

function listed(seats: readonly Seat[]): string {
  const leads = seats.filter((seat) => seat === "security_lead").length;
  const parts = [
    ...(seats.includes("risk_owner") ? [`the ${SEAT_TITLES.risk_owner.toLowerCase()}`] : []),
    ...(leads === 1 ? ["a security lead"] : leads > 1 ? [`${leads} security leads`] : []),
  ];
  return parts.join(" and ");
}
