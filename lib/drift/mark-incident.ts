import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import type { Tx } from "@/lib/db/prisma";
import { ruleBroken, SluiceError } from "@/lib/errors";
import { getStanding, requireFor } from "@/lib/use-cases/refs";
import { findWindow } from "./count-facts";
import { getIncident } from "./queries";
import { type DriftStanding, readDrift, readWatched } from "./read-drift";
import { getIncidentRow, refOf } from "./row";
import { keyOf, lastSeenOf } from "./rules";
import type { MarkIncidentInput } from "./schema";
import type { IncidentView } from "./views";

/** How far back what is marked must have been seen; as far as the queue can look. */
const LOOKS_BACK_DAYS = 90;

/**
 * Marks an undeclared value of a use case's traffic as an incident: it leaves the queue until the incident is closed and the
 * value is seen again. Throws `rule` when traffic shows no such drift, `conflict` when it is an open incident already.
 */
export async function markIncident(ctx: Ctx, input: MarkIncidentInput): Promise<IncidentView> {
  const id = uuidv7();
  await inTransaction(ctx, async (tx) => {
    const useCase = await getStanding(tx, input.useCase);
    const marker = requireFor(ctx, "drift:mark", useCase);
    const value = await getDrifting(tx, useCase.id, input, ctx.now);
    // Those who mark the same value wait here for each other.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`incident ${useCase.id}${input.dimension}${input.value}`}, 0))`;
    const open = await tx.incident.findFirst({
      where: { useCaseId: useCase.id, dimension: input.dimension, value: input.value, status: "open" },
    });
    if (open) throw new SluiceError("conflict", `Somebody else was first: it is incident ${refOf(open)}.`);
    const row = await tx.incident.create({
      data: {
        id,
        useCaseId: useCase.id,
        dimension: input.dimension,
        value: input.value,
        n: BigInt(value.n),
        firstSeenAt: value.first,
        lastSeenAt: lastSeenOf(value),
        workloads: value.workloads.map(({ slug }) => slug),
        note: input.note,
        markedById: marker.id,
        markedAt: ctx.now,
        status: "open",
      },
    });
    await recordEntry(tx, ctx, {
      action: "drift.marked",
      subject: { kind: "incident", id, ref: refOf(row) },
      useCase: useCase.slug,
      reason: input.note,
      detail: { dimension: input.dimension, value: input.value, decisions: value.n },
    });
  });
  return getIncident(ctx, { id });
}

async function getDrifting(
  tx: Tx,
  useCaseId: string,
  input: MarkIncidentInput,
  now: Date,
): Promise<DriftStanding> {
  const watched = await readWatched(tx, { id: useCaseId }, now);
  const window = await findWindow(tx, LOOKS_BACK_DAYS, now);
  const [drift] = await readDrift(tx, watched, window, now);
  const value = drift?.values.find((one) => keyOf(one) === keyOf(input));
  if (value?.state === "incident" && value.incident) {
    const row = await getIncidentRow(tx, refOf(value.incident));
    throw new SluiceError("conflict", `It was marked by ${row.markedBy.name} already: it is ${refOf(row)}.`);
  }
  if (!value || value.state === "closed") {
    throw ruleBroken(
      "drift-was-seen",
      "Traffic shows no undeclared value like this, so there is nothing to mark.",
    );
  }
  return value;
}
