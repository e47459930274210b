import { type Ctx, inTransaction } from "@/lib/access/context";
import { getStanding, requireFor } from "@/lib/use-cases/refs";
import { createException } from "./create-exception";
import { getException } from "./queries";
import type { RequestExceptionInput } from "./schema";
import type { ExceptionView } from "./views";

/** Drafts an exception, or submits it at once with `submit`; throws what `createException` throws. */
export async function requestException(
  ctx: Ctx,
  { useCase: slug, ...input }: RequestExceptionInput,
): Promise<ExceptionView> {
  const id = await inTransaction(ctx, async (tx) => {
    const useCase = await getStanding(tx, slug);
    const requester = requireFor(ctx, "exception:create", useCase);
    return createException(tx, ctx, { useCase, requester, input, renews: null });
  });
  return getException(ctx, { id });
}
