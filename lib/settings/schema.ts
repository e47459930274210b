import { z } from "zod";
import { instantSchema, slugSchema, text } from "@/lib/schema";

/** The settings of governance. Each is versioned, and changes only through change control. */
export const SETTING_KEYS = ["seats", "readiness", "exceptions", "freezes", "emergencies"] as const;
export type SettingKey = (typeof SETTING_KEYS)[number];

export const SEATS = ["risk_owner", "security_lead"] as const;
export type Seat = (typeof SEATS)[number];

const byTier = <T extends z.ZodType>(value: T) =>
  z.strictObject({ low: value, moderate: value, high: value, critical: value });

/** Who must agree: at least one seat, and no more than four. At most one is the risk owner's, who is one person. */
const quorumSchema = z
  .array(z.enum(SEATS))
  .min(1, "at least one seat")
  .max(4, "at most four seats")
  .refine(
    (seats) => seats.filter((seat) => seat === "risk_owner").length <= 1,
    "the risk owner is one person: one seat",
  );

const seatsSchema = z.strictObject({
  /** Of a policy, by the risk tier of its use case. */
  policy: z.strictObject({ tightens: byTier(quorumSchema), loosens: byTier(quorumSchema) }),
  /** Of floors and settings. Any risk owner may take the risk owner's seat. */
  organisation: z.strictObject({ tightens: quorumSchema, loosens: quorumSchema }),
});

const readinessSchema = byTier(
  z.strictObject({
    /** Days with telemetry in the window. */
    days: z.int().min(0).max(90),
    /** Decisions seen in the window. */
    decisions: z.int().min(0).max(10_000_000),
    /** Rulings on a random sample of the findings of a control. */
    rulings: z.int().min(0).max(10_000),
    /** Upper bound of the false-positive rate (Wilson, 95 %), from 0 to 1. */
    falsePositiveRate: z.number().min(0).max(1),
  }),
);

const exceptionsSchema = z.strictObject({
  longestLifeDays: byTier(z.int().min(1).max(366)),
  /** A chain of renewals may live so many times the longest life. */
  chainMultiple: z.int().min(1).max(20),
  /** Not used for so many days: proposed for retirement. */
  unusedDays: z.int().min(1).max(366),
});

const freezeSchema = z
  .strictObject({
    name: text(80),
    from: instantSchema,
    /** Not included. */
    to: instantSchema,
    /** Slugs; null: every use case, floors and settings too. */
    useCases: z.array(slugSchema).min(1).max(500).nullable(),
  })
  .superRefine(({ from, to }, ctx) => {
    if (Date.parse(to) <= Date.parse(from)) {
      ctx.addIssue({ code: "custom", path: ["to"], message: "must be after the beginning" });
    }
  });

const freezesSchema = z.strictObject({ windows: z.array(freezeSchema).max(200) });

const emergenciesSchema = z.strictObject({
  /** Hours within which somebody else must review a change that was applied by breaking glass. */
  reviewHours: z.strictObject({
    tightens: z.int().min(1).max(168),
    loosens: z.int().min(1).max(168),
  }),
});

/**
 * Each setting: what it is called, what it must look like, and what holds until somebody changes it. Seats, longest
 * lives, the cap of renewals and the deadlines are the design's ("Seats", "Exceptions", "Break-glass"); the limits of
 * readiness are ours, stricter with the tier.
 */
export const SETTINGS = {
  seats: {
    title: "Seats",
    description: "Who must agree to a change, by its direction and the risk tier of the use case.",
    schema: seatsSchema,
    initial: {
      policy: {
        tightens: {
          low: ["security_lead"],
          moderate: ["security_lead"],
          high: ["risk_owner", "security_lead"],
          critical: ["risk_owner", "security_lead"],
        },
        loosens: {
          low: ["risk_owner"],
          moderate: ["risk_owner", "security_lead"],
          high: ["risk_owner", "security_lead"],
          critical: ["risk_owner", "security_lead", "security_lead"],
        },
      },
      organisation: { tightens: ["security_lead"], loosens: ["risk_owner", "security_lead"] },
    },
  },
  readiness: {
    title: "Readiness limits",
    description: "What must be measured before a control acts, by risk tier.",
    schema: readinessSchema,
    initial: {
      low: { days: 3, decisions: 500, rulings: 10, falsePositiveRate: 0.2 },
      moderate: { days: 7, decisions: 1_000, rulings: 30, falsePositiveRate: 0.1 },
      high: { days: 14, decisions: 1_000, rulings: 50, falsePositiveRate: 0.05 },
      critical: { days: 14, decisions: 5_000, rulings: 100, falsePositiveRate: 0.05 },
    },
  },
  exceptions: {
    title: "Limits of exceptions",
    description: "How long an exception may live, how often it may be renewed, and when it counts as unused.",
    schema: exceptionsSchema,
    initial: {
      longestLifeDays: { low: 180, moderate: 90, high: 30, critical: 14 },
      chainMultiple: 4,
      unusedDays: 30,
    },
  },
  freezes: {
    title: "Freeze windows",
    description: "When nothing is applied, and to which use cases. Breaking glass is still possible.",
    schema: freezesSchema,
    initial: { windows: [] },
  },
  emergencies: {
    title: "Emergencies",
    description: "How soon somebody else must review a change that was applied by breaking glass.",
    schema: emergenciesSchema,
    initial: { reviewHours: { tightens: 24, loosens: 8 } },
  },
} as const satisfies Record<
  SettingKey,
  { title: string; description: string; schema: z.ZodType; initial: unknown }
>;

export type SettingValue<K extends SettingKey> = z.infer<(typeof SETTINGS)[K]["schema"]>;

/** The value that holds until somebody changes it. */
export function initialValue<K extends SettingKey>(key: K): SettingValue<K> {
  return parseSetting(key, SETTINGS[key].initial);
}

/** A stored or sent value; throws zod's error where it is not valid. */
export function parseSetting<K extends SettingKey>(key: K, value: unknown): SettingValue<K> {
  return SETTINGS[key].schema.parse(value) as SettingValue<K>;
}
