"use client";

import { Group, Input, SegmentedControl, TagsInput, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { type ReactNode, useId } from "react";

interface AnythingOrProps<T> {
  label: string;
  description?: ReactNode;
  value: T[] | null;
  onChange: (value: T[] | null) => void;
  error?: string | null;
  /** What the list starts with when it is first declared. */
  initial?: T[];
  children: (value: T[]) => ReactNode;
}

/** A list of the baseline: either anything goes, or only what is listed. */
export function AnythingOr<T>({
  label,
  description,
  value,
  onChange,
  error,
  initial,
  children,
}: AnythingOrProps<T>) {
  const id = useId();
  return (
    <fieldset aria-describedby={`${id}-help`} style={{ border: 0, padding: 0, margin: 0, minWidth: 0 }}>
      <Group justify="space-between" gap="xs" mb={4}>
        <Text component="legend" size="sm" fw={500} p={0}>
          {label}
        </Text>
        <SegmentedControl
          size="xs"
          aria-label={`${label}: what is approved`}
          value={value === null ? "anything" : "list"}
          onChange={(choice) => onChange(choice === "anything" ? null : (initial ?? []))}
          data={[
            { value: "anything", label: "Anything" },
            { value: "list", label: "Only these" },
          ]}
        />
      </Group>
      <Text id={`${id}-help`} size="xs" c="dimmed" mb={4}>
        {value === null ? "Not baselined: anything is within the baseline." : description}
      </Text>
      {value !== null && children(value)}
      {error && <FieldError>{error}</FieldError>}
    </fieldset>
  );
}

export function FieldError({ children }: { children: ReactNode }) {
  return (
    <Input.Error mt={4} role="alert">
      <IconAlertTriangle size={12} aria-hidden /> {children}
    </Input.Error>
  );
}

interface ListFieldProps {
  label: string;
  description: string;
  placeholder: string;
  value: string[] | null;
  onChange: (value: string[] | null) => void;
  error?: string | null;
}

/** Names and globs, added by Enter and taken away one by one. */
export function ListField({ placeholder, ...field }: ListFieldProps) {
  return (
    <AnythingOr {...field} error={field.error ?? null}>
      {(value) => (
        <TagsInput
          size="sm"
          aria-label={field.label}
          placeholder={value.length === 0 ? `Nothing is approved. Add ${placeholder}` : "Add another"}
          value={value}
          onChange={field.onChange}
          splitChars={[",", "\n"]}
          acceptValueOnBlur
          error={Boolean(field.error)}
          clearable
          clearButtonProps={{ "aria-label": `Clear ${field.label}` }}
        />
      )}
    </AnythingOr>
  );
}
