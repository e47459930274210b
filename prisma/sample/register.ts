import { startCampaign } from "@/lib/campaigns/start-campaign";
import { approveException } from "@/lib/exceptions/approve-exception";
import { renewException } from "@/lib/exceptions/renew-exception";
import { requestException } from "@/lib/exceptions/request-exception";
import { reviewException } from "@/lib/exceptions/review-exception";
import type { RequestExceptionInput } from "@/lib/exceptions/schema";
import type { ExceptionView } from "@/lib/exceptions/views";
import { deactivatePerson } from "@/lib/people/deactivate-person";
import { inOrder, type Pace } from "./acts";
import type { PersonKey } from "./people";
import { ago, type SampleEvent, type SampleStage } from "./stage";

const DAY_MS = 86_400_000;

/** An exception as somebody of the sample asks for it. */
export interface SampleException
  extends Pick<
    RequestExceptionInput,
    "useCase" | "controls" | "scope" | "justification" | "compensatingControls" | "category"
  > {
  businessOwner: PersonKey;
  days: number;
}

const PAYROLL: SampleException = {
  useCase: "hr-assistant",
  controls: ["pii/iban"],
  scope: { workloads: ["hr-portal"] },
  justification:
    "Employees type the account of their salary; the form that takes it from them is being built.",
  compensatingControls: "The model is hosted without retention; what employees type is masked in the log.",
  category: "mitigated",
  businessOwner: "service",
  days: 13,
};
const SUPPLIERS: SampleException = {
  useCase: "payments-agent",
  controls: ["pii/email"],
  scope: { workloads: ["payments-runner"] },
  justification:
    "Invoices carry the address of the supplier's clerk, and the agent must write to that person.",
  compensatingControls: "Addresses are those of companies; the agent writes to known suppliers only.",
  category: "mitigated",
  businessOwner: "treasury",
  days: 14,
};
const PASTE: SampleException = {
  useCase: "code-helper",
  controls: ["destination-not-approved"],
  scope: { destinations: ["paste.corp.example"] },
  justification: "The team tries whether long diffs are easier to share by the internal paste service.",
  compensatingControls: "The paste service is inside our network and forgets after a day.",
  category: "waiver",
  businessOwner: "service",
  days: 60,
};

/** Chains of renewals, owners who left, what nobody uses, and a campaign of reviews that is half done. */
export function register(now: Date): SampleEvent[] {
  let payroll: ExceptionView | null = null;
  const renewPayroll = async (stage: SampleStage, days: number, hours: number) => {
    if (payroll) payroll = await renew(stage, payroll.id, { ...PAYROLL, days }, { lead: hours });
  };
  return [
    {
      at: ago(now, 27, 10),
      happen: async (stage) => {
        payroll = await except(stage, PAYROLL, { lead: 2 });
      },
    },
    { at: ago(now, 27, 11), happen: async (stage) => void (await except(stage, PASTE, { lead2: 21 })) },
    { at: ago(now, 17, 10), happen: (stage) => renewPayroll(stage, 14, 1.2) },
    { at: ago(now, 11, 8), happen: async (stage) => void (await except(stage, SUPPLIERS, { lead2: 3.5 })) },
    { at: ago(now, 6, 10), happen: (stage) => renewPayroll(stage, 20, 0.6) },
    { at: ago(now, 4, 8), happen: leave },
    { at: ago(now, 3, 10), happen: recertify },
  ];
}

function termsOf(stage: SampleStage, { businessOwner, days, ...terms }: SampleException) {
  const expiry = stage.at.getTime() + days * DAY_MS;
  return {
    ...terms,
    riskOwnerId: stage.idOf("riskOwner"),
    businessOwnerId: stage.idOf(businessOwner),
    startsAt: stage.at.toISOString(),
    expiresAt: new Date(expiry).toISOString(),
    reviewAt: new Date(expiry - DAY_MS).toISOString(),
    submit: true,
  };
}

/** A request by the application owner; approved by who is named, after so many hours of work. */
export async function except(
  stage: SampleStage,
  sample: SampleException,
  pace: Pace,
): Promise<ExceptionView> {
  return approve(stage, await requestException(stage.as("appOwner"), termsOf(stage, sample)), pace);
}

async function approve(stage: SampleStage, requested: ExceptionView, pace: Pace): Promise<ExceptionView> {
  const { id, termsDigest } = requested;
  let view = requested;
  for (const { key, hours } of inOrder(pace)) {
    const then = await stage.atWork(hours);
    view = await approveException(then.as(key), { id, termsDigest, note: "Limited in scope and time." });
  }
  return view;
}

async function renew(
  stage: SampleStage,
  id: string,
  sample: SampleException,
  pace: Pace,
): Promise<ExceptionView> {
  const { useCase: _, ...terms } = termsOf(stage, sample);
  return approve(stage, await renewException(stage.as("appOwner"), { id, ...terms }), pace);
}

async function leave(stage: SampleStage): Promise<void> {
  await deactivatePerson(stage.as("admin"), {
    id: stage.idOf("treasury"),
    reason: "Left the company at the end of the month.",
  });
}

async function recertify(stage: SampleStage): Promise<void> {
  const { items } = await startCampaign(stage.as("lead"), {
    title: "Recertification of the quarter",
    note: "Is it still needed, as narrow as it can be, and does its owner stand by it?",
    dueAt: new Date(stage.at.getTime() + 14 * DAY_MS).toISOString(),
    filter: {},
  });
  const mine = items.filter(({ exception }) => exception.useCase.slug === "hr-assistant");
  const then = await stage.later(90);
  for (const { exception } of mine) {
    await reviewException(then.as("riskOwner"), {
      id: exception.id,
      note: "Still needed until the form is there; the scope is one workload.",
      nextReviewAt: exception.expiresAt,
    });
  }
}
