import { Box } from "@mantine/core";
import classes from "./parts-bar.module.css";

/** Outcomes and effects by strictness, each with the outcome whose colour it has. */
const COLOURS: Record<string, string> = {
  allow: "allow",
  exempted: "exempted",
  flag: "flag",
  logged: "flag",
  would_redact: "redact",
  redact: "redact",
  redacted: "redact",
  would_require_approval: "require_approval",
  require_approval: "require_approval",
  needs_approval: "require_approval",
  would_block: "block",
  block: "block",
  blocked: "block",
};

const ORDER = Object.keys(COLOURS);

/** The parts of a whole in their order, the strictest last, with the colour of each. Zeroes are left out. */
export function orderedParts(parts: Record<string, number>): { part: string; n: number; colour: string }[] {
  return Object.entries(parts)
    .filter(([, n]) => n > 0)
    .sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b))
    .map(([part, n]) => ({ part, n, colour: `var(--outcome-${COLOURS[part] ?? part})` }));
}

/** A bar as long as its share of `max`, cut by parts. Only for the eye: the figures stand beside it. */
export function PartsBar({ parts, max }: { parts: Record<string, number>; max: number }) {
  return (
    <Box className={classes["bar"]} aria-hidden>
      {orderedParts(parts).map(({ part, n, colour }) => (
        <span key={part} style={{ width: `${(n / Math.max(max, 1)) * 100}%`, background: colour }} />
      ))}
    </Box>
  );
}
