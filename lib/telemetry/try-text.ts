import type { Ctx } from "@/lib/access/context";
import { detect } from "@/lib/detect/registry";
import { levelOf, sensitivityOf } from "@/lib/policy/vocabulary";
import { getStanding, requireFor } from "@/lib/use-cases/refs";
import { compileOwn } from "./custom-detectors";
import type { TryTextInput } from "./schema";
import type { TextTryView } from "./views";

const TRIED = "custom/tried";
const MOST_SPANS = 100;

/**
 * Looks through a typed text with the phrases and patterns of a custom control, as the decision point would. For those
 * who may request a change of the use case. The text is neither kept nor logged.
 */
export async function tryText(ctx: Ctx, input: TryTextInput): Promise<TextTryView> {
  requireFor(ctx, "change:create", await getStanding(ctx.db, input.useCase));
  const own = compileOwn({ id: TRIED, phrases: input.phrases, patterns: input.patterns });
  if (Array.isArray(own)) return { problems: own, spans: [], level: null, fires: false };
  const { signals, spans } = detect([{ text: input.text, channel: "trusted" }], own);
  const level = signals[TRIED];
  return {
    problems: [],
    spans: spans
      .filter(({ detector }) => detector === TRIED)
      .slice(0, MOST_SPANS)
      .map(({ level, start, end }) => ({ level: sensitivityOf(level), start, end })),
    level: level ? sensitivityOf(level) : null,
    fires: level !== undefined && level <= levelOf(input.sensitivity),
  };
}
