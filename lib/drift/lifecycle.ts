/** An incident is open until somebody closes it; how an undeclared value stands is computed, never stored. */

export const INCIDENT_STATUSES = ["open", "closed"] as const;
export type IncidentStatus = (typeof INCIDENT_STATUSES)[number];

interface Transition {
  from: readonly IncidentStatus[];
  to: IncidentStatus;
}

/** A value is marked as an incident out of the queue; the incident is then closed, once. */
export const TRANSITIONS = {
  close: { from: ["open"], to: "closed" },
} as const satisfies Record<string, Transition>;

export type IncidentAction = keyof typeof TRANSITIONS;
export const INCIDENT_ACTIONS = Object.keys(TRANSITIONS) as IncidentAction[];

/** Does the state allow the move? Says nothing of who. */
export function mayMove(status: IncidentStatus, action: IncidentAction): boolean {
  const from: readonly IncidentStatus[] = TRANSITIONS[action].from;
  return from.includes(status);
}

/**
 * How an undeclared value stands. `waiting`: in the queue, for one of three answers. `covered`: exceptions in force spare
 * all of it. `incident`: it is being looked into. `closed`: its incident was closed, and it was not seen since.
 */
export const DRIFT_STATES = ["waiting", "covered", "incident", "closed"] as const;
export type DriftState = (typeof DRIFT_STATES)[number];

interface Standing {
  /** Status of its newest incident; null when there was none. */
  incident: IncidentStatus | null;
  /** Was it met after its newest incident was closed? */
  seenAgain: boolean;
  isCovered: boolean;
}

/** Where an undeclared value stands now. */
export function driftState({ incident, seenAgain, isCovered }: Standing): DriftState {
  if (incident === "open") return "incident";
  if (incident === "closed" && !seenAgain) return "closed";
  return isCovered ? "covered" : "waiting";
}
