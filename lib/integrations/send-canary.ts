import type { Ctx } from "@/lib/access/context";
import { canaryRequest, readCanaryAnswer } from "./canary-request";
import { makeCanary } from "./make-canary";
import type { CanaryClient, SendCanaryInput } from "./schema";
import type { CanaryAnswer, CanaryTrial } from "./views";

/** Says nothing that any control looks for. */
const ORDINARY = "Hello. This text is a test of the connection.";

/** Longer than any decision takes, in milliseconds. */
const TIMEOUT_MS = 3000;

/**
 * Sends a canary, and an ordinary text beside it, as a client of the decision point at `decisionPoint` would, and says
 * what was answered. The credential is sent there once and kept nowhere.
 */
export async function sendCanary(
  ctx: Ctx,
  { slug, client, credential }: SendCanaryInput & { slug: string },
  decisionPoint: string,
): Promise<CanaryTrial> {
  const { text } = await makeCanary(ctx, { slug, sentAs: client });
  const send = (said: string) => ask(decisionPoint, client, credential, { useCase: slug, text: said });
  const [canary, ordinary] = await Promise.all([send(text), send(ORDINARY)]);
  return { client, canary, ordinary };
}

async function ask(
  decisionPoint: string,
  client: CanaryClient,
  credential: string,
  asked: { useCase: string; text: string },
): Promise<CanaryAnswer> {
  const { path, headers, body } = canaryRequest(client, credential, asked);
  try {
    const response = await fetch(`${decisionPoint}${path}`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(body),
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      return noDecision("refused", problemOf(response.status));
    }
    const read = readCanaryAnswer(client, await response.json().catch(() => null));
    if (read === null) return noDecision("refused", "What answered there is no decision point.");
    const { isBlocked, asCanary, decisionId } = read;
    return { verdict: isBlocked ? "blocked" : "passed", asCanary, decisionId, problem: null };
  } catch {
    return noDecision("unanswered", `Nothing answered at ${decisionPoint} within 3 seconds.`);
  }
}

function noDecision(verdict: "refused" | "unanswered", problem: string): CanaryAnswer {
  return { verdict, asCanary: false, decisionId: null, problem };
}

/** Our own words: what was answered may be anybody's. */
function problemOf(status: number): string {
  if (status === 401)
    return "The decision point does not take this credential: it is unknown, expired or revoked.";
  if (status === 403) return "The credential does not serve this use case.";
  if (status === 429) return "The credential has asked too often. Wait a minute and send it again.";
  if (status === 503) return "The decision point cannot decide now. Try again in a minute.";
  if (status >= 300 && status < 400) return "What answered there is no decision point: it leads elsewhere.";
  return `The decision point answered with status ${status}, which is no decision.`;
}
