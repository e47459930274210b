/** Why somebody may not, for a reader: without the name of the permission, which is there for programs. */
export function plainReason(why: string): string {
  return why.replace(/ \(it needs [a-z-]+:[a-z-]+\)/, "");
}
