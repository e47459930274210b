import type { PageCtx } from "@/app/page-context";
import { listUseCases } from "@/lib/use-cases/queries";

export interface UseCaseChoice {
  slug: string;
  name: string;
}

/** The use cases to choose from, by name. */
export async function listUseCaseChoices(ctx: PageCtx): Promise<UseCaseChoice[]> {
  const { items } = await listUseCases(ctx, { limit: 200 });
  return items.map(({ slug, name }) => ({ slug, name })).sort((a, b) => a.name.localeCompare(b.name, "en"));
}
