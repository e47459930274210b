import type { Door, DoorApp, DoorContext } from "../../door";
import { createLimit } from "./limit";
import { observeAll } from "./observe-told";
import { encodingOf, readExport } from "./read-export";
import { failure, taken, unsupported } from "./respond";
import type { Told } from "./told";
import { understandLogs } from "./understand-log";
import { understandSpans } from "./understand-span";
import { itemsOf, LOGS, METRICS, type Read, type Signal, TRACES } from "./wire";

/** Exports that are held in memory at a time; further ones wait unread. */
const EXPORTS = 8;
/** Observations that wait for their commit at a time, over all exports: far fewer than the queue takes. */
const IN_FLIGHT = 1_024;

/**
 * OpenTelemetry's OTLP over HTTP (https://opentelemetry.io/docs/specs/otlp/#otlphttp), in JSON and protobuf. Calls of
 * models and tools become observations; nothing of an export outlives it but their facts. Metrics are read and used
 * for nothing: the tokens that they sum up are counted by the spans.
 */
export function otlp(app: DoorApp, door: Door): void {
  const exports = createLimit(EXPORTS);
  const inFlight = createLimit(IN_FLIGHT);

  const serve = (path: string, signal: Signal, understand: (read: Read) => Told[]) => {
    app.post(path, async (c) => {
      const encoding = encodingOf(c.env.incoming);
      if (encoding === null) return unsupported();
      try {
        const visit = await door.enter(c, secretOf(c));
        await exports.enter();
        try {
          const told = understand(await readExport(visit.incoming, encoding, signal.request));
          return taken(encoding, signal, await observeAll(door, visit, told, inFlight));
        } finally {
          exports.leave();
        }
      } catch (error) {
        door.refused(error);
        return failure(encoding, error);
      }
    });
    app.all(path, () => new Response(null, { status: 405, headers: { Allow: "POST" } }));
  };
  const traces = (read: Read) => understandSpans(itemsOf(read, TRACES));
  serve("/v1/traces", TRACES, traces);
  serve("/v1/logs", LOGS, (read) => understandLogs(itemsOf(read, LOGS)));
  serve("/v1/metrics", METRICS, () => []);
  serve("/api/public/otel/v1/traces", TRACES, traces);
}

/** Langfuse's SDKs send their pair of keys as Basic; the secret one is our credential. */
function secretOf(c: DoorContext): string | undefined {
  const basic = /^Basic +([A-Za-z0-9+/=_-]+)$/i.exec(c.env.incoming.headers.authorization ?? "")?.[1];
  if (basic === undefined) return undefined;
  const pair = Buffer.from(basic, "base64").toString("utf8");
  return pair.slice(pair.indexOf(":") + 1);
}
