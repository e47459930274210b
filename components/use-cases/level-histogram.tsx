import { SENSITIVITIES } from "@/lib/policy/document";
import type { ControlLevels } from "@/lib/telemetry/views";
import classes from "./level-histogram.module.css";
import { count } from "./words";

/** What each level would have fired on, as four small bars with their numbers; the level that is set is marked. */
export function LevelHistogram({ levels }: { levels: ControlLevels }) {
  const highest = Math.max(1, ...SENSITIVITIES.map((level) => levels.fired[level]));
  return (
    <div className={classes["histogram"]} title={`of ${count(levels.of)} decisions that it applies to`}>
      {SENSITIVITIES.map((level) => (
        <span key={level} className={classes["level"]} data-set={levels.sensitivity === level || undefined}>
          <span className={classes["track"]} aria-hidden>
            <span style={{ height: `${(levels.fired[level] / highest) * 100}%` }} />
          </span>
          <span>
            {level}
            {levels.sensitivity === level && "*"} {count(levels.fired[level])}
          </span>
        </span>
      ))}
    </div>
  );
}
