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
  /** The same a little later, when all that comes before has happened. */
  later: (minutes: number) => Promise<SampleStage>;
  /** The same after so many hours in which people work. */
  atWork: (hours: number) => Promise<SampleStage>;
  /** A request besides the written traffic, decided and recorded; what it waits for when a person must decide. */
  ask: (request: Omit<SampleRequest, "at">) => Promise<Approval | null>;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Hours of the day (UTC) in which people of the sample begin and end their work. */
const WORK = { from: 8, to: 17 };

export const SAMPLE_DAYS = 30;

/** An hour of the day so many days ago, or of the last working day before it. */
export function ago(now: Date, days: number, hour: number): Date {
  const date = new Date(now.getTime() - days * DAY_MS);
  date.setUTCHours(hour, 12, 0, 0);
  while (isWeekend(date)) date.setTime(date.getTime() - DAY_MS);
  return date;
}

/** The instant after so many hours of work: nights and weekends do not count. */
export function afterWork(from: Date, hours: number): Date {
  const at = new Date(from);
  for (let left = hours * HOUR_MS; ; ) {
    const begin = new Date(at).setUTCHours(WORK.from, 0, 0, 0);
    const end = new Date(at).setUTCHours(WORK.to, 0, 0, 0);
    const since = Math.max(at.getTime(), begin);
    const today = isWeekend(at) ? 0 : Math.max(0, end - since);
    if (left <= today) return new Date(since + left);
    left -= today;
    at.setTime(begin + DAY_MS);
  }
}

function isWeekend(date: Date): boolean {
  return [0, 6].includes(date.getUTCDay());
}
