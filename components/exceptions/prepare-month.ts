import type { CalendarEvent } from "@/lib/exceptions/views";

export interface CalendarDay {
  /** `2026-03-02`, a day in the reader's zone. */
  day: string;
  number: number;
  inMonth: boolean;
  isToday: boolean;
  events: CalendarEvent[];
}

/** A month as weeks of seven days from Monday, with what happens on each day as the reader's zone has it. */
export function prepareMonth(
  month: string,
  events: readonly CalendarEvent[],
  timeZone: string,
  now: string,
): CalendarDay[][] {
  const dayOf = (at: string) => dayIn(at, timeZone);
  const byDay = Map.groupBy(events, ({ at }) => dayOf(at));
  const today = dayOf(now);
  const first = new Date(`${month}-01T00:00:00Z`);
  const monday = (first.getUTCDay() + 6) % 7;
  const length = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  const weeks = Math.ceil((monday + length) / 7);
  return Array.from({ length: weeks }, (_, week) =>
    Array.from({ length: 7 }, (__, weekday): CalendarDay => {
      const date = new Date(first.getTime() + (week * 7 + weekday - monday) * 86_400_000);
      const day = date.toISOString().slice(0, 10);
      return {
        day,
        number: date.getUTCDate(),
        inMonth: day.startsWith(month),
        isToday: day === today,
        events: byDay.get(day) ?? [],
      };
    }),
  );
}

/** The day of an instant in a zone, `2026-03-02`. */
export function dayIn(at: string, timeZone: string): string {
  const format = { timeZone, year: "numeric", month: "2-digit", day: "2-digit" } as const;
  return new Intl.DateTimeFormat("en-CA", format).format(new Date(at));
}

/** The month so many months after (or before) another: `2026-03`. */
export function monthAfter(month: string, by: number): string {
  const [year = 2026, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}

/** From when to when to ask for a month, so that no zone lacks a day: a week more on each side. */
export function windowOf(month: string): { from: string; to: string } {
  const start = Date.parse(`${month}-01T00:00:00Z`);
  const end = Date.parse(`${monthAfter(month, 1)}-01T00:00:00Z`);
  return {
    from: new Date(start - 8 * 86_400_000).toISOString(),
    to: new Date(end + 8 * 86_400_000).toISOString(),
  };
}

/** Is it a month, and one that the calendar reaches? */
export function isMonth(text: string | null): text is string {
  return text !== null && /^20\d\d-(0[1-9]|1[0-2])$/.test(text);
}
