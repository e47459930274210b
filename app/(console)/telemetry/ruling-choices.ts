import type { PageCtx } from "@/app/page-context";
import { getControl } from "@/lib/policy/catalogue";
import { getBreakdown } from "@/lib/telemetry/get-breakdown";
import { listUseCaseChoices } from "./use-case-choices";

const DAYS = 90;

/** The use cases, and the controls that fired of late, to filter rulings, appeals and cases by. */
export async function rulingChoices(ctx: PageCtx) {
  const from = new Date(ctx.now.getTime() - DAYS * 86_400_000);
  const [useCases, fired] = await Promise.all([
    listUseCaseChoices(ctx),
    getBreakdown(ctx, { from, to: ctx.now, dimension: "control", limit: 100 }),
  ]);
  const controls = fired.rows.map(({ key }) => ({ id: key, title: getControl(key)?.title ?? key }));
  return { useCases, controls: controls.sort((a, b) => a.title.localeCompare(b.title, "en")) };
}
