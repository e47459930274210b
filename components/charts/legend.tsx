import { Group, Text } from "@mantine/core";
import { useId } from "react";
import type { Look } from "./looks";
import { PatternDefs, patternFill } from "./patterns";

/** What each colour and pattern stands for, in words. */
export function Legend({ looks, gap = false }: { looks: readonly Look[]; gap?: boolean }) {
  const prefix = useId();
  const shown = gap ? [...looks, GAP_LOOK] : looks;
  return (
    <Group gap="md" component="ul" p={0} m={0} style={{ listStyle: "none" }} aria-label="Legend">
      {shown.map((look) => (
        <Group key={look.key} gap={6} component="li" wrap="nowrap">
          <svg width={14} height={14} aria-hidden="true">
            <PatternDefs prefix={prefix} looks={[look]} />
            <rect
              x={0.5}
              y={0.5}
              width={13}
              height={13}
              fill={patternFill(prefix, look)}
              stroke={look.colour}
            />
          </svg>
          <Text size="xs">{look.label}</Text>
        </Group>
      ))}
    </Group>
  );
}

/** How a stretch without telemetry looks. */
export const GAP_LOOK: Look = {
  key: "gap",
  label: "no telemetry",
  colour: "var(--outcome-gap)",
  pattern: "diagonal",
};
