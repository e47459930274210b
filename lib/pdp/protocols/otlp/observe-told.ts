import { setImmediate } from "node:timers/promises";
import { SluiceError } from "@/lib/errors";
import { log } from "@/lib/log";
import type { Door, Visit } from "../../door";
import { toProblem } from "../../problem";
import { parseObservation } from "../../request";
import type { Limit } from "./limit";
import type { Rejected } from "./respond";
import type { Told } from "./told";

/** Observations that are judged before decisions that wait get their turn. */
const AT_ONCE = 32;
/** Reasons that are told of an export. */
const REASONS = 4;

/**
 * Records what an export tells of, and resolves when all of it is committed: with what was refused for good, or null.
 * Throws what a later attempt may mend; what was recorded by then is known by its key and not recorded again.
 */
export async function observeAll(
  door: Door,
  visit: Visit,
  told: readonly Told[],
  inFlight: Limit,
): Promise<Rejected | null> {
  const refusals = new Map<string, number>();
  const passing: unknown[] = [];
  const all: Promise<void>[] = [];
  const one = async (item: Told) => {
    try {
      await observe(door, visit, item);
    } catch (error) {
      if (isPassing(error)) passing.push(error);
      else {
        door.refused(error);
        const reason = reasonOf(error);
        refusals.set(reason, (refusals.get(reason) ?? 0) + 1);
      }
    }
  };
  for (const [at, item] of told.entries()) {
    await inFlight.enter();
    if (passing.length > 0) {
      inFlight.leave();
      break;
    }
    all.push(one(item).finally(inFlight.leave));
    if (at % AT_ONCE === AT_ONCE - 1) await setImmediate();
  }
  await Promise.all(all);
  if (passing.length > 0) throw passing[0];
  if (refusals.size === 0) return null;
  const rejected = rejectedOf(refusals);
  log.info({ count: rejected.count }, "telemetry refused");
  return rejected;
}

async function observe({ service }: Door, { caller, now }: Visit, told: Told): Promise<void> {
  const { observedAt, ...request } = parseObservation(
    { useCase: namedUseCase(told, caller), ...told.body },
    now,
  );
  const understood = {
    caller,
    now,
    receivedAt: performance.now(),
    request,
    key: told.key,
    observedAt: new Date(observedAt),
    ...(told.tokens && { tokens: told.tokens }),
  };
  if (told.onlyIfFound) {
    const { findings } = await service.judge({ ...understood, rehearsal: true });
    if (!findings.some(({ level }) => level !== undefined)) return;
  }
  try {
    await service.judge(understood);
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code !== "conflict") throw error;
  }
}

/** Who serves several use cases and names none is understood by the service's name, if it is the name of one. */
function namedUseCase({ serviceName }: Told, { workload }: Visit["caller"]): string | undefined {
  return serviceName !== undefined && workload.useCases.size > 1 && workload.useCases.has(serviceName)
    ? serviceName
    : undefined;
}

function isPassing(error: unknown): boolean {
  return error instanceof SluiceError && (error.code === "unavailable" || error.code === "rate_limited");
}

/** Of a refusal only the count goes to the log: an export may hold thousands of the same. */
function reasonOf(error: unknown): string {
  if (!(error instanceof SluiceError)) return toProblem(error).detail;
  const [field] = error.fields;
  return field === undefined ? error.message : `${field.path}: ${field.message}`;
}

function rejectedOf(refusals: ReadonlyMap<string, number>): Rejected {
  const ordered = [...refusals].sort(([, a], [, b]) => b - a);
  const count = ordered.reduce((sum, [, n]) => sum + n, 0);
  const message = ordered
    .slice(0, REASONS)
    .map(([reason, n]) => `${n} × ${reason}`)
    .join("; ");
  return { count, message };
}
