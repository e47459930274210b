"use client";

import { TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useState } from "react";

interface SearchInputProps {
  label?: string;
  placeholder?: string;
  /** What is searched for now, such as the address says. */
  value: string;
  onChange: (text: string) => void;
}

/** Searches a third of a second after the last key; follows `value` when it changes elsewhere. */
export function SearchInput({ label = "Search", placeholder, value, onChange }: SearchInputProps) {
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  const [sent, setSent] = useState(value);
  const send = useDebouncedCallback((next: string) => {
    setSent(next);
    onChange(next);
  }, 300);
  if (value !== seen) {
    setSeen(value);
    if (value !== sent) setText(value);
  }
  return (
    <TextInput
      label={label}
      placeholder={placeholder}
      type="search"
      size="xs"
      w={230}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        send(event.currentTarget.value.trim());
      }}
    />
  );
}
