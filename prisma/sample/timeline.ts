import type { PersonActor } from "@/lib/access/context";
import type { Role } from "@/lib/access/permissions";
import { applyChange } from "@/lib/changes/apply-change";
import { rejectException } from "@/lib/exceptions/reject-exception";
import { createUseCase } from "@/lib/use-cases/create-use-case";
import { addFederation } from "@/lib/workloads/add-federation";
import { addIssuer } from "@/lib/workloads/add-issuer";
import { createWorkload } from "@/lib/workloads/create-workload";
import { issueCredential } from "@/lib/workloads/issue-credential";
import { acceptUnmet, agree, type Edit, editOf, type Pace, propose } from "./acts";
import { changeControl, discuss } from "./change-control";
import { findings } from "./findings";
import { except, register, type SampleException } from "./register";
import { ago as before, SAMPLE_DAYS, type SampleEvent, type SampleStage } from "./stage";
import { USE_CASES } from "./use-cases";

const DAY_MS = 86_400_000;

/** The events of the last 30 days, in order. */
export function timeline(now: Date): SampleEvent[] {
  const ago = (days: number, hour: number) => before(now, days, hour);
  const events: SampleEvent[] = [
    { at: foundedAt(now), happen: found },
    ...DECLARED.map(({ slug, pace }, index) => ({
      at: ago(26 - index, 9),
      happen: (stage: SampleStage) =>
        applied(stage, slug, declared(slug), "Declare the baseline from the first days of traffic.", pace),
    })),
    { at: ago(28, 10), happen: (stage) => excepted(stage, MIGRATION, { lead: 6 }) },
    {
      at: ago(20, 15),
      happen: (stage) =>
        applied(stage, "code-helper", limited(["secrets", "pii/credit-card"], 50), LIMITED_WHY, { lead: 4 }),
    },
    {
      at: ago(12, 11),
      happen: (stage) =>
        applied(stage, "support-bot", limited(["secrets", "pii/credit-card"], 25), LIMITED_WHY, {
          riskOwner: 6,
          lead2: 11,
        }),
    },
    { at: ago(10, 9), happen: (stage) => excepted(stage, TICKETS, { lead: 5 }) },
    { at: ago(9, 15), happen: (stage) => excepted(stage, REVIEWER, { lead: 1 }) },
    {
      at: ago(8, 10),
      happen: (stage) =>
        applied(
          stage,
          "code-helper",
          (document) => ({ ...document, stage: "enforcing" }),
          "Two weeks in limited without a false positive: enforce for everybody.",
          { lead: 0.7 },
        ),
    },
    { at: ago(6, 14), happen: (stage) => rejected(stage, HANDOVER) },
    { at: ago(2, 9), happen: (stage) => excepted(stage, CLAIMANTS, {}) },
    { at: ago(1, 10), happen: startWithATenth },
    ...changeControl(now),
    ...register(now),
    ...findings(now),
  ];
  return events.sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** When the first use case is registered. */
export function foundedAt(now: Date): Date {
  return before(now, SAMPLE_DAYS, 8);
}

/** The use cases whose baseline is declared, in this order, and when that is decided. */
const DECLARED: { slug: string; pace: Pace }[] = [
  { slug: "support-bot", pace: { riskOwner: 3, lead: 7.5 } },
  { slug: "claims-triage", pace: { lead: 26 } },
  { slug: "code-helper", pace: { lead: 1.5 } },
  { slug: "payments-agent", pace: { riskOwner: 5, lead: 14 } },
];

const LIMITED_WHY =
  "The controls of high confidence first, for a part of the sessions; the rest stays in logging.";

async function found(stage: SampleStage): Promise<void> {
  let then = stage;
  for (const { register: entry, workloads } of USE_CASES) {
    await createUseCase(then.as("riskOwner"), {
      ...entry,
      riskOwnerId: then.idOf("riskOwner"),
      applicationOwnerIds: [then.idOf("appOwner")],
    });
    for (const workload of workloads) {
      then = await then.later(4);
      await createWorkload(then.as("admin"), { ...workload, useCases: [entry.slug] });
      await issueCredential(then.as("admin"), {
        workload: workload.slug,
        label: "production",
        expiresAt: new Date(then.at.getTime() + 180 * DAY_MS).toISOString(),
      });
    }
    then = await then.later(11);
  }
  await federate(then);
}

/** The reviewer runs in a pipeline, which signs a token for each run. */
async function federate(stage: SampleStage): Promise<void> {
  const { id: issuer } = await addIssuer(stage.as("admin"), {
    name: "GitHub Actions",
    issuer: "https://token.actions.githubusercontent.com",
  });
  const bound = { issuer, audience: "sluice", subject: "repo:example-org/reviewer:*" };
  await addFederation(stage.as("admin"), { workload: "ci-reviewer", ...bound });
}

/** A change that the application owner asks for, and applies when it is agreed. */
async function applied(
  stage: SampleStage,
  useCase: string,
  edit: Edit,
  justification: string,
  pace: Pace,
): Promise<void> {
  const asked = { ...(await editOf(stage, useCase, edit)), justification };
  const submitted = await propose(stage, "appOwner", asked);
  const agreed = await agree(stage, submitted, pace);
  const then = await (await acceptUnmet(agreed, submitted)).later(20);
  await applyChange(then.as("appOwner"), { id: submitted.id });
}

/** A change that still waits for the security lead. */
async function startWithATenth(stage: SampleStage): Promise<void> {
  const asked = await editOf(stage, "payments-agent", limited(["pii/iban", "high-impact-tool"], 10));
  const submitted = await propose(stage, "appOwner", {
    ...asked,
    justification:
      "Start with a tenth of the sessions, so that accounts payable can get used to approving transfers.",
  });
  const discussed = await discuss(await stage.later(5), submitted.id);
  await agree(discussed, submitted, { riskOwner: 2 });
}

/** The baseline as the sample's traffic shows it. */
function declared(slug: string): Edit {
  const useCase = USE_CASES.find(({ register: entry }) => entry.slug === slug);
  if (!useCase) throw new Error(`The sample has no use case ${slug}.`);
  return (document) => ({
    ...document,
    baseline: {
      ...document.baseline,
      models: useCase.models,
      dataClasses: useCase.dataClasses,
      tools: useCase.tools.map(({ name, impact }) => ({ name, impact })),
      destinations: useCase.destinations,
      retrievalSources: useCase.retrievalSources,
      purposes: useCase.purposes,
      traffic: { ...document.baseline.traffic, ...useCase.envelope },
    },
  });
}

/** Enrols these controls too, beside those that the template enrols. */
function limited(controls: string[], percent: number): Edit {
  return (document) => {
    const enrolled = [...new Set([...document.limited.controls, ...controls])];
    return {
      ...document,
      stage: "limited",
      limited: { controls: enrolled, cohort: { percent, workloads: [] } },
    };
  };
}

const TICKETS: SampleException = {
  useCase: "support-bot",
  controls: ["pii/email"],
  scope: { tools: ["create_ticket"] },
  justification:
    "Tickets carry the customer's address so that a person can answer; the ticket system is inside our network.",
  compensatingControls:
    "The ticket system is inside, its access is reviewed quarterly, addresses are deleted after 90 days.",
  category: "mitigated",
  businessOwner: "service",
  days: 19,
};
const REVIEWER: SampleException = {
  useCase: "code-helper",
  controls: ["secrets"],
  scope: { workloads: ["ci-reviewer"] },
  justification:
    "Test fixtures of the payment library hold keys that look real; they are revoked and being replaced one by one.",
  compensatingControls:
    "All keys in the fixtures were revoked; the scanner of the repository stops new ones.",
  category: "waiver",
  businessOwner: "service",
  days: 12,
};
const MIGRATION: SampleException = {
  useCase: "code-helper",
  controls: ["model-not-approved"],
  scope: { models: ["local/*"] },
  justification: "A trial of a local model for two weeks, to compare its answers with the approved ones.",
  compensatingControls: "The model runs inside our network and keeps no logs.",
  category: "waiver",
  businessOwner: "service",
  days: 14,
};
const HANDOVER: SampleException = {
  useCase: "claims-triage",
  controls: ["tool-not-approved"],
  scope: { tools: ["approve_payout"] },
  justification: "Handlers would like the assistant to prepare small payouts by itself over the holidays.",
  compensatingControls: "Payouts under 200 only.",
  category: "waiver",
  businessOwner: "claims",
  days: 30,
};
const CLAIMANTS: SampleException = {
  useCase: "claims-triage",
  controls: ["pii/iban"],
  scope: { workloads: ["claims-service"], tools: ["read_claim"] },
  justification:
    "A claim holds the claimant's account number; without it the assistant cannot say whether the form is complete.",
  compensatingControls:
    "The model is hosted under a contract without retention; account numbers are masked in what handlers see.",
  category: "mitigated",
  businessOwner: "claims",
  days: 45,
};

async function excepted(stage: SampleStage, sample: SampleException, pace: Pace): Promise<void> {
  await except(stage, sample, pace);
}

async function rejected(stage: SampleStage, sample: SampleException): Promise<void> {
  const { id } = await except(stage, sample, {});
  const note = "Payouts need a person. Ask for a change of the policy instead.";
  const then = await stage.atWork(8);
  await rejectException(then.as("lead"), { id, note });
}

/** The actor of a sample person, without a session. */
export function actorOf(person: {
  id: string;
  name: string;
  email: string;
  roles: readonly Role[];
}): PersonActor {
  return {
    kind: "person",
    id: person.id,
    name: person.name,
    email: person.email,
    roles: person.roles,
    sessionId: null,
  };
}
