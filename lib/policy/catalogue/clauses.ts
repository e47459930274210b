import type { Clause } from "./types";

/** A framework that controls refer to: identifiers and titles of one edition, as far as its terms let them be repeated. */
export interface Framework {
  id: string;
  name: string;
  edition: string;
  /** On which terms its identifiers and titles may be repeated. */
  terms: string;
  /** Title by identifier of the clauses that controls serve; empty where it may not be repeated. */
  titles: Readonly<Record<string, string>>;
}

/** Clauses that the controls serve. Titles as published; ISO/IEC 42001 permits its identifiers only. */
const FRAMEWORKS = {
  llm: {
    id: "owasp-llm-2026",
    name: "OWASP Top 10 for LLM Applications",
    edition: "2026",
    terms: "identifiers and titles only",
    titles: {
      "LLM01:2026": "Prompt Injection",
      "LLM02:2026": "Sensitive Information Disclosure",
      "LLM03:2026": "Excessive Agency",
      "LLM04:2026": "Supply Chain",
      "LLM06:2026": "Unbounded Consumption",
      "LLM09:2026": "Vector and Embedding Weaknesses",
      "LLM10:2026": "Improper Output Handling",
    },
  },
  llm2025: {
    id: "owasp-llm-2025",
    name: "OWASP Top 10 for LLM Applications",
    edition: "2025",
    terms: "identifiers and titles only",
    titles: {
      "LLM01:2025": "Prompt Injection",
      "LLM02:2025": "Sensitive Information Disclosure",
      "LLM03:2025": "Supply Chain",
      "LLM05:2025": "Improper Output Handling",
      "LLM06:2025": "Excessive Agency",
      "LLM08:2025": "Vector and Embedding Weaknesses",
      "LLM10:2025": "Unbounded Consumption",
    },
  },
  asi: {
    id: "owasp-asi",
    name: "OWASP Top 10 for Agentic Applications",
    edition: "2026",
    terms: "identifiers and titles only",
    titles: {
      "ASI01:2026": "Agent Goal Hijack",
      "ASI02:2026": "Tool Misuse & Exploitation",
      "ASI03:2026": "Identity & Privilege Abuse",
      "ASI04:2026": "Agentic Supply Chain Vulnerabilities",
      "ASI06:2026": "Memory & Context Poisoning",
      "ASI08:2026": "Cascading Failures",
      "ASI09:2026": "Human-Agent Trust Exploitation",
    },
  },
  nhi: {
    id: "owasp-nhi",
    name: "OWASP Non-Human Identities Top 10",
    edition: "2025",
    terms: "identifiers and titles only",
    titles: {
      "NHI2:2025": "Secret Leakage",
      "NHI4:2025": "Insecure Authentication",
      "NHI5:2025": "Overprivileged NHI",
      "NHI7:2025": "Long-Lived Secrets",
    },
  },
  atlas: {
    id: "mitre-atlas",
    name: "MITRE ATLAS techniques",
    edition: "2026.07",
    terms: "Apache-2.0, identifiers and names",
    titles: {
      "AML.T0029": "Denial of AI Service",
      "AML.T0034": "Cost Harvesting",
      "AML.T0051": "LLM Prompt Injection",
      "AML.T0053": "AI Agent Tool Invocation",
      "AML.T0054": "LLM Jailbreak",
      "AML.T0055": "Unsecured Credentials",
      "AML.T0057": "LLM Data Leakage",
      "AML.T0086": "Exfiltration via AI Agent Tool Invocation",
    },
  },
  csf: {
    id: "nist-csf",
    name: "NIST Cybersecurity Framework",
    edition: "2.0 (February 2024)",
    terms: "public domain",
    titles: {
      "PR.AA-03": "Users, services, and hardware are authenticated",
      "PR.AA-05":
        "Access permissions, entitlements, and authorizations are defined in a policy, managed, enforced, and reviewed, and incorporate the principles of least privilege and separation of duties",
      "PR.DS-02": "The confidentiality, integrity, and availability of data-in-transit are protected",
      "PR.DS-10": "The confidentiality, integrity, and availability of data-in-use are protected",
      "PR.IR-04": "Adequate resource capacity to ensure availability is maintained",
      "DE.CM-09":
        "Computing hardware and software, runtime environments, and their data are monitored to find potentially adverse events",
    },
  },
  euAiAct: {
    id: "eu-ai-act",
    name: "EU Artificial Intelligence Act (Regulation (EU) 2024/1689)",
    edition: "2024",
    terms: "EU legislation, headings",
    titles: {
      "Article 5": "Prohibited AI Practices",
      "Article 10": "Data and data governance",
      "Article 12": "Record-keeping",
      "Article 14": "Human oversight",
      "Article 15": "Accuracy, robustness and cybersecurity",
    },
  },
  iso42001: {
    id: "iso-42001",
    name: "ISO/IEC 42001 Annex A",
    edition: "2023",
    terms: "identifiers only (titles are ISO copyright)",
    titles: { "A.7.2": "", "A.9.2": "", "A.9.4": "", "A.10.3": "" },
  },
} as const satisfies Record<string, Framework>;

type FrameworkKey = keyof typeof FRAMEWORKS;
type ClauseId<F extends FrameworkKey> = keyof (typeof FRAMEWORKS)[F]["titles"] & string;

/** The frameworks that the catalogue refers to, each with its edition. */
export const FRAMEWORK_LIST: readonly Framework[] = Object.values(FRAMEWORKS);

/** The clauses of one framework, by id. */
export function clauses<F extends FrameworkKey>(framework: F, ...ids: ClauseId<F>[]): Clause[] {
  const { id, edition, titles }: Framework = FRAMEWORKS[framework];
  return ids.map((clause) => ({ framework: id, edition, id: clause, title: titles[clause] ?? "" }));
}
