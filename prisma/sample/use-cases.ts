import type { Baseline } from "@/lib/policy/document";
import type { CreateUseCaseInput } from "@/lib/use-cases/schema";
import type { Trouble } from "./phrases";

type DataClass = CreateUseCaseInput["dataClass"];

export interface SampleTool {
  name: string;
  impact: "low" | "high";
  arguments: Record<string, string>;
}

/** A governed application of the sample organisation, and the traffic that it has. */
export interface SampleUseCase {
  register: Omit<CreateUseCaseInput, "riskOwnerId" | "applicationOwnerIds">;
  workloads: { slug: string; name: string; description: string }[];
  /** Sessions on a working day. */
  sessionsPerDay: number;
  purposes: string[];
  models: string[];
  dataClasses: DataClass[];
  tools: SampleTool[];
  retrievalSources: string[];
  destinations: string[];
  /** What people ask; `{…}` is filled by `phrases.ts`. */
  asks: string[];
  /** How often a session holds each kind of trouble. */
  trouble: Partial<Record<Trouble, number>>;
  /** How often the answer of a tool holds an order to the model. */
  hiddenOrders?: number;
  /** Seen now and then, never declared. */
  stray: {
    purposes?: string[];
    models?: string[];
    dataClasses?: DataClass[];
    tools?: SampleTool[];
    retrievalSources?: string[];
    destinations?: string[];
  };
  /** The envelope of traffic that its owners declare. */
  envelope?: Partial<Baseline["traffic"]>;
}

