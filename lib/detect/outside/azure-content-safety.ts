import { z } from "zod";
import type { Level } from "../types";
import { type OutsideAdapter, type OutsideHit, under } from "./types";

const CONTROL_OF: Readonly<Record<string, string>> = {
  Hate: "moderation/hate",
  SelfHarm: "moderation/self-harm",
  Sexual: "moderation/sexual",
  Violence: "moderation/violence",
};

/** The service takes at most 10,000 code points at once; a UTF-16 unit is at most one. */
const MAX_CHARS = 10_000;
const API = "api-version=2024-09-01";

/** By the eight severities: 6 and 7 high, 4 and 5 medium, 2 and 3 low, 1 just above safe. */
function levelOf(severity: number): Level | null {
  if (severity >= 6) return 1;
  if (severity >= 4) return 2;
  if (severity >= 2) return 3;
  return severity >= 1 ? 4 : null;
}

const analysisSchema = z.object({
  categoriesAnalysis: z.array(z.object({ category: z.string(), severity: z.number() })),
});
const shieldSchema = z.object({
  userPromptAnalysis: z.object({ attackDetected: z.boolean() }).nullish(),
  documentsAnalysis: z.array(z.object({ attackDetected: z.boolean() })).nullish(),
});

function pieces(text: string): string[] {
  const count = Math.ceil(text.length / MAX_CHARS);
  return Array.from({ length: count }, (_, at) => text.slice(at * MAX_CHARS, (at + 1) * MAX_CHARS));
}

interface Options {
  shields: boolean;
}

/** Content analysis for every text and, if switched on, Prompt Shields for those that are not trusted. */
export const azureContentSafety: OutsideAdapter = {
  title: "Azure AI Content Safety",
  path: "/contentsafety",
  gives: [...Object.values(CONTROL_OF), "prompt-attack"],
  needsSecret: true,
  options: z.strictObject({ shields: z.boolean().default(false) }),
  calls: ({ url, secret, options }, texts) => {
    const headers = { "Ocp-Apim-Subscription-Key": secret ?? "" };
    const all = pieces(texts.map(({ text }) => text).join("\n\n"));
    const analyses = all.map((text) => ({
      url: under(url, `/contentsafety/text:analyze?${API}`),
      headers,
      body: { text, categories: Object.keys(CONTROL_OF), outputType: "EightSeverityLevels" },
    }));
    if (!(options as Options).shields) return analyses;
    const looked = texts.filter(({ channel }) => channel !== "trusted");
    const shields = looked.flatMap(({ text, channel }) =>
      pieces(text).map((piece) => ({
        url: under(url, `/contentsafety/text:shieldPrompt?${API}`),
        headers,
        body:
          channel === "prompt"
            ? { userPrompt: piece, documents: [] }
            : { userPrompt: "", documents: [piece] },
      })),
    );
    return [...analyses, ...shields];
  },
  hits: (_, __, answers) => answers.flatMap(hitsOf),
};

/** The service tells no degree of an attack, so it counts as very likely, not as certain. */
function hitsOf(answer: unknown): OutsideHit[] {
  const analysis = analysisSchema.safeParse(answer);
  if (analysis.success) {
    return analysis.data.categoriesAnalysis.flatMap(({ category, severity }) => {
      const detector = CONTROL_OF[category];
      const level = levelOf(severity);
      return detector === undefined || level === null ? [] : [{ detector, level }];
    });
  }
  const { userPromptAnalysis, documentsAnalysis } = shieldSchema.parse(answer);
  if (!userPromptAnalysis && !documentsAnalysis) throw new Error("The answer holds no analysis.");
  const attacked =
    userPromptAnalysis?.attackDetected === true || documentsAnalysis?.some((each) => each.attackDetected);
  return attacked ? [{ detector: "prompt-attack", level: 2 }] : [];
}
