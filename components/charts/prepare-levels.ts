import type { Sensitivity } from "@/lib/policy/vocabulary";
import type { ControlSensitivity, LevelEvidence } from "@/lib/readiness/views";

/** How what a level fires on was ruled, in the order in which it is stacked from the bottom. */
export const RULED = ["false_positive", "unsure", "true_positive", "unruled"] as const;
export type Ruled = (typeof RULED)[number];

export interface PreparedLevel {
  level: Sensitivity;
  /** Decisions on which the control fires at this level. */
  fired: number;
  /** Share of the decisions that the control applies to, in percent; null where there are none. */
  share: number | null;
  /** Of the widest level, in percent: the length of the bar. */
  length: number;
  /** Parts of the bar by ruling, none of them empty; lengths add up to `length`. */
  parts: { ruled: Ruled; n: number; length: number }[];
  /** Is this where the dial stands? */
  isSet: boolean;
  /** `L2: 48 of 1,200 decisions (4.0 %), 12 more than L1; 20 true, 3 false, 25 not ruled`. */
  text: string;
}

/** What the histogram beside a control's dial draws: what each level would have fired on, and how that was ruled. */
export function prepareLevels({ levels, of, mode, sensitivity }: ControlSensitivity): PreparedLevel[] {
  const widest = Math.max(1, ...levels.map(({ fired }) => fired));
  return levels.map((evidence, index) => {
    const { level, fired } = evidence;
    const narrower = levels[index - 1];
    const added = fired - (narrower?.fired ?? 0);
    const share = of > 0 ? (fired / of) * 100 : null;
    const percent = share === null ? "" : ` (${shareText(share)})`;
    const more = narrower && added > 0 ? `, ${count(added)} more than ${narrower.level}` : "";
    const length = (fired / widest) * 100;
    return {
      level,
      fired,
      share,
      length,
      parts: partsOf(evidence, length),
      isSet: sensitivity === level && mode !== null && mode !== "off",
      text: `${level}: ${count(fired)} of ${count(of)} decisions${percent}${more}${rulingsText(evidence)}`,
    };
  });
}

const count = (n: number) => n.toLocaleString("en-GB");

/** Rulings can be more than what fires under today's policy; the bar is shared out by what is known. */
function partsOf({ rulings, unruled }: LevelEvidence, length: number): PreparedLevel["parts"] {
  const by: Record<Ruled, number> = { ...rulings, unruled };
  const all = RULED.reduce((sum, ruled) => sum + by[ruled], 0);
  return RULED.filter((ruled) => by[ruled] > 0 && length > 0).map((ruled) => ({
    ruled,
    n: by[ruled],
    length: (by[ruled] / all) * length,
  }));
}

function rulingsText({ rulings, unruled }: LevelEvidence): string {
  const { true_positive, false_positive, unsure } = rulings;
  if (true_positive + false_positive + unsure === 0) return "";
  const parts = [
    `${count(true_positive)} true`,
    `${count(false_positive)} false`,
    ...(unsure > 0 ? [`${count(unsure)} unsure`] : []),
    `${count(unruled)} not ruled`,
  ];
  return `; ${parts.join(", ")}`;
}

/** A small share is not rounded away: `under 0.1 %`. */
function shareText(percent: number): string {
  if (percent > 0 && percent < 0.1) return "under 0.1 %";
  return `${percent.toFixed(1)} %`;
}
