import type { IncomingMessage } from "node:http";
import type { HttpBindings } from "@hono/node-server";
import type { Context, Hono } from "hono";
import type { Signer } from "@/lib/audit/keys";
import { SluiceError } from "@/lib/errors";
import type { Approvals } from "./approvals";
import { bearerOf, type Caller } from "./authenticate";
import type { Identity } from "./identity";
import type { Metrics } from "./metrics";
import { problemResponse } from "./problem";
import type { DecisionService } from "./service";
import type { Snapshot } from "./snapshot";
import type { TaskIssuer } from "./task-issuer";
import { Traffic } from "./traffic";

export type DoorApp = Hono<{ Bindings: HttpBindings }>;
export type DoorContext = Context<{ Bindings: HttpBindings }>;

/** An authenticated caller whose body was not read yet. */
export interface Visit {
  caller: Caller;
  incoming: IncomingMessage;
  now: Date;
}

/** What a protocol is given to answer with. A protocol is a function that adds its routes to the app. */
export interface Door {
  service: DecisionService;
  approvals: Approvals;
  tasks: TaskIssuer;
  snapshot: () => Snapshot;
  now: () => Date;
  /** Signs what is taken away. */
  signer: Signer;
  /**
   * Lets a caller in: who asks is known before anything of what they sent is read. The credential is that of the
   * `Authorization` header unless the protocol carries it elsewhere. Throws `unauthenticated`, `rate_limited`.
   */
  enter(c: DoorContext, credential?: string): Promise<Visit>;
  /** An error as problem details (RFC 9457), counted. */
  failed(error: unknown): Response;
  /** Counts an error that the protocol words itself. */
  refused(error: unknown): void;
}

export type Protocol = (app: DoorApp, door: Door) => void;

export interface DoorOptions {
  service: DecisionService;
  approvals: Approvals;
  identity: Identity;
  tasks: TaskIssuer;
  /** Requests that one credential may make in a sliding minute; an item of a batch is part of its request. */
  perMinute: number;
  metrics: Metrics;
  snapshot: () => Snapshot;
  now: () => Date;
  signer: Signer;
}

/** The one way in, whatever is spoken behind it. */
export function createDoor({
  service,
  approvals,
  identity,
  tasks,
  metrics,
  snapshot,
  now,
  perMinute,
  signer,
}: DoorOptions): Door {
  const rates = new Traffic();
  const refused = (error: unknown) => metrics.refused(error instanceof SluiceError ? error.code : "internal");
  return {
    service,
    approvals,
    tasks,
    snapshot,
    now,
    signer,
    refused,
    failed: (error) => {
      refused(error);
      return problemResponse(error);
    },
    enter: async (c, credential) => {
      const at = now();
      const { incoming } = c.env;
      const shown = credential ?? bearerOf(incoming.headers.authorization);
      const caller = await identity.authenticate(snapshot(), shown, at);
      assertRate(rates.requests(caller.credential.prefix, at.getTime(), true), perMinute);
      return { caller, incoming, now: at };
    },
  };
}

function assertRate(requests: number, perMinute: number): void {
  if (requests <= perMinute) return;
  throw new SluiceError("rate_limited", `This credential may make ${perMinute} requests in a minute.`, {
    retryAfterSeconds: 1,
  });
}

/** JSON of a value, as an answer. */
export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { "Content-Type": "application/json", ...headers },
  });
}
