import type { PersonActor } from "@/lib/access/context";
import type { Db } from "@/lib/db/prisma";
import { approveException } from "@/lib/exceptions/approve-exception";
import { requestException } from "@/lib/exceptions/request-exception";
import type { RequestExceptionInput } from "@/lib/exceptions/schema";
import type { ExceptionView } from "@/lib/exceptions/views";
import type { UseCaseView } from "@/lib/use-cases/views";
import { as, type Cast, inDays, NOW } from "./people";

/** Requests and approvals of exceptions as one cast makes them. */
export function exceptionsOf(db: Db, cast: Cast, useCase: UseCaseView) {
  const terms = (different: Partial<RequestExceptionInput> = {}): RequestExceptionInput => ({
    useCase: useCase.slug,
    controls: ["pii/email"],
    scope: { tools: ["create_ticket"] },
    justification: "Tickets carry the customer's address so that a person can answer them.",
    compensatingControls: "Access to the ticket system is reviewed every quarter.",
    category: "mitigated",
    riskOwnerId: cast.risk.id,
    businessOwnerId: cast.business.id,
    startsAt: inDays(0),
    expiresAt: inDays(30),
    reviewAt: inDays(20),
    submit: true,
    ...different,
  });
  const request = (different: Partial<RequestExceptionInput> = {}, actor = cast.owner, now = NOW) =>
    requestException(as(db, actor, now), terms(different));
  const approve = ({ id, termsDigest }: ExceptionView, actor: PersonActor = cast.lead, now = NOW) =>
    approveException(as(db, actor, now), { id, termsDigest });
  const approved = async (different: Partial<RequestExceptionInput> = {}) =>
    approve(await request(different));
  /** The terms of a renewal, days from `NOW`. */
  const renewal = (from: number, to: number, different: Partial<RequestExceptionInput> = {}) => {
    const { useCase: _, ...rest } = terms(different);
    return { ...rest, startsAt: inDays(from), expiresAt: inDays(to), reviewAt: inDays(to) };
  };
  return { terms, request, approve, approved, renewal };
}
