import { useId } from "react";
import type { Look } from "./looks";
import { PatternDefs, patternFill } from "./patterns";

interface PatternBarProps {
  /** One after the other; `length` in percent of the whole width. */
  parts: readonly { look: Look; length: number }[];
  /** Pixels. */
  height?: number;
}

/** A bar of parts, for the eye only: the figures stand beside it in words. */
export function PatternBar({ parts, height = 12 }: PatternBarProps) {
  const prefix = useId();
  let start = 0;
  const placed = parts.map(({ look, length }) => {
    const x = start;
    start += length;
    return { look, length, x };
  });
  return (
    <svg width="100%" height={height} aria-hidden="true" style={{ display: "block" }}>
      <PatternDefs prefix={prefix} looks={parts.map(({ look }) => look)} />
      {placed.map(({ look, length, x }) => (
        <rect
          key={look.key}
          x={`${x}%`}
          y={0.5}
          width={`${length}%`}
          height={height - 1}
          fill={patternFill(prefix, look)}
          stroke={look.colour}
        />
      ))}
    </svg>
  );
}
