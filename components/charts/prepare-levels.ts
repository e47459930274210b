import { SENSITIVITIES, type Sensitivity } from "@/lib/policy/vocabulary";
import type { ControlLevels } from "@/lib/telemetry/views";

export interface PreparedLevel {
  level: Sensitivity;
  /** Decisions on which the control fires at this level. */
  fired: number;
  /** Share of the decisions that the control applies to, in percent; null where there are none. */
  share: number | null;
  /** Of the widest level, in percent: the length of the bar. */
  length: number;
  /** Is this where the dial stands? */
  isSet: boolean;
  /** `L2: 48 of 1,200 decisions (4.0 %), 12 more than L1`. */
  text: string;
}

/** What the histogram beside a control's dial draws: what each level would have fired on. */
export function prepareLevels(levels: ControlLevels): PreparedLevel[] {
  const widest = Math.max(1, levels.fired.L4);
  return SENSITIVITIES.map((level, index) => {
    const fired = levels.fired[level];
    const narrower = SENSITIVITIES[index - 1];
    const added = fired - (narrower ? levels.fired[narrower] : 0);
    const share = levels.of > 0 ? (fired / levels.of) * 100 : null;
    const percent = share === null ? "" : ` (${shareText(share)})`;
    const more = narrower && added > 0 ? `, ${added.toLocaleString("en-GB")} more than ${narrower}` : "";
    return {
      level,
      fired,
      share,
      length: (fired / widest) * 100,
      isSet: levels.sensitivity === level && levels.mode !== null && levels.mode !== "off",
      text: `${level}: ${fired.toLocaleString("en-GB")} of ${levels.of.toLocaleString("en-GB")} decisions${percent}${more}`,
    };
  });
}

/** A small share is not rounded away: `under 0.1 %`. */
function shareText(percent: number): string {
  if (percent > 0 && percent < 0.1) return "under 0.1 %";
  return `${percent.toFixed(1)} %`;
}
