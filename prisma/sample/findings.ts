import { denyApproval } from "@/lib/approvals/deny-approval";
import { grantApproval } from "@/lib/approvals/grant-approval";
import { markIncident } from "@/lib/drift/mark-incident";
import { listDrift } from "@/lib/drift/queries";
import { listDriftSchema } from "@/lib/drift/schema";
import { cohortOf } from "@/lib/policy/facts";
import { answerAppeal } from "@/lib/rulings/answer-appeal";
import { getRulingQueue } from "@/lib/rulings/get-queue";
import { keepCase } from "@/lib/rulings/keep-case";
import { openAppeal } from "@/lib/rulings/open-appeal";
import { ruleFinding } from "@/lib/rulings/rule-finding";
import { ago, type SampleEvent, type SampleStage } from "./stage";
import { SYNTHETIC } from "./traffic";

const MINUTE_MS = 60_000;
/** Rulings on the sample of one control: enough that its rate can be told. */
const RULED = 14;

/** What people say of single findings and requests: rulings, appeals, incidents, and the word that a request waits for. */
export function findings(now: Date): SampleEvent[] {
  return [
    { at: ago(now, 3, 13), happen: passOne },
    { at: ago(now, 2, 15), happen: denyOne },
    { at: ago(now, 2, 16), happen: markDrift },
    { at: ago(now, 1, 14), happen: rule },
    { at: new Date(now.getTime() - 2 * MINUTE_MS), happen: async (stage) => void (await refund(stage, 3)) },
  ];
}

/** The first session of that name in which the support bot's controls act. */
function enrolledSession(name: string): string {
  for (let n = 0; ; n++) if (cohortOf(`${name}-${n}`) <= 10) return `${name}-${n}`;
}

function refund(stage: SampleStage, n: number) {
  return stage.ask({
    workload: "support-gateway",
    request: {
      action: "tool_call",
      purpose: "customer-support",
      model: "openai/gpt-4o",
      dataClass: "internal",
      sessionId: enrolledSession(`s-refund-${n}`),
      actor: { id: `u-${n}` },
      tool: { name: "refund_order", arguments: { order: `A-1000${n}`, amount: `${40 * n}.00` } },
      synthetic: SYNTHETIC,
    },
  });
}

async function passOne(stage: SampleStage): Promise<void> {
  const held = await refund(stage, 1);
  if (held === null) return;
  const reason = "The order was returned, and the amount is that of the invoice.";
  const granted = await stage.later(4);
  await grantApproval(granted.as("lead"), { id: held.id, reason });
  await refund(await granted.later(1), 1);
}

async function denyOne(stage: SampleStage): Promise<void> {
  const held = await refund(stage, 2);
  const reason = "The parcel is still on its way. Refund it when it is back.";
  const then = await stage.later(7);
  if (held) await denyApproval(then.as("riskOwner"), { id: held.id, reason });
}

/** The undeclared tool that moves money, or the busiest value where traffic did not happen to show it. */
async function markDrift(stage: SampleStage): Promise<void> {
  const filter = listDriftSchema.parse({ useCase: "payments-agent" });
  const { items } = await listDrift(stage.as("lead"), filter);
  const seen = items.find(({ value }) => value === "update_supplier") ?? items[0];
  if (!seen) return;
  await markIncident(stage.as("lead"), {
    useCase: "payments-agent",
    dimension: seen.dimension,
    value: seen.value,
    note: "Nobody declared it, and it can change where money goes. Accounts payable looks into who switched it on.",
  });
}

/** A random sample of one control is ruled; one finding is appealed, overturned and kept as a case, another one waits. */
async function rule(stage: SampleStage): Promise<void> {
  const payments = { useCase: "payments-agent", control: "pii/iban" };
  const { items } = await getRulingQueue(stage.as("lead"), payments);
  let then = stage;
  for (const [at, { decisionId, control }] of items.slice(0, RULED).entries()) {
    const isFalse = at === 5;
    await ruleFinding(then.as("lead"), {
      decisionId,
      control,
      answer: isFalse ? "false_positive" : at === 9 ? "unsure" : "true_positive",
      note: isFalse ? "The account of a test supplier, as in the manual of the bank." : null,
      seen: 0,
      sampled: true,
    });
    then = await then.later(1);
  }
  const [appealed, open] = items.slice(RULED);
  if (!appealed || !open) return;
  const asked = await then.later(16);
  const appeal = await openAppeal(asked.as("appOwner"), {
    decisionId: appealed.decisionId,
    control: appealed.control,
    reason: "The account is the one that our test invoices carry; it belongs to nobody.",
  });
  const again = await asked.later(10);
  await openAppeal(again.as("appOwner"), {
    decisionId: open.decisionId,
    control: open.control,
    reason: "The account is that of our own company, which stands on every invoice that we are sent.",
  });
  await overturn(await again.later(75), appeal.id, appealed);
}

async function overturn(
  stage: SampleStage,
  id: string,
  { decisionId, control }: { decisionId: string; control: string },
): Promise<void> {
  const note = "Right: it is the account of the bank's documentation.";
  await answerAppeal(stage.as("riskOwner"), { id, action: "overturn", note });
  const then = await stage.later(5);
  const name = "The account of the bank's documentation is nobody's";
  await keepCase(then.as("riskOwner"), { decisionId, control, name });
}
