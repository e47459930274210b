"use client";

import { Textarea } from "@mantine/core";
import { useState } from "react";
import { FieldError } from "@/components/policy/list-field";

interface LinesFieldProps {
  label: string;
  /** One of them, such as `Phrase`. */
  noun: string;
  description: string;
  value: readonly string[];
  onChange: (lines: string[]) => void;
  /** Messages by the place of their entry, from 0. */
  problems: ReadonlyMap<number, string>;
}

const linesOf = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

/** A list that is written one entry to a line; what is wrong names its entry. */
export function LinesField({ label, noun, description, value, onChange, problems }: LinesFieldProps) {
  const [text, setText] = useState(value.join("\n"));
  const moved = linesOf(text).join("\n") !== value.join("\n");
  const shown = moved ? value.join("\n") : text;
  return (
    <div>
      <Textarea
        label={label}
        description={description}
        autosize
        minRows={2}
        maxRows={12}
        spellCheck={false}
        value={shown}
        onChange={(event) => {
          setText(event.currentTarget.value);
          onChange(linesOf(event.currentTarget.value));
        }}
        error={problems.size > 0}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: "13px" } }}
      />
      {[...problems].map(([index, message]) => (
        <FieldError key={index}>
          {noun} {index + 1} ({value[index]}): {message}
        </FieldError>
      ))}
    </div>
  );
}
