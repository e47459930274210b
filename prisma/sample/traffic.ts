import type { AnyRequest } from "@/lib/pdp/request";
import { fill, TROUBLE } from "./phrases";
import type { Chance } from "./random";
import type { SampleUseCase } from "./use-cases";

export interface SampleRequest {
  at: Date;
  workload: string;
  request: AnyRequest;
}

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

/** One conversation: a question, perhaps something read, perhaps a tool and its answer, then the reply. */
function session(useCase: SampleUseCase, day: Date, chance: Chance): SampleRequest[] {
  const workload = chance.of(useCase.workloads).slug;
  const common = {
    purpose: chance.of(useCase.purposes),
    model:
      chance.is(0.02) && useCase.strayModels.length > 0
        ? chance.of(useCase.strayModels)
        : chance.of(useCase.models),
    dataClass: chance.of(useCase.dataClasses),
    sessionId: `s-${chance.hex(12)}`,
    traceId: chance.hex(32),
    synthetic: SYNTHETIC,
    ...(chance.is(0.97) ? { actor: { id: `u-${chance.between(1, 400)}` } } : {}),
  };
  const requests: AnyRequest[] = [
    { ...common, action: "prompt", messages: [{ role: "user", content: ask(useCase, chance) }] },
  ];
  if (useCase.retrievalSources.length > 0 && chance.is(0.4)) {
    requests.push({ ...common, action: "retrieval", retrievalSource: chance.of(useCase.retrievalSources) });
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

function ask(useCase: SampleUseCase, chance: Chance): string {
  const parts = [fill(chance.of(useCase.asks), chance)];
  for (const [kind, p] of Object.entries(useCase.trouble)) {
    if (chance.is(p)) parts.push(TROUBLE[kind]?.(chance) ?? "");
  }
  return parts.join(" ");
}

function toolUse(useCase: SampleUseCase, common: Omit<AnyRequest, "action">, chance: Chance): AnyRequest[] {
  const stray = useCase.strayTools.length > 0 && chance.is(0.03);
  const tool = chance.of(stray ? useCase.strayTools : useCase.tools);
  const filled = Object.fromEntries(
    Object.entries(tool.arguments).map(([key, value]) => [key, fill(value, chance)]),
  );
  const call: AnyRequest = { ...common, action: "tool_call", tool: { name: tool.name, arguments: filled } };
  const destination =
    useCase.destinations.length > 0 && chance.is(0.5) ? chance.of(useCase.destinations) : null;
  if (destination) call.destination = `https://${destination}/v1/${tool.name}`;
  return [
    call,
    {
      ...common,
      action: "tool_result",
      tool: { name: tool.name },
      messages: [{ role: "tool", content: "Done. One record." }],
    },
  ];
}

/** Hours after midnight, mostly in the working day. */
function officeHour(chance: Chance): number {
  return chance.is(0.88) ? 7 + 11 * chance.next() : 24 * chance.next();
}
