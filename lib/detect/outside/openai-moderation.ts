import { z } from "zod";
import { levelOfScore, type OutsideAdapter, under } from "./types";

/** Our control for each category of `omni-moderation-latest`. */
const CONTROL_OF: Readonly<Record<string, string>> = {
  harassment: "moderation/hate",
  "harassment/threatening": "moderation/hate",
  hate: "moderation/hate",
  "hate/threatening": "moderation/hate",
  illicit: "moderation/crime",
  "illicit/violent": "moderation/weapons",
  "self-harm": "moderation/self-harm",
  "self-harm/instructions": "moderation/self-harm",
  "self-harm/intent": "moderation/self-harm",
  sexual: "moderation/sexual",
  "sexual/minors": "moderation/sexual",
  violence: "moderation/violence",
  "violence/graphic": "moderation/violence",
};

/** Least scores of L1 to L4. The service says no more than that higher is surer; these are even steps, not measured. */
const LEAST = [0.9, 0.7, 0.4, 0.2] as const;

const answerSchema = z.object({
  results: z.array(z.object({ category_scores: z.record(z.string(), z.number()) })),
});

/** https://platform.openai.com/docs/api-reference/moderations */
export const openaiModeration: OutsideAdapter = {
  title: "OpenAI moderation",
  path: "/v1/moderations",
  gives: [...new Set(Object.values(CONTROL_OF))],
  needsSecret: true,
  options: z.strictObject({ model: z.string().min(1).max(100).default("omni-moderation-latest") }),
  calls: ({ url, secret, options }, texts) => [
    {
      url: under(url, "/v1/moderations"),
      headers: { Authorization: `Bearer ${secret}` },
      body: { model: (options as { model: string }).model, input: texts.map(({ text }) => text) },
    },
  ],
  hits: (_, texts, [answer]) => {
    const { results } = answerSchema.parse(answer);
    if (results.length !== texts.length) throw new Error("The answer has another number of results.");
    return results.flatMap(({ category_scores: scores }) =>
      Object.entries(scores).flatMap(([category, score]) => {
        const detector = CONTROL_OF[category];
        const level = levelOfScore(score, LEAST);
        return detector === undefined || level === null ? [] : [{ detector, level }];
      }),
    );
  },
};
