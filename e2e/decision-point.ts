import { pdpUrl } from "./fixtures";

export interface Answer {
  decisionId: string;
  outcome: string;
  wouldBe: string;
  findings: {
    control: string;
    effect: string;
    reason: string;
    exception?: { ref: string; riskOwner: string; expiresAt: string; daysLeft: number };
  }[];
  policy: { version: number; stage: string };
  recordedAt: string | null;
}

/** Asks the decision point as a workload does. */
export async function ask(credential: string, body: Record<string, unknown>): Promise<Answer> {
  const response = await fetch(`${pdpUrl()}/v1/decisions`, {
    method: "POST",
    headers: { authorization: `Bearer ${credential}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
}
