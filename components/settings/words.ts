import type { SettingKey, SettingValue } from "@/lib/settings/schema";

/** A line of a setting: what it is about and what holds. */
export interface SettingLine {
  name: string;
  value: string;
}

const TIERS = ["low", "moderate", "high", "critical"] as const;
const SEAT = { risk_owner: "risk owner", security_lead: "security lead" } as const;

/** The seats of a quorum in words: “risk owner and 2 security leads”. */
export function seatsText(seats: readonly (keyof typeof SEAT)[]): string {
  const leads = seats.filter((seat) => seat === "security_lead").length;
  return [
    ...(seats.includes("risk_owner") ? [SEAT.risk_owner] : []),
    ...(leads === 0 ? [] : [leads === 1 ? SEAT.security_lead : `${leads} ${SEAT.security_lead}s`]),
  ].join(" and ");
}

/** What a setting says, line by line. Windows of freezes are left to the page, which shows their times. */
export function settingLines(key: SettingKey, value: unknown): SettingLine[] {
  switch (key) {
    case "seats":
      return seatLines(value as SettingValue<"seats">);
    case "readiness":
      return TIERS.map((tier) => {
        const { days, decisions, rulings, falsePositiveRate } = (value as SettingValue<"readiness">)[tier];
        return {
          name: `Tier ${tier}`,
          value: `${days} days, ${count(decisions)} decisions, ${count(rulings)} rulings, at most ${percent(falsePositiveRate)} false positives`,
        };
      });
    case "exceptions": {
      const { longestLifeDays, chainMultiple, unusedDays } = value as SettingValue<"exceptions">;
      return [
        ...TIERS.map((tier) => ({
          name: `Longest life, tier ${tier}`,
          value: `${longestLifeDays[tier]} days`,
        })),
        { name: "A chain of renewals", value: `at most ${chainMultiple} times the longest life` },
        { name: "Unused", value: `after ${unusedDays} days without use` },
      ];
    }
    case "emergencies": {
      const { tightens, loosens } = (value as SettingValue<"emergencies">).reviewHours;
      return [
        { name: "Review of what tightens", value: `within ${tightens} hours` },
        { name: "Review of everything else", value: `within ${loosens} hours` },
      ];
    }
    case "freezes": {
      const { windows } = value as SettingValue<"freezes">;
      return windows.length === 0 ? [{ name: "Windows", value: "none" }] : [];
    }
  }
}

function seatLines({ policy, organisation }: SettingValue<"seats">): SettingLine[] {
  const of = (way: "tightens" | "loosens") =>
    TIERS.map((tier) => ({ name: `${WAY[way]}, tier ${tier}`, value: seatsText(policy[way][tier]) }));
  return [
    ...of("tightens"),
    ...of("loosens"),
    { name: "Floors and settings: tightens", value: seatsText(organisation.tightens) },
    { name: "Floors and settings: loosens or mixed", value: seatsText(organisation.loosens) },
  ];
}

const WAY = { tightens: "Tightens", loosens: "Loosens or mixed" } as const;

const count = (value: number) => value.toLocaleString("en-GB");

function percent(rate: number): string {
  return `${Number((rate * 100).toFixed(2))} %`;
}
