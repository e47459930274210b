import type { Answer } from "../answer";
import { type Door, type DoorApp, type DoorContext, json } from "../door";
import { type Problem, toProblem } from "../problem";
import { readJson } from "../read-body";
import { parseItems } from "../request";
import { type Ask, idempotencyKey } from "../service";

type Decide = (ask: Ask) => Promise<Answer>;

/** Our own protocol: decisions one by one and in batches, and observations. */
export function native(app: DoorApp, door: Door): void {
  const { service } = door;

  async function receive(c: DoorContext): Promise<Ask> {
    const { caller, incoming, now } = await door.enter(c);
    const key = idempotencyKey(incoming.headers["idempotency-key"]?.toString());
    const body = await readJson(incoming);
    return { caller, key, body, now, receivedAt: performance.now() };
  }

  async function each(ask: Ask, items: unknown[], decide: Decide): Promise<(Answer | Problem)[]> {
    const one = async (body: unknown, at: number): Promise<Answer | Problem> => {
      try {
        const key = ask.key && `${ask.key}#${at}`;
        return await decide({ ...ask, body, key, receivedAt: performance.now() });
      } catch (error) {
        door.refused(error);
        return toProblem(error);
      }
    };
    return Promise.all(items.map(one));
  }

  app.post("/v1/decisions", async (c) => {
    try {
      return json(await service.decide(await receive(c)));
    } catch (error) {
      return door.failed(error);
    }
  });
  app.post("/v1/decisions/batch", async (c) => {
    const ask = await receive(c);
    return json({ results: await each(ask, parseItems(ask.body, "decisions"), service.decide) });
  });
  app.post("/v1/observations", async (c) => {
    const ask = await receive(c);
    const isList = typeof ask.body === "object" && ask.body !== null && "observations" in ask.body;
    if (!isList) return json(await service.observe(ask));
    return json({ results: await each(ask, parseItems(ask.body, "observations"), service.observe) });
  });
  for (const path of ["/v1/decisions", "/v1/decisions/batch", "/v1/observations"]) {
    app.all(path, () => new Response(null, { status: 405, headers: { Allow: "POST" } }));
  }
}
