import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { SluiceError } from "@/lib/errors";
import { createDoor, type DoorOptions, json, type Protocol } from "./door";
import { approvals } from "./protocols/approvals";
import { authzen } from "./protocols/authzen";
import { lakera } from "./protocols/lakera";
import { litellm } from "./protocols/litellm";
import { native } from "./protocols/native";
import { openAiModeration } from "./protocols/openai-moderation";
import { otlp } from "./protocols/otlp/otlp";
import { policies } from "./protocols/policies";
import { portkey } from "./protocols/portkey";
import { token } from "./protocols/token";

export interface AppOptions extends DoorOptions {
  /** What keeps it from being ready, or null. */
  unready: () => Promise<string | null>;
  /** What is not as it should be although it is ready, or null. */
  degraded: () => string | null;
}

/** What is spoken here. Each adds its routes. */
const PROTOCOLS: readonly Protocol[] = [
  native,
  approvals,
  token,
  policies,
  authzen,
  otlp,
  portkey,
  litellm,
  lakera,
  openAiModeration,
];

/** The routes of the decision point. Unless its protocol words it otherwise, an error leaves as problem details. */
export function createApp(options: AppOptions) {
  const { metrics, unready, degraded } = options;
  const app = new Hono<{ Bindings: HttpBindings }>();
  const door = createDoor(options);
  for (const speak of PROTOCOLS) speak(app, door);

  app.get("/healthz", () => json({ status: "ok" }));
  app.get("/readyz", async () => {
    const reason = await unready();
    if (reason !== null) return json({ status: "unready", reason }, 503);
    const lack = degraded();
    return json(lack === null ? { status: "ready" } : { status: "ready", degraded: lack });
  });
  app.get("/metrics", async () => {
    const { registry } = metrics;
    return new Response(await registry.metrics(), { headers: { "Content-Type": registry.contentType } });
  });
  app.notFound(() => door.failed(new SluiceError("not_found", "There is nothing here.")));
  app.onError((error) => door.failed(error));
  return app;
}
