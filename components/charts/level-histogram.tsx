"use client";

import { Box, Text, VisuallyHidden } from "@mantine/core";
import { useId } from "react";
import type { ControlLevels } from "@/lib/telemetry/views";
import type { Look } from "./looks";
import { PatternDefs, patternFill } from "./patterns";
import { type PreparedLevel, prepareLevels } from "./prepare-levels";

const SET: Look = {
  key: "set",
  label: "at this level",
  colour: "var(--mantine-primary-color-filled)",
  pattern: "solid",
};
const OTHER: Look = { key: "other", label: "elsewhere", colour: "var(--outcome-gap)", pattern: "diagonal" };
const [WIDTH, HEIGHT] = [10, 18];

/**
 * What each level of a control would have fired on, on one line, to stand beside its dial. It is its own table: every
 * bar has its level and its figure beside it, and the level that is set is marked in words too.
 */
export function LevelHistogram({ levels, title }: { levels: ControlLevels; title: string }) {
  return (
    <Box
      component="ul"
      aria-label={`${title}: what each level would have fired on`}
      p={0}
      m={0}
      style={{ display: "flex", gap: 12, listStyle: "none" }}
    >
      {prepareLevels(levels).map((level) => (
        <Level key={level.level} level={level} />
      ))}
    </Box>
  );
}

function Level({ level: { level, fired, length, isSet, text } }: { level: PreparedLevel }) {
  const prefix = useId();
  const look = isSet ? SET : OTHER;
  const height = (length / 100) * (HEIGHT - 1);
  return (
    <Box
      component="li"
      title={text}
      style={{ display: "flex", alignItems: "flex-end", gap: 4, minWidth: 64 }}
    >
      <svg width={WIDTH} height={HEIGHT} aria-hidden="true" style={{ display: "block" }}>
        <PatternDefs prefix={prefix} looks={[look]} />
        <rect
          x={0.5}
          y={HEIGHT - 0.5 - height}
          width={WIDTH - 1}
          height={height}
          fill={patternFill(prefix, look)}
          stroke={look.colour}
        />
      </svg>
      <Text size="xs" lh={1.1} fw={isSet ? 700 : 400} aria-hidden="true" style={{ whiteSpace: "nowrap" }}>
        {level}
        {isSet && " set"} {fired.toLocaleString("en-GB")}
      </Text>
      <VisuallyHidden>
        {text}
        {isSet ? ", the level that is set" : ""}
      </VisuallyHidden>
    </Box>
  );
}
