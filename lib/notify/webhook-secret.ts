import { randomBytes } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { installationSecret } from "@/lib/access/keys";
import { openText, sealText } from "@/lib/access/sealed-text";

/** For so long (milliseconds) the secret before signs beside the new one. */
export const OVERLAP_MS = 24 * 3_600_000;

const context = (endpointId: string) => `webhook ${endpointId}`;

/** A new secret (192 random bits, as Standard Webhooks writes them: `whsec_` and base64), and how it is kept. */
export function mintWebhookSecret(endpointId: string): { secret: string; sealed: Uint8Array<ArrayBuffer> } {
  const secret = `whsec_${randomBytes(24).toString("base64")}`;
  return { secret, sealed: Uint8Array.from(sealText(installationSecret(), secret, context(endpointId))) };
}

interface Secrets {
  id: string;
  secret: Uint8Array | null;
  previousSecret: Uint8Array | null;
  previousUntil: Date | null;
}

/**
 * `webhook-signature` of a message: one signature for each secret that holds, the newest first. Null when the newest
 * cannot be opened, because SLUICE_SECRET is another.
 */
export function signWebhook(endpoint: Secrets, id: string, at: Date, payload: string): string | null {
  const open = (sealed: Uint8Array) => openText(installationSecret(), sealed, context(endpoint.id));
  const current = endpoint.secret && open(endpoint.secret);
  if (!current) return null;
  const overlaps = endpoint.previousUntil !== null && at < endpoint.previousUntil;
  const previous = overlaps && endpoint.previousSecret ? open(endpoint.previousSecret) : null;
  return [current, ...(previous ? [previous] : [])]
    .map((secret) => new Webhook(secret).sign(id, at, payload))
    .join(" ");
}
