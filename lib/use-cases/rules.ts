/** The name that requests carry for a purpose: `Customer support` → `customer-support`. */
export function purposeSlug(purpose: string): string {
  return purpose
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
}
