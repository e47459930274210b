import type { AnyRequest } from "@/lib/pdp/request";
import { fill, HIDDEN_ORDER, SIGNALS, TROUBLE, type Trouble } from "./phrases";
import type { Chance } from "./random";
import { ago } from "./stage";
import type { SampleUseCase } from "./use-cases";

export interface SampleRequest {
  at: Date;
  workload: string;
  request: AnyRequest;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const WEEKEND = 0.25;

/** What the sample says of its traffic: everything in it is made up. */
export const SYNTHETIC = ["observedAt", "messages", "sessionId", "actor"];

/** The requests of one use case on the day that begins at `day`, up to `until`, in order of time. */
export function dayOfTraffic(
  useCase: SampleUseCase,
  day: Date,
  until: Date,
  chance: Chance,
): SampleRequest[] {
  const weekend = [0, 6].includes(day.getUTCDay());
  const sessions = Math.round(
    useCase.sessionsPerDay * (weekend ? WEEKEND : 1) * (0.85 + 0.3 * chance.next()),
  );
  return Array.from({ length: sessions }, () => session(useCase, day, chance))
    .flat()
    .filter(({ at }) => at < until)
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** What stands out: mails of a night answered all at once, and an agent that reads one invoice again and again. */
export function oddTraffic(now: Date, chance: Chance): SampleRequest[] {
  const night = ago(now, 4, 2).getTime();
  const mails = Array.from({ length: 80 }, (_, n): SampleRequest => {
    const request = { ...oddOne(`s-mail-${n}`), action: "prompt" as const, purpose: "customer-support" };
    const content = fill("Where is my order {order}? It was due last {weekday}.", chance);
    return {
      at: new Date(night + n * 700),
      workload: "support-mail",
      request: { ...request, model: "openai/gpt-4o-mini", messages: [{ role: "user", content }] },
    };
  });
  const loops = [10, 75, 160, 300].flatMap((minutes, n) => loop(ago(now, 5, 12), minutes, `s-loop-${n}`));
  return [...mails, ...loops];
}

/** Thirty calls for one invoice, so many minutes after that instant. */
function loop(from: Date, minutes: number, sessionId: string): SampleRequest[] {
  return Array.from({ length: 30 }, (_, n) => ({
    at: new Date(from.getTime() + minutes * MINUTE_MS + n * 20_000),
    workload: "payments-runner",
    request: {
      ...oddOne(sessionId),
      action: "tool_call",
      purpose: "supplier-payments",
      model: "anthropic/claude-sonnet-4",
      tool: { name: "read_invoice", arguments: { invoice: "C4711" } },
    },
  }));
}

function oddOne(sessionId: string) {
  return { dataClass: "internal" as const, sessionId, actor: { id: "u-night" }, synthetic: SYNTHETIC };
}

/** One conversation: a question, perhaps something read, perhaps a tool and its answer, then the reply. */
function session(useCase: SampleUseCase, day: Date, chance: Chance): SampleRequest[] {
  const workload = chance.of(useCase.workloads).slug;
  const { stray } = useCase;
  const common = {
    purpose: one(useCase.purposes, stray.purposes, 0.01, chance),
    model: one(useCase.models, stray.models, 0.02, chance),
    dataClass: one(useCase.dataClasses, stray.dataClasses, 0.01, chance),
    sessionId: `s-${chance.hex(12)}`,
    traceId: chance.hex(32),
    synthetic: SYNTHETIC,
    ...(chance.is(0.97) ? { actor: { id: `u-${chance.between(1, 400)}` } } : {}),
  };
  const requests: AnyRequest[] = [{ ...common, action: "prompt", ...ask(useCase, chance) }];
  if (useCase.retrievalSources.length > 0 && chance.is(0.4)) {
    const retrievalSource = one(useCase.retrievalSources, stray.retrievalSources, 0.03, chance);
    requests.push({ ...common, action: "retrieval", retrievalSource });
  }
  if (chance.is(0.55)) requests.push(...toolUse(useCase, common, chance));
  requests.push({
    ...common,
    action: "completion",
    messages: [{ role: "assistant", content: "Here is what I found. Tell me if anything is missing." }],
  });
  let at = day.getTime() + officeHour(chance) * HOUR_MS;
  return requests.map((request) => {
    at += chance.between(800, 45_000);
    return { at: new Date(at), workload, request };
  });
}

/** One of what is usual, now and then one of what is not. */
function one<T>(usual: readonly T[], stray: readonly T[] = [], p: number, chance: Chance): T {
  return chance.of(chance.is(p) && stray.length > 0 ? stray : usual);
}

function ask(useCase: SampleUseCase, chance: Chance): Pick<AnyRequest, "messages" | "signals"> {
  const kinds = Object.entries(useCase.trouble).flatMap(([kind, p]) =>
    chance.is(p) ? [kind as Trouble] : [],
  );
  const parts = [fill(chance.of(useCase.asks), chance), ...kinds.map((kind) => TROUBLE[kind](chance))];
  const signals = kinds.flatMap((kind) => SIGNALS[kind] ?? []);
  return {
    messages: [{ role: "user", content: parts.join(" ") }],
    ...(signals.length > 0 && { signals }),
  };
}

function toolUse(useCase: SampleUseCase, common: Omit<AnyRequest, "action">, chance: Chance): AnyRequest[] {
  const tool = one(useCase.tools, useCase.stray.tools, 0.03, chance);
  const filled = Object.fromEntries(
    Object.entries(tool.arguments).map(([key, value]) => [key, fill(value, chance)]),
  );
  const call: AnyRequest = { ...common, action: "tool_call", tool: { name: tool.name, arguments: filled } };
  if (useCase.destinations.length > 0 && chance.is(0.5)) {
    const host = one(useCase.destinations, useCase.stray.destinations, 0.04, chance);
    call.destination = `https://${host}/v1/${tool.name}`;
  }
  const order = chance.is(useCase.hiddenOrders ?? 0) ? ` ${HIDDEN_ORDER}` : "";
  return [
    call,
    {
      ...common,
      action: "tool_result",
      tool: { name: tool.name },
      messages: [{ role: "tool", content: `Done. One record.${order}` }],
    },
  ];
}

/** Hours after midnight, mostly in the working day. */
function officeHour(chance: Chance): number {
  return chance.is(0.88) ? 7 + 11 * chance.next() : 24 * chance.next();
}
