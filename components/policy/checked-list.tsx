"use client";

import { Checkbox, Group } from "@mantine/core";
import { AnythingOr } from "./list-field";

/** A list from a closed set: anything, or the checked ones. */
export function CheckedList<T extends string>({
  all,
  ...field
}: {
  label: string;
  description: string;
  all: readonly T[];
  value: T[] | null;
  onChange: (value: T[] | null) => void;
  error: string | null;
}) {
  return (
    <AnythingOr {...field} initial={[...all]}>
      {(value) => (
        <Group gap="sm">
          {all.map((item) => (
            <Checkbox
              key={item}
              size="xs"
              label={item}
              checked={value.includes(item)}
              onChange={(event) => {
                const { checked } = event.currentTarget;
                field.onChange(all.filter((other) => (other === item ? checked : value.includes(other))));
              }}
            />
          ))}
        </Group>
      )}
    </AnythingOr>
  );
}
