import type { Db, Tx } from "@/lib/db/prisma";
import { candidateOf } from "./may";
import type { LoadedChange } from "./row";
import { placesFor, SEAT_TITLES, seatsOf } from "./rules";
import type { SeatView } from "./views";

/** The places of the quorum: who may take each, and who has. */
export async function readSeats(
  db: Db | Tx,
  { row, standing, quorum, instated }: LoadedChange,
): Promise<SeatView[]> {
  const people = await db.person.findMany({
    where: {
      deactivatedAt: null,
      ...(row.requestedById ? { id: { not: row.requestedById } } : {}),
      roles: { some: { role: { in: ["risk_owner", "security_lead"] } } },
    },
    select: { id: true, name: true, roles: { select: { role: true } } },
    orderBy: { name: "asc" },
  });
  return placesFor(standing.seats).map(({ seat, place }) => {
    const filled = quorum.filled.find((one) => one.place.seat === seat && one.place.place === place)?.by;
    const eligible = people.filter((person) => {
      const roles = person.roles.map(({ role }) => role);
      return seatsOf(candidateOf({ id: person.id, roles }, row, instated)).includes(seat);
    });
    return {
      seat,
      place,
      title: SEAT_TITLES[seat],
      eligible: eligible.map(({ id, name }) => ({ id, name })),
      filledBy: filled ? { id: filled.person.id, name: filled.person.name } : null,
      filledAt: filled?.at.toISOString() ?? null,
      note: filled?.note || null,
    };
  });
}
