import type { Pool } from "pg";
import { fetchIssuerKeys } from "@/lib/net/fetch-issuer-keys";
import type { Outbound } from "@/lib/net/outbound";
import { createForeignReader } from "./federated";
import { createIdentity, type Identity } from "./identity";
import { createIssuerKeys } from "./issuer-keys";
import { createTaskIssuer, type TaskIssuer } from "./task-issuer";
import { createTaskTokens } from "./task-token";

/** Who may ask, and the task credentials that they are given. */
export function createIdentities(options: {
  pool: Pool;
  /** SLUICE_SECRET. */
  secret: string;
  outbound: Outbound;
  hashActor: (actorId: string) => string;
  /** Told why the keys of an issuer could not be fetched. */
  onFailure: (issuer: string, error: unknown) => void;
}): { identity: Identity; tasks: TaskIssuer } {
  const { pool, secret, outbound, hashActor, onFailure } = options;
  const keys = createIssuerKeys((issuer) => fetchIssuerKeys(outbound, issuer), onFailure);
  const tokens = createTaskTokens(secret);
  const identity = createIdentity(tokens, createForeignReader(keys));
  return { identity, tasks: createTaskIssuer({ identity, tokens, pool, hashActor }) };
}
