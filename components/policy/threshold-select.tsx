"use client";

import { NativeSelect } from "@mantine/core";

interface ThresholdSelectProps {
  label: string;
  description?: string;
  bounds: readonly number[];
  value: number | null;
  onChange: (value: number | null) => void;
  /** Writes a bound; plain grouping otherwise. */
  say?: (bound: number) => string;
  error?: string | null;
  /** There is always a limit. */
  required?: boolean;
}

/** A limit that may stand on bucket bounds only, or no limit. */
export function ThresholdSelect({
  label,
  description,
  bounds,
  value,
  onChange,
  say,
  error,
  required,
}: ThresholdSelectProps) {
  const write = say ?? ((bound: number) => `at most ${bound.toLocaleString("en-GB")}`);
  return (
    <NativeSelect
      size="sm"
      label={label}
      description={description}
      value={value === null ? "" : String(value)}
      onChange={(event) =>
        onChange(event.currentTarget.value === "" ? null : Number(event.currentTarget.value))
      }
      data={[
        ...(required ? [] : [{ value: "", label: "no limit" }]),
        ...bounds.map((bound) => ({ value: String(bound), label: write(bound) })),
      ]}
      error={error ?? null}
    />
  );
}

/** 720 → "30 days", 8 → "8 hours". */
export function hoursText(hours: number): string {
  if (hours < 24 || hours % 24 !== 0) return `${hours} ${hours === 1 ? "hour" : "hours"}`;
  const days = hours / 24;
  return `${days} ${days === 1 ? "day" : "days"}`;
}
