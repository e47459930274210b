import type { Clause } from "./types";

type Framework = readonly [framework: string, edition: string, titles: Record<string, string>];

/** Clauses that the controls serve. Titles as published; ISO/IEC 42001 permits its identifiers only. */
const FRAMEWORKS = {
  llm: [
    "owasp-llm-2026",
    "2026",
    {
      "LLM01:2026": "Prompt Injection",
      "LLM02:2026": "Sensitive Information Disclosure",
      "LLM03:2026": "Excessive Agency",
      "LLM04:2026": "Supply Chain",
      "LLM06:2026": "Unbounded Consumption",
      "LLM09:2026": "Vector and Embedding Weaknesses",
      "LLM10:2026": "Improper Output Handling",
    },
  ],
  asi: [
    "owasp-asi",
    "2026",
    {
      "ASI01:2026": "Agent Goal Hijack",
      "ASI02:2026": "Tool Misuse & Exploitation",
      "ASI03:2026": "Identity & Privilege Abuse",
      "ASI04:2026": "Agentic Supply Chain Vulnerabilities",
      "ASI06:2026": "Memory & Context Poisoning",
      "ASI08:2026": "Cascading Failures",
      "ASI09:2026": "Human-Agent Trust Exploitation",
    },
  ],
  nhi: [
    "owasp-nhi",
    "2025",
    {
      "NHI2:2025": "Secret Leakage",
      "NHI4:2025": "Insecure Authentication",
      "NHI5:2025": "Overprivileged NHI",
      "NHI7:2025": "Long-Lived Secrets",
    },
  ],
  atlas: [
    "mitre-atlas",
    "2026.07",
    {
      "AML.T0029": "Denial of AI Service",
      "AML.T0034": "Cost Harvesting",
      "AML.T0051": "LLM Prompt Injection",
      "AML.T0053": "AI Agent Tool Invocation",
      "AML.T0054": "LLM Jailbreak",
      "AML.T0055": "Unsecured Credentials",
      "AML.T0057": "LLM Data Leakage",
      "AML.T0086": "Exfiltration via AI Agent Tool Invocation",
    },
  ],
  csf: [
    "nist-csf",
    "2.0 (February 2024)",
    {
      "PR.AA-03": "Users, services, and hardware are authenticated",
      "PR.AA-05":
        "Access permissions, entitlements, and authorizations are defined in a policy, managed, enforced, and reviewed, and incorporate the principles of least privilege and separation of duties",
      "PR.DS-02": "The confidentiality, integrity, and availability of data-in-transit are protected",
      "PR.DS-10": "The confidentiality, integrity, and availability of data-in-use are protected",
      "PR.IR-04": "Adequate resource capacity to ensure availability is maintained",
      "DE.CM-09":
        "Computing hardware and software, runtime environments, and their data are monitored to find potentially adverse events",
    },
  ],
  euAiAct: [
    "eu-ai-act",
    "2024",
    {
      "Article 5": "Prohibited AI Practices",
      "Article 10": "Data and data governance",
      "Article 12": "Record-keeping",
      "Article 14": "Human oversight",
      "Article 15": "Accuracy, robustness and cybersecurity",
    },
  ],
  iso42001: ["iso-42001", "2023", { "A.7.2": "", "A.9.2": "", "A.9.4": "", "A.10.3": "" }],
} as const satisfies Record<string, Framework>;

type FrameworkKey = keyof typeof FRAMEWORKS;
type ClauseId<F extends FrameworkKey> = keyof (typeof FRAMEWORKS)[F][2] & string;

/** The clauses of one framework, by id. */
export function clauses<F extends FrameworkKey>(framework: F, ...ids: ClauseId<F>[]): Clause[] {
  const [id, edition, titles]: Framework = FRAMEWORKS[framework];
  return ids.map((clause) => ({ framework: id, edition, id: clause, title: titles[clause] ?? "" }));
}
