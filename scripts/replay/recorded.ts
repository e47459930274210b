import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { z } from "zod";
import type { AnyRequest } from "@/lib/pdp/request";

/** One recorded run, as requests in order. */
export interface RecordedRun {
  /** Slug of the use case. */
  useCase: string;
  requests: AnyRequest[];
  /** When it really began, if the recording says so. */
  observedAt: Date[] | null;
}

const step = z.discriminatedUnion("type", [
  z.object({ type: z.literal("system") }),
  z.object({ type: z.literal("user"), content: z.string().nullable() }),
  z.object({ type: z.literal("assistant"), content: z.string().nullable() }),
  z.object({
    type: z.literal("tool_call"),
    tool: z.string(),
    arguments: z.record(z.string(), z.unknown()).nullable(),
  }),
  z.object({ type: z.literal("tool_result"), tool: z.string().nullish(), content: z.string().nullable() }),
]);

const agentTrace = z.object({
  trace_id: z.string(),
  model: z.string(),
  suite: z.string(),
  steps: z.array(step),
});

type Step = z.infer<typeof step>;

const nativeRequest = z.looseObject({
  action: z.string(),
  useCase: z.string(),
  observedAt: z.iso.datetime({ offset: true }).optional(),
});

/**
 * A line of a recording: an agent trace (`trace_id`, `model`, `suite`, `steps`), or a request of our own API with its
 * `useCase` and perhaps its `observedAt`. Throws with the reason for anything else; content is in no message.
 */
export function parseRun(line: string): RecordedRun {
  const value: unknown = JSON.parse(line);
  const native = nativeRequest.safeParse(value);
  if (native.success) {
    const { observedAt, ...request } = native.data;
    return {
      useCase: request.useCase,
      requests: [request as unknown as AnyRequest],
      observedAt: observedAt ? [new Date(observedAt)] : null,
    };
  }
  const { trace_id, model, suite, steps } = agentTrace.parse(value);
  const common = { useCase: suite, purpose: suite, model, sessionId: trace_id, traceId: trace_id };
  const requests = steps.flatMap((item) => {
    const request = requestOf(item);
    return request ? [{ ...common, ...request }] : [];
  });
  return { useCase: suite, requests, observedAt: null };
}

/** User turn → `prompt`, assistant text → `completion`, tool call and tool answer as such; empty texts say nothing. */
function requestOf(item: Step): Pick<AnyRequest, "action" | "tool" | "messages"> | null {
  switch (item.type) {
    case "system":
      return null;
    case "user":
      return item.content ? { action: "prompt", messages: [{ role: "user", content: item.content }] } : null;
    case "assistant":
      return item.content
        ? { action: "completion", messages: [{ role: "assistant", content: item.content }] }
        : null;
    case "tool_call":
      return { action: "tool_call", tool: { name: item.tool, arguments: item.arguments ?? {} } };
    case "tool_result":
      return {
        action: "tool_result",
        ...(item.tool ? { tool: { name: item.tool } } : {}),
        messages: [{ role: "tool", content: item.content ?? "" }],
      };
  }
}

/** The runs of a file, JSON lines, gzip'd or not, one by one. */
export async function* readRuns(file: string): AsyncGenerator<RecordedRun> {
  const source = createReadStream(file);
  const input = file.endsWith(".gz") ? source.pipe(createGunzip()) : source;
  let number = 0;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (line.trim() === "") continue;
    try {
      yield parseRun(line);
    } catch {
      throw new Error(
        `Line ${number} of ${file} is neither an agent trace nor a request of /v1/decisions with its useCase.`,
      );
    }
  }
}
