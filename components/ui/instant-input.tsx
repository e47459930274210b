"use client";

import { TextInput, type TextInputProps } from "@mantine/core";
import { useInBrowser } from "./time";

type InstantInputProps = Omit<TextInputProps, "value" | "onChange" | "type" | "defaultValue"> & {
  /** ISO 8601, or empty. */
  value?: string;
  onChange?: (iso: string) => void;
};

/** A date and time in the reader's zone; takes and gives ISO 8601 in UTC. */
export function InstantInput({ value = "", onChange, error, ...rest }: InstantInputProps) {
  const inBrowser = useInBrowser();
  return (
    <TextInput
      type="datetime-local"
      {...rest}
      error={error && value === "" ? "choose a date and time" : error}
      value={inputText(value, inBrowser)}
      onChange={(event) => onChange?.(isoOf(event.currentTarget.value))}
    />
  );
}

function inputText(iso: string, local: boolean): string {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return "";
  const shift = local ? new Date(at).getTimezoneOffset() * 60_000 : 0;
  // Seconds stand there only when there are some.
  return new Date(at - shift).toISOString().slice(0, at % 60_000 < 1_000 ? 16 : 19);
}

function isoOf(text: string): string {
  const at = text ? new Date(text).getTime() : Number.NaN;
  return Number.isNaN(at) ? "" : new Date(at).toISOString();
}