export const USE_CASES: SampleUseCase[] = [
  {
    register: {
      slug: "support-bot",
      name: "Customer support assistant",
      description: "Answers customers on the public web site, looks up orders and opens tickets.",
      audience: "Customers, on the public web site",
      purpose: "customer-support",
      tier: "high",
      dataClass: "internal",
      environment: "production",
      templateId: "public-facing",
    },
    workloads: [
      {
        slug: "support-gateway",
        name: "Support gateway",
        description: "The gateway in front of the assistant's models.",
      },
      {
        slug: "support-mail",
        name: "Support mail agent",
        description: "Answers customers' e-mails overnight.",
      },
    ],
    sessionsPerDay: 42,
    purposes: ["customer-support"],
    models: ["openai/gpt-4o", "openai/gpt-4o-mini"],
    dataClasses: ["public", "internal"],
    tools: [
      { name: "lookup_order", impact: "low", arguments: { order: "{order}" } },
      {
        name: "create_ticket",
        impact: "low",
        arguments: { subject: "Follow-up on order {order}", contact: "{email}" },
      },
      { name: "refund_order", impact: "high", arguments: { order: "{order}", amount: "{amount}" } },
    ],
    retrievalSources: ["kb/faq", "kb/returns"],
    destinations: ["api.shop.example"],
    asks: [
      "Where is my order {order}? It was due last {weekday}.",
      "I would like to return the lamp from order {order}. How does that work?",
      "Can I change the delivery address of order {order}?",
      "The invoice of {weekday} shows {amount} twice. Please check.",
      "Do you deliver on Saturdays to {city}?",
      "My parcel arrived damaged. What do you need from me?",
    ],
    trouble: {
      ...{ card: 0.06, email: 0.12, link: 0.05, iban: 0.01 },
      ...{ phone: 0.05, name: 0.06, address: 0.04, attack: 0.02, rude: 0.02 },
    },
    stray: {
      purposes: ["marketing"],
      models: ["openai/gpt-5-preview"],
      dataClasses: ["confidential"],
      tools: [{ name: "export_customers", impact: "high", arguments: { format: "csv" } }],
      destinations: ["track.parcels.example"],
    },
    envelope: { requestsPerMinute: 60 },
  },
  {
    register: {
      slug: "claims-triage",
      name: "Claims triage",
      description: "Reads incoming insurance claims, sums them up and proposes a queue.",
      audience: "Claims handlers",
      purpose: "claims-handling",
      tier: "moderate",
      dataClass: "confidential",
      environment: "production",
      templateId: "internal-facing",
    },
    workloads: [
      { slug: "claims-service", name: "Claims service", description: "Feeds new claims to the model." },
    ],
    sessionsPerDay: 26,
    purposes: ["claims-handling"],
    models: ["anthropic/claude-sonnet-4"],
    dataClasses: ["internal", "confidential"],
    tools: [
      { name: "read_claim", impact: "low", arguments: { claim: "{claim}" } },
      { name: "assign_queue", impact: "low", arguments: { claim: "{claim}", queue: "motor" } },
    ],
    retrievalSources: ["policies/motor", "policies/household"],
    destinations: ["claims.corp.example"],
    asks: [
      "Sum up claim {claim} in five sentences.",
      "Which queue fits claim {claim}: water damage on the second floor in {city}?",
      "Is the police report of claim {claim} complete?",
      "List what is still missing for claim {claim}.",
    ],
    trouble: { iban: 0.14, email: 0.18, ssn: 0.04, phone: 0.08, name: 0.1 },
    hiddenOrders: 0.02,
    stray: {
      models: ["anthropic/claude-opus-4"],
      tools: [
        { name: "approve_payout", impact: "high", arguments: { claim: "{claim}", amount: "{amount}" } },
      ],
      retrievalSources: ["shared-drive/old-claims"],
    },
  },
  {
    register: {
      slug: "code-helper",
      name: "Code helper",
      description: "Explains and reviews code inside the developers' editors and in continuous integration.",
      audience: "Developers",
      purpose: "software-development",
      tier: "low",
      dataClass: "internal",
      environment: "production",
      templateId: "default",
    },
    workloads: [
      {
        slug: "editor-plugin",
        name: "Editor plug-in",
        description: "Completions and questions from the editor.",
      },
      { slug: "ci-reviewer", name: "CI reviewer", description: "Reviews pull requests." },
    ],
    sessionsPerDay: 48,
    purposes: ["software-development"],
    models: ["anthropic/claude-sonnet-4", "openai/gpt-4o"],
    dataClasses: ["internal"],
    tools: [
      { name: "search_repository", impact: "low", arguments: { query: "retry with back-off" } },
      { name: "open_pull_request", impact: "low", arguments: { title: "Tidy the import of {claim}" } },
    ],
    retrievalSources: ["wiki/engineering"],
    destinations: ["git.corp.example"],
    asks: [
      "Why does this test fail only on {weekday}? It compares local times.",
      "Explain what this function does and name a better name for it.",
      "Write a migration that adds a column {claim} with a default.",
      "Review this pull request for races.",
    ],
    trouble: { secret: 0.09, email: 0.04, link: 0.08, host: 0.06, log: 0.01 },
    stray: {
      models: ["local/llama-3.3-70b"],
      tools: [{ name: "run_shell", impact: "high", arguments: { command: "npm run deploy" } }],
    },
    envelope: { promptChars: 8_192 },
  },
  {
    register: {
      slug: "hr-assistant",
      name: "HR assistant",
      description: "Answers employees' questions on leave, benefits and policies.",
      audience: "Employees",
      purpose: "employee-self-service",
      tier: "high",
      dataClass: "restricted",
      environment: "production",
      templateId: "internal-facing",
    },
    workloads: [{ slug: "hr-portal", name: "HR portal", description: "The chat in the employee portal." }],
    sessionsPerDay: 14,
    purposes: ["employee-self-service"],
    models: ["openai/gpt-4o"],
    dataClasses: ["internal", "confidential", "restricted"],
    tools: [{ name: "leave_balance", impact: "low", arguments: { employee: "{claim}" } }],
    retrievalSources: ["hr/handbook"],
    destinations: [],
    asks: [
      "How many days of leave do I have left this year?",
      "What is the notice period in {city}?",
      "Who approves a change of working hours?",
      "Please explain the pension scheme in simple words.",
    ],
    trouble: { ssn: 0.1, iban: 0.05, email: 0.05, name: 0.04 },
    stray: {},
  },
  {
    register: {
      slug: "payments-agent",
      name: "Payments agent",
      description: "Prepares and sends supplier payments from approved invoices.",
      audience: "Accounts payable",
      purpose: "supplier-payments",
      tier: "critical",
      dataClass: "confidential",
      environment: "staging",
      templateId: "internal-facing",
    },
    workloads: [
      { slug: "payments-runner", name: "Payments runner", description: "Runs the agent for each invoice." },
    ],
    sessionsPerDay: 12,
    purposes: ["supplier-payments"],
    models: ["anthropic/claude-sonnet-4"],
    dataClasses: ["internal", "confidential"],
    tools: [
      { name: "read_invoice", impact: "low", arguments: { invoice: "{claim}" } },
      { name: "send_money", impact: "high", arguments: { recipient: "{iban}", amount: "{amount}" } },
    ],
    retrievalSources: ["erp/invoices"],
    destinations: ["bank.corp.example"],
    asks: [
      "Pay invoice {claim} if it matches its order.",
      "Which invoices are due on {weekday}?",
      "Compare invoice {claim} with its delivery note.",
    ],
    trouble: { iban: 0.25, email: 0.08 },
    stray: {
      tools: [
        { name: "update_supplier", impact: "high", arguments: { supplier: "{claim}", iban: "{iban}" } },
      ],
      destinations: ["fx-rates.example"],
    },
  },
];
