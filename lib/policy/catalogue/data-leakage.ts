import { ACTIONS } from "../vocabulary";
import { clauses } from "./clauses";
import type { Clause, Control } from "./types";

const LEAKAGE: readonly Clause[] = [
  ...clauses("llm", "LLM02:2026"),
  ...clauses("llm2025", "LLM02:2025"),
  ...clauses("atlas", "AML.T0057"),
  ...clauses("csf", "PR.DS-10"),
  ...clauses("euAiAct", "Article 10"),
  ...clauses("iso42001", "A.7.2"),
];

type Leakage = Pick<
  Control,
  "id" | "title" | "catches" | "misses" | "confidence" | "knowsSpans" | "usualMode"
>;

function leakage(control: Leakage, served: readonly Clause[] = LEAKAGE): Control {
  return {
    ...control,
    family: "data-leakage",
    actions: ACTIONS,
    takesSensitivity: true,
    clauses: served,
  };
}

/** What must not come in. */
export const PROMPT_DEFENCE_CONTROLS: readonly Control[] = [
  {
    id: "prompt-attack",
    family: "prompt-defence",
    title: "Prompt attack",
    catches: "Text that tries to overrule the application's instructions: injections and jailbreaks.",
    misses: {
      L1: "Subtle, translated, encoded and indirect attacks; only blatant ones are caught.",
      L2: "Most attacks that avoid the usual wording.",
      L3: "Attacks that read like ordinary requests.",
      L4: "Attacks unlike any that the detector was trained on.",
    },
    confidence: "medium",
    actions: ["prompt", "tool_call", "tool_result", "retrieval"],
    takesSensitivity: true,
    knowsSpans: false,
    usualMode: "enforce",
    clauses: [
      ...clauses("llm", "LLM01:2026"),
      ...clauses("llm2025", "LLM01:2025"),
      ...clauses("asi", "ASI01:2026", "ASI06:2026"),
      ...clauses("atlas", "AML.T0051", "AML.T0054"),
      ...clauses("euAiAct", "Article 15"),
    ],
  },
];

/** What must not go out. */
export const DATA_LEAKAGE_CONTROLS: readonly Control[] = [
  leakage({
    id: "pii/credit-card",
    title: "Credit card number",
    catches: "Payment card numbers that pass the Luhn check and stand in an issuer's range.",
    misses: {
      L1: "Card numbers without the usual grouping or a word such as “card” near them.",
      L2: "Bare digit runs of a valid number without context.",
      L3: "Valid numbers outside the known issuer ranges.",
      L4: "Numbers that are split over messages, spelled out or partly masked.",
    },
    confidence: "high",
    knowsSpans: true,
    usualMode: "redact",
  }),
  leakage({
    id: "pii/iban",
    title: "Bank account (IBAN)",
    catches: "International bank account numbers that pass the mod-97 check.",
    misses: {
      L1: "Account numbers without the usual grouping or context.",
      L2: "Ungrouped numbers in lower case.",
      L3: "Numbers of countries whose length is not registered.",
      L4: "National account formats, and numbers split over messages.",
    },
    confidence: "high",
    knowsSpans: true,
    usualMode: "redact",
  }),
  leakage({
    id: "pii/us-ssn",
    title: "US social security number",
    catches: "Social security numbers in ranges that are issued.",
    misses: {
      L1: "Numbers without a word such as “SSN” near them.",
      L2: "Numbers with unusual separators.",
      L3: "Nine digits without separators and context.",
      L4: "Numbers spelled out or partly masked.",
    },
    confidence: "high",
    knowsSpans: true,
    usualMode: "redact",
  }),
  leakage({
    id: "pii/email",
    title: "E-mail address",
    catches: "E-mail addresses.",
    misses: {
      L1: "Addresses in rare top-level domains or without context.",
      L2: "Addresses at hosts without a public suffix.",
      L3: "Obfuscated addresses (“name at example dot com”).",
      L4: "Addresses split over messages or inside images.",
    },
    confidence: "high",
    knowsSpans: true,
    usualMode: "redact",
  }),
  leakage({
    id: "pii/phone",
    title: "Telephone number",
    catches: "Telephone numbers that a national numbering plan knows.",
    misses: {
      L1: "Numbers in national form.",
      L2: "National numbers without separators.",
      L3: "Numbers without any context.",
      L4: "Extensions, and numbers spelled out.",
    },
    confidence: "medium",
    knowsSpans: true,
    usualMode: "log",
  }),
  leakage({
    id: "pii/ip-address",
    title: "IP address",
    catches: "IPv4 and IPv6 addresses.",
    misses: {
      L1: "Addresses of private and reserved ranges, and those without context.",
      L2: "Addresses of private and reserved ranges.",
      L3: "Addresses inside longer tokens, such as host names made of them.",
      L4: "Addresses in decimal or other unusual notations.",
    },
    confidence: "medium",
    knowsSpans: true,
    usualMode: "log",
  }),
  leakage({
    id: "pii/name",
    title: "Personal name",
    catches: "Names of people, as far as an outside detector or the form of address shows them.",
    misses: {
      L1: "Names without a title or a form of address.",
      L2: "Single given names.",
      L3: "Names that are also common words.",
      L4: "Names from languages that the detector does not know.",
    },
    confidence: "low",
    knowsSpans: true,
    usualMode: "log",
  }),
  leakage({
    id: "pii/address",
    title: "Postal address",
    catches: "Postal addresses, as far as an outside detector or their form shows them.",
    misses: {
      L1: "Addresses without a postcode.",
      L2: "Addresses without a street number.",
      L3: "Place names alone.",
      L4: "Forms of address of countries that the detector does not know.",
    },
    confidence: "low",
    knowsSpans: true,
    usualMode: "log",
  }),
  leakage(
    {
      id: "secrets",
      title: "Secrets",
      catches: "API keys, tokens, private keys and passwords in connection strings.",
      misses: {
        L1: "Keys without the issuer's own prefix or checksum.",
        L2: "Generic tokens, even with a telling name beside them.",
        L3: "High-entropy text without a telling name.",
        L4: "Short passwords, and secrets that look like words.",
      },
      confidence: "high",
      knowsSpans: true,
      usualMode: "enforce",
    },
    [
      ...clauses("llm", "LLM02:2026"),
      ...clauses("llm2025", "LLM02:2025"),
      ...clauses("nhi", "NHI2:2025"),
      ...clauses("atlas", "AML.T0055"),
      ...clauses("csf", "PR.DS-10"),
    ],
  ),
];
