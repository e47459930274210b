import type { Ctx, PersonActor } from "@/lib/access/context";
import type { Db } from "@/lib/db/prisma";
import type { Approval } from "@/lib/pdp/answer";
import type { PersonKey } from "./people";
import type { SampleRequest } from "./traffic";

/** What happened in the sample organisation, through the real commands, each by its person and at its time. */
export interface SampleEvent {
  at: Date;
  happen: (stage: SampleStage) => Promise<void>;
}

export interface SampleStage {
  db: Db;
  /** The context of a person at the time of the event. */
  as: (key: PersonKey) => Ctx & { actor: PersonActor };
  idOf: (key: PersonKey) => string;
  at: Date;
  /** The same a little later. */
  later: (minutes: number) => SampleStage;
  /** A request besides the written traffic, decided and recorded; what it waits for when a person must decide. */
  ask: (request: Omit<SampleRequest, "at">) => Promise<Approval | null>;
}

const DAY_MS = 86_400_000;
export const SAMPLE_DAYS = 30;

/** An hour of a day so many days ago; a minute ago where that is still ahead. */
export function ago(now: Date, days: number, hour: number): Date {
  const date = new Date(now.getTime() - days * DAY_MS);
  return new Date(Math.min(date.setUTCHours(hour, 12, 0, 0), now.getTime() - 60_000));
}
