"use client";

import { Box, Text, VisuallyHidden } from "@mantine/core";
import { useId } from "react";
import { LinkAnchor } from "@/components/ui/links";
import type { Sensitivity } from "@/lib/policy/vocabulary";
import type { ControlSensitivity } from "@/lib/readiness/views";
import type { Look } from "./looks";
import { PatternDefs, patternFill } from "./patterns";
import { type PreparedLevel, prepareLevels, RULED, type Ruled } from "./prepare-levels";

const LOOKS: Record<Ruled, Look> = {
  true_positive: {
    key: "true_positive",
    label: "ruled true",
    colour: "var(--outcome-allow)",
    pattern: "solid",
  },
  false_positive: {
    key: "false_positive",
    label: "ruled false",
    colour: "var(--outcome-block)",
    pattern: "cross",
  },
  unsure: { key: "unsure", label: "unsure", colour: "var(--outcome-flag)", pattern: "dots" },
  unruled: { key: "unruled", label: "not ruled", colour: "var(--outcome-gap)", pattern: "diagonal" },
};
const [WIDTH, HEIGHT] = [12, 18];

interface LevelHistogramProps {
  levels: ControlSensitivity;
  title: string;
  /** Where a level other than the one that is set is proposed; null where the reader may not. */
  proposeHref: ((level: Sensitivity) => string) | null;
}

/**
 * What each level of a control would have fired on, split by ruling, on one line, to stand beside its dial. Every bar
 * has its level and its figure beside it, and the level that is set is marked in words too.
 */
export function LevelHistogram({ levels, title, proposeHref }: LevelHistogramProps) {
  return (
    <Box
      component="ul"
      aria-label={`${title}: what each level would have fired on`}
      p={0}
      m={0}
      style={{ display: "flex", gap: 6, listStyle: "none" }}
    >
      {prepareLevels(levels).map((level) => (
        <Level
          key={level.level}
          level={level}
          title={title}
          href={level.isSet || proposeHref === null ? null : proposeHref(level.level)}
        />
      ))}
    </Box>
  );
}

/** What the parts of the bars mean. */
export function LevelLegend() {
  const prefix = useId();
  return (
    <Box component="ul" aria-label="Parts of the bars" p={0} m={0} style={LEGEND}>
      {RULED.toReversed().map((ruled) => (
        <Box component="li" key={ruled} style={{ display: "flex", alignItems: "center", gap: 4 }}>
          <svg width={WIDTH} height={WIDTH} aria-hidden="true">
            <PatternDefs prefix={prefix} looks={[LOOKS[ruled]]} />
            <rect
              x={0.5}
              y={0.5}
              width={WIDTH - 1}
              height={WIDTH - 1}
              fill={patternFill(prefix, LOOKS[ruled])}
              stroke={LOOKS[ruled].colour}
            />
          </svg>
          <Text size="xs">{LOOKS[ruled].label}</Text>
        </Box>
      ))}
    </Box>
  );
}

const LEGEND = { display: "flex", flexWrap: "wrap", gap: 12, listStyle: "none" } as const;

function Level({
  level: prepared,
  title,
  href,
}: {
  level: PreparedLevel;
  title: string;
  href: string | null;
}) {
  const { level, fired, isSet, text } = prepared;
  const words = (
    <>
      {level}
      {isSet && " set"} {fired.toLocaleString("en-GB")}
    </>
  );
  return (
    <Box
      component="li"
      title={text}
      style={{ display: "flex", alignItems: "flex-end", gap: 4, minWidth: 78 }}
    >
      <Bar parts={prepared.parts} />
      {href ? (
        <LinkAnchor href={href} size="xs" lh={1.1} underline="always" prefetch={false} style={NOWRAP}>
          {words}
          <VisuallyHidden>
            : propose {level} for {title}. {text}
          </VisuallyHidden>
        </LinkAnchor>
      ) : (
        <>
          <Text size="xs" lh={1.1} fw={isSet ? 700 : 400} aria-hidden="true" style={NOWRAP}>
            {words}
          </Text>
          <VisuallyHidden>
            {text}
            {isSet ? ", the level that is set" : ""}
          </VisuallyHidden>
        </>
      )}
    </Box>
  );
}

const NOWRAP = { whiteSpace: "nowrap" } as const;

/** A bar of its parts from the bottom up; nothing but its ground where nothing fires. */
function Bar({ parts }: Pick<PreparedLevel, "parts">) {
  const prefix = useId();
  let top = HEIGHT - 0.5;
  return (
    <svg width={WIDTH} height={HEIGHT} aria-hidden="true" style={{ display: "block", flex: "none" }}>
      <PatternDefs prefix={prefix} looks={parts.map(({ ruled }) => LOOKS[ruled])} />
      {parts.map(({ ruled, length }) => {
        const height = (length / 100) * (HEIGHT - 1);
        top -= height;
        return (
          <rect
            key={ruled}
            x={0.5}
            y={top}
            width={WIDTH - 1}
            height={height}
            fill={patternFill(prefix, LOOKS[ruled])}
            stroke={LOOKS[ruled].colour}
          />
        );
      })}
      <line x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} stroke="var(--outcome-gap)" />
    </svg>
  );
}
