import type { TokenScope } from "@/lib/access/permissions";

/** What each scope lets a token do, in words. */
export const SCOPE_WORDS = {
  read: { title: "Read", text: "what you may read: policies, changes, telemetry, the audit log" },
  propose: {
    title: "Read and propose",
    text: "also draft, edit, submit, withdraw and comment on changes of policy that are yours",
  },
} as const satisfies Record<TokenScope, { title: string; text: string }>;

/** The widest scope, by its title: `propose` reads too. */
export function scopeTitle(scopes: readonly TokenScope[]): string {
  return SCOPE_WORDS[scopes.includes("propose") ? "propose" : "read"].title;
}
