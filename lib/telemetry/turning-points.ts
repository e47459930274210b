import { boundaries, isInForce, type PolicyExceptionTerms } from "@/lib/policy/exception";

/** The instants inside the window at which the set of exceptions in force changes, sorted. */
export function turningPoints(exceptions: readonly PolicyExceptionTerms[], from: Date, to: Date): Date[] {
  const instants = new Set<number>();
  for (const terms of exceptions) {
    for (const at of boundaries(terms)) {
      const isInside = at > from && at < to;
      if (isInside && isInForce(terms, at) !== isInForce(terms, new Date(at.getTime() - 1)))
        instants.add(at.getTime());
    }
  }
  return [...instants].sort((a, b) => a - b).map((at) => new Date(at));
}
