import type { PolicyDocument } from "./document";
import type { Facts } from "./facts";
import { anyGlobMatches } from "./glob";
import type { SignalLevel } from "./vocabulary";

/**
 * The hosts of links in the content that the policy does not approve and whose level is at or under `upTo`. Empty
 * while the destinations are not baselined.
 */
export function unapprovedHosts(facts: Facts, document: PolicyDocument, upTo: SignalLevel = 4): string[] {
  const { destinations } = document.baseline;
  if (destinations === null) return [];
  return Object.entries(facts.links)
    .filter(([host, level]) => level <= upTo && !anyGlobMatches(destinations, host))
    .map(([host]) => host);
}

/**
 * The signal of `unknown-links`: the lowest level among the links that the policy does not approve, 0 for none.
 * Derived from facts and policy at evaluation, so that replay under other destinations is exact.
 */
export function unknownLinksLevel(facts: Facts, document: PolicyDocument): SignalLevel | 0 {
  const levels = unapprovedHosts(facts, document).map((host) => facts.links[host] as SignalLevel);
  return levels.length === 0 ? 0 : (Math.min(...levels) as SignalLevel);
}
