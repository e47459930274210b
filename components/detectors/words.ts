import type { DetectorTrial, DetectorView } from "@/lib/detectors/views";
import { getControl } from "@/lib/policy/catalogue";
import { SENSITIVITIES } from "@/lib/policy/vocabulary";

/** What came of a trial, in words. */
export function trialText({ isAvailable, ms, problem, hits }: DetectorTrial): string {
  if (!isAvailable) return problem ?? "It did not answer.";
  const found = hits.map(({ detector, level }) => {
    return `${getControl(detector)?.title ?? detector} (${SENSITIVITIES[level - 1] ?? level})`;
  });
  const what = found.length === 0 ? "nothing" : [...new Set(found)].join(", ");
  return `In ${ms} ms, as it should. In a harmless text it found ${what}.`;
}

/** What retiring it does to the use cases that ask it. */
export function retireText({ name, askedBy }: Pick<DetectorView, "name" | "askedBy">): string {
  if (askedBy.length === 0) return `No policy in force asks ${name}.`;
  return `${askedBy.join(", ")} ask${askedBy.length === 1 ? "s" : ""} it: from then on it counts there as one that does not answer, for each request, until a change takes it out of the policy.`;
}
