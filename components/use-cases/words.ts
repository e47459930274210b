import type { UseCaseSummary } from "@/lib/telemetry/views";

/** `212 of 8,410 (2.5 %)`: would-blocks of decisions; says so where there was no traffic. */
export function rateText(traffic: Pick<UseCaseSummary, "decisions" | "wouldBlock"> | null): string {
  if (traffic === null || traffic.decisions === 0) return "no traffic";
  const share = (traffic.wouldBlock / traffic.decisions) * 100;
  const percent = share === 0 ? "0" : share < 0.1 ? "< 0.1" : share.toFixed(1);
  return `${count(traffic.wouldBlock)} of ${count(traffic.decisions)} (${percent} %)`;
}

export function count(n: number): string {
  return n.toLocaleString("en-GB");
}

/** The name in addresses that a title suggests: `Support bot (EU)` → `support-bot-eu`. */
export function slugOf(title: string): string {
  return title
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60)
    .replace(/-+$/, "");
}
