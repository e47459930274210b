import type { Ctx } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { SluiceError } from "@/lib/errors";
import type { Outbound } from "@/lib/net/outbound";
import { retryDelayMs } from "./rules";
import { signWebhook } from "./webhook-secret";

type JobCtx = Pick<Ctx, "actor" | "db" | "now">;

const TIMEOUT_MS = 15_000;
/** A worker that dies with a delivery in hand leaves it to the next one after this long. */
const LEASE_MS = 60_000;
const AT_ONCE = 20;
/** So that one slow endpoint does not hold up the others. */
const EACH = 4;
/** An answer's body is not kept, so a long one is not read. */
const MAX_BYTES = 65_536;

interface Claimed {
  id: string;
  type: string;
  payload: string;
  attempts: number;
  endpointId: string;
}

export interface DeliverOptions {
  outbound: Outbound;
  /** For one call, in milliseconds. */
  timeoutMs?: number;
  /** From 0 to 1, for the jitter. */
  chance?: () => number;
}

/**
 * Calls the endpoints of the deliveries that are due (Standard Webhooks: `webhook-id`, `webhook-timestamp`,
 * `webhook-signature`) and writes down what came of each: delivered on 2xx, the endpoint disabled on 410, else tried
 * again later or given up. Redirects are not followed; of an answer only its status is kept. False when none was due.
 */
export async function deliverWebhooks(ctx: JobCtx, options: DeliverOptions): Promise<boolean> {
  const claimed = await claim(ctx);
  await Promise.all(claimed.map((delivery) => deliver(ctx, delivery, options)));
  return claimed.length > 0;
}

function claim({ db, now }: JobCtx): Promise<Claimed[]> {
  const until = new Date(now.getTime() + LEASE_MS);
  return db.$queryRaw<Claimed[]>`
    UPDATE webhook_delivery SET attempts = attempts + 1, next_attempt_at = ${until}
    WHERE id IN (
      SELECT d.id FROM webhook_delivery d JOIN (
        SELECT w.id, row_number() OVER (PARTITION BY w.endpoint_id ORDER BY w.next_attempt_at) AS nth
        FROM webhook_delivery w JOIN webhook_endpoint e ON e.id = w.endpoint_id
        WHERE w.next_attempt_at <= ${now} AND e.disabled_at IS NULL AND e.removed_at IS NULL
      ) due ON due.id = d.id
      WHERE due.nth <= ${EACH} AND d.next_attempt_at <= ${now}
      ORDER BY d.next_attempt_at LIMIT ${AT_ONCE} FOR UPDATE OF d SKIP LOCKED)
    RETURNING id, type, payload, attempts, endpoint_id AS "endpointId"`;
}

async function deliver(ctx: JobCtx, delivery: Claimed, options: DeliverOptions): Promise<void> {
  const { id, attempts, endpointId } = delivery;
  const endpoint = await ctx.db.webhookEndpoint.findUniqueOrThrow({ where: { id: endpointId } });
  const { status, problem, permanent } = await call(ctx, endpoint, delivery, options);
  if (status === 410) return disable(ctx, delivery);
  const wait = permanent ? null : retryDelayMs("webhook", attempts, (options.chance ?? Math.random)());
  const data =
    problem === null
      ? { deliveredAt: ctx.now, nextAttemptAt: null }
      : wait === null
        ? { deadAt: ctx.now, nextAttemptAt: null }
        : { nextAttemptAt: new Date(ctx.now.getTime() + wait) };
  // Of a webhook that was removed during the call it stays said that it was given up.
  await ctx.db.webhookDelivery.updateMany({
    where: { id, attempts, nextAttemptAt: { not: null } },
    data: { ...data, status, problem },
  });
}

interface Outcome {
  /** Null when there was no answer. */
  status: number | null;
  /** Null when it was delivered. */
  problem: string | null;
  /** No later attempt would do better. */
  permanent: boolean;
}

type Endpoint = Parameters<typeof signWebhook>[0] & { url: string };

async function call(
  { now }: JobCtx,
  endpoint: Endpoint,
  { id, payload }: Claimed,
  { outbound, timeoutMs = TIMEOUT_MS }: DeliverOptions,
): Promise<Outcome> {
  const messageId = `msg_${id}`;
  const signature = signWebhook(endpoint, messageId, now, payload);
  if (signature === null) {
    const problem =
      "Its secret cannot be opened: SLUICE_SECRET is another. Rotate the secret, then send again.";
    return { status: null, problem, permanent: true };
  }
  try {
    const { status } = await outbound.call(endpoint.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "user-agent": "Sluice-Webhooks/1",
        "webhook-id": messageId,
        "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
        "webhook-signature": signature,
      },
      body: payload,
      timeoutMs,
      maxBytes: MAX_BYTES,
    });
    return { status, problem: problemOf(status), permanent: false };
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    const problem =
      error.code === "invalid"
        ? `The address must not be called: it ${error.fields[0]?.message ?? "is not allowed"}.`
        : "No answer in time, or none that could be read.";
    return { status: null, problem, permanent: error.code === "invalid" };
  }
}

function problemOf(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) return `Answered ${status}: redirects are not followed.`;
  return `Answered ${status}.`;
}

/** 410 says that nobody listens there any more: the endpoint gets nothing until an admin enables it again. */
async function disable(ctx: JobCtx, { id, endpointId }: Claimed): Promise<void> {
  const reason = "It answered 410: gone.";
  await ctx.db.$transaction(async (tx) => {
    await tx.webhookDelivery.updateMany({
      where: { id },
      data: { deadAt: ctx.now, nextAttemptAt: null, status: 410, problem: reason },
    });
    const { count } = await tx.webhookEndpoint.updateMany({
      where: { id: endpointId, disabledAt: null, removedAt: null },
      data: { disabledAt: ctx.now, disabledReason: reason },
    });
    if (count === 0) return;
    await recordEntry(tx, ctx, {
      action: "webhook.disabled",
      subject: { kind: "webhook", id: endpointId },
      reason,
    });
  });
}
