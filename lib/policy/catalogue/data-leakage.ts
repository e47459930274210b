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
      L1: "One jailbreak in seven, half of the short injections, a third of the orders hidden in mail.",
      L2: "One jailbreak in ten, a third of short injections, one in five orders hidden in mail, more in other languages than English.",
      L3: "One jailbreak in twenty, one in five short injections, one in seven orders hidden in mail.",
      L4: "Questions that only this application must not answer, ciphers, and wording unlike any it learned from.",
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
      L1: "Numbers in one run of digits without a word such as “card” near them.",
      L2: "Numbers of rare ranges, and oddly grouped ones, without such a word.",
      L3: "Numbers glued to letters, and mistyped ones.",
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
      L1: "Valid numbers in small letters or in other groups than fours.",
      L2: "Mistyped numbers.",
      L3: "Mistyped numbers in one run without the word IBAN near them.",
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
      L2: "Numbers without dashes.",
      L3: "Nine digits without dashes and without such a word.",
      L4: "Numbers spelled out, partly masked or split over messages.",
    },
    confidence: "high",
    knowsSpans: true,
    usualMode: "redact",
  }),
  leakage({
    id: "pii/email",
    title: "E-mail address",
    catches: "E-mail addresses in plain form.",
    misses: {
      L1: "Mailboxes of a role (info@) and addresses in rare top-level domains.",
      L2: "Addresses of reserved domains such as example.com, and those with spaces around the @.",
      L3: "Addresses spelled out (“name at firm dot com”).",
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
      L1: "National numbers without a word such as “phone” near them.",
      L2: "National numbers without trunk zero or North American groups, and without such a word.",
      L3: "Numbers in unusual groups or in one run of digits, without such a word.",
      L4: "Short and local numbers without such a word, and numbers spelled out.",
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
      L1: "Public addresses without a word such as “IP” or “host” near them.",
      L2: "Private, loopback and documentation addresses, and networks.",
      L3: "Addresses that look like version numbers or stand in longer words.",
      L4: "Addresses in decimal or other unusual notations.",
    },
    confidence: "medium",
    knowsSpans: true,
    usualMode: "log",
  }),
  leakage({
    id: "pii/name",
    title: "Personal name",
    catches:
      "Names of people, as far as their form and a list of given names show them; an outside detector finds more.",
    misses: {
      L1: "Names without a form of address, an introduction or a field that is called name: four in five.",
      L2: "Given names alone, and families' names behind unknown given names: three in five.",
      L3: "Unknown names without such a sign, and given names that are also words: two in five.",
      L4: "Single unknown names and names in small letters: one in four, and one hit in three is no name.",
    },
    confidence: "low",
    knowsSpans: true,
    usualMode: "log",
  }),
  leakage({
    id: "pii/address",
    title: "Postal address",
    catches: "Postal addresses by street and number, box or postcode; an outside detector finds more.",
    misses: {
      L1: "Street and number without postcode, town, flat or a word such as “address” near them: half.",
      L2: "Streets whose name does not say that it is one: two in five.",
      L3: "Streets in small letters without such a word, and places named alone: one in five.",
      L4: "Forms of address of countries that the detector does not know, and places named alone.",
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
        L1: "JSON web tokens, passwords in connection strings, and keys without the issuer's own beginning.",
        L2: "Values given to names such as “api_key” without a provider's name.",
        L3: "Values that do not look made by a machine, whatever their name.",
        L4: "Values without a telling name or form, key files in binary form, and secrets split over messages.",
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
