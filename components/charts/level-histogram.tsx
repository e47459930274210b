"use client";

import { Box, Text, VisuallyHidden } from "@mantine/core";
import type { ControlLevels } from "@/lib/telemetry/views";
import type { Look } from "./looks";
import { PatternBar } from "./pattern-bar";
import { prepareLevels } from "./prepare-levels";

const SET: Look = { key: "set", label: "at this level", colour: "var(--outcome-block)", pattern: "solid" };
const OTHER: Look = {
  key: "other",
  label: "at other levels",
  colour: "var(--outcome-gap)",
  pattern: "diagonal",
};

/**
 * What each level of a control would have fired on, small enough to stand beside its dial. It is its own table: every
 * row says its level and its figure; the level that is set is marked in words too.
 */
export function LevelHistogram({ levels, title }: { levels: ControlLevels; title: string }) {
  return (
    <Box component="ul" aria-label={`${title}: what each level would have fired on`} p={0} m={0} maw={260}>
      {prepareLevels(levels).map(({ level, fired, length, isSet, text }) => (
        <Box
          component="li"
          key={level}
          title={text}
          style={{ display: "grid", gridTemplateColumns: "3.2rem 1fr 4rem", gap: 6, alignItems: "center" }}
        >
          <Text size="xs" fw={isSet ? 700 : 400} aria-hidden="true">
            {level}
            {isSet ? " set" : ""}
          </Text>
          <PatternBar parts={[{ look: isSet ? SET : OTHER, length }]} height={9} />
          <Text size="xs" ta="right" aria-hidden="true">
            {fired.toLocaleString("en-GB")}
          </Text>
          <VisuallyHidden>
            {text}
            {isSet ? ", the level that is set" : ""}
          </VisuallyHidden>
        </Box>
      ))}
    </Box>
  );
}
