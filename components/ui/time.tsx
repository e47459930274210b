"use client";

import { Text, Tooltip } from "@mantine/core";
import { useSyncExternalStore } from "react";

const never = () => () => {};

/** True once the browser has taken over: only then is the reader's time zone known. */
export function useInBrowser(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}

const LOCAL = { dateStyle: "medium", timeStyle: "short" } as const;
const TO_THE_SECOND = { dateStyle: "medium", timeStyle: "medium" } as const;

interface TimeProps {
  at: string | Date;
  dateOnly?: boolean;
  seconds?: boolean;
}

/** An instant in the reader's zone, with the exact UTC on hover and for assistive technology. */
export function Time({ at, dateOnly = false, seconds = false }: TimeProps) {
  const inBrowser = useInBrowser();
  const date = new Date(at);
  const format = dateOnly ? { dateStyle: "medium" as const } : seconds ? TO_THE_SECOND : LOCAL;
  const text = new Intl.DateTimeFormat("en-GB", inBrowser ? format : { ...format, timeZone: "UTC" }).format(
    date,
  );
  return (
    <Tooltip label={`${date.toISOString()} (UTC)`}>
      <Text component="time" dateTime={date.toISOString()} inherit style={{ whiteSpace: "nowrap" }}>
        {text}
      </Text>
    </Tooltip>
  );
}
