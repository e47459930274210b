import type { Ctx } from "@/lib/access/context";
import { readWaitingDrift } from "@/lib/drift/queue-items";
import type { Occasion, TellingOptions } from "./tell";
import { tellInTurn } from "./tell-of-time";

type JobCtx = Pick<Ctx, "db" | "now">;

const DAY_MS = 86_400_000;
const NAMED = 3;

/**
 * Tells the owners of a use case of undeclared values that were first seen since they were last told (of the last day, when
 * they never were): once a day (UTC) for each use case, however much drifts. False when there was nothing to tell.
 */
export async function tellOfDrift(ctx: JobCtx, options: TellingOptions): Promise<boolean> {
  const useCases = await ctx.db.useCase.findMany({
    select: { id: true, slug: true, name: true, riskOwnerId: true, members: { select: { personId: true } } },
  });
  const day = ctx.now.toISOString().slice(0, 10);
  const told = await ctx.db.notification.groupBy({
    by: ["subjectId"],
    where: { topic: "drift" },
    _max: { createdAt: true },
  });
  const lastTold = new Map(told.map(({ subjectId, _max }) => [subjectId, _max.createdAt]));
  const dayAgo = new Date(ctx.now.getTime() - DAY_MS);
  const untold = useCases.filter(({ id }) => lastTold.get(id)?.toISOString().slice(0, 10) !== day);
  const found = (
    await readWaitingDrift(
      ctx.db,
      untold.map(({ id }) => id),
      ctx.now,
    )
  ).flatMap(({ drift, waiting }): Occasion[] => {
    const useCase = untold.find(({ id }) => id === drift.useCase.id);
    const since = lastTold.get(drift.useCase.id) ?? dayAgo;
    const fresh = waiting.filter(({ first }) => first >= since);
    if (!useCase || fresh.length === 0) return [];
    const dimensions = [...new Set(fresh.map(({ dimension }) => dimension))];
    return [
      {
        key: `drift of ${day}`,
        type: "drift.seen",
        topics: ["drift"],
        subject: {
          kind: "use_case",
          id: useCase.id,
          ref: useCase.slug,
          called: useCase.name,
          about: `${fresh.length === 1 ? "1 new value" : `${fresh.length} new values`} of ${dimensions.slice(0, NAMED).join(", ")}`,
          useCase: useCase.slug,
          href: `/telemetry/drift?useCase=${useCase.slug}`,
          standing: {
            requesterIds: [],
            riskOwnerIds: [useCase.riskOwnerId],
            businessOwnerId: null,
            applicationOwnerIds: useCase.members.map(({ personId }) => personId),
            onWhomItWaits: [],
            namedIds: [],
          },
        },
        at: ctx.now,
        actorId: null,
      },
    ];
  });
  return tellInTurn(ctx, found, options);
}
