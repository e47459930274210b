import { WordBadge } from "@/components/vocabulary/badges";
import { hoursLeft, leftText } from "@/lib/policy/time-left";
import type { CredentialView } from "@/lib/workloads/views";

const DAY_MS = 86_400_000;
/** A credential with fewer days left should be rotated. */
const SOON_DAYS = 14;

/** Where a credential stands; one that ends soon says so. */
export function CredentialBadge({ credential, now }: { credential: CredentialView; now: string }) {
  if (credential.state !== "valid") return <WordBadge word={credential.state}>{credential.state}</WordBadge>;
  const left = Date.parse(credential.expiresAt) - Date.parse(now);
  return left < SOON_DAYS * DAY_MS ? (
    <WordBadge word="review_overdue">expires soon</WordBadge>
  ) : (
    <WordBadge word="in_force">valid</WordBadge>
  );
}

/** `12 days left`. */
export function timeLeft(iso: string, now: string): string {
  return `${leftText(hoursLeft(new Date(iso), new Date(now)))} left`;
}
