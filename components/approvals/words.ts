import { word } from "@/components/telemetry/words";
import type { ApprovalSummary, AskedView } from "@/lib/approvals/views";

type Asking = Pick<ApprovalSummary, "asked" | "workload">;

const ASKS: Record<string, (asked: AskedView) => string> = {
  prompt: ({ model }) => `send a prompt${model ? ` to ${model}` : ""}`,
  completion: ({ model }) => `hand on an answer${model ? ` of ${model}` : ""}`,
  tool_call: ({ tool }) => `call ${tool ?? "a tool"}`,
  tool_result: ({ tool }) => `take in what ${tool ?? "a tool"} returned`,
  retrieval: ({ retrievalSource }) =>
    `use what it retrieved${retrievalSource ? ` from ${retrievalSource}` : ""}`,
  outbound: ({ destination }) => `send to ${destination ?? "a destination"}`,
  secret_access: ({ tool }) => `read a secret${tool ? ` with ${tool}` : ""}`,
};

/** What a held request wants to do, such as `call send_money`. */
export function askedText(asked: AskedView): string {
  const { action = "" } = asked;
  return ASKS[action]?.(asked) ?? (action === "" ? "make a request" : word(action));
}

/** Who asks for what, in one sentence. */
export function askedSentence({ asked, workload }: Asking): string {
  const { destination, purpose, dataClass, action } = asked;
  const more = [
    destination && action !== "outbound" ? ` at ${destination}` : "",
    dataClass ? `, with ${dataClass} data` : "",
    purpose ? `, for ${purpose}` : "",
  ];
  return `${workload.name} asks to ${askedText(asked)}${more.join("")}.`;
}

/** The time until it counts as denied: minutes, in the last two of them seconds. */
export function leftText(expiresAt: string, now: number): string {
  const ms = Date.parse(expiresAt) - now;
  if (ms <= 0) return "none";
  return ms <= 120_000 ? `${Math.ceil(ms / 1000)} s` : `${Math.floor(ms / 60_000)} min`;
}

/** What became of it so far, in a sentence for people. */
export function fateSentence({ status, decidedBy }: Pick<ApprovalSummary, "status" | "decidedBy">): string {
  const who = decidedBy?.name ?? "Somebody";
  switch (status) {
    case "pending":
      return "It waits for a person. Until one decides it does not pass, and unanswered it counts as denied.";
    case "granted":
      return `${who} granted it. The same request may pass once, as long as its time lasts.`;
    case "denied":
      return `${who} denied it.`;
    case "expired":
      return decidedBy === null
        ? "Nobody decided in time, so it counts as denied."
        : `${who} granted it, but the grant was not used in time. It lets nothing pass any more.`;
    case "used":
      return `${who} granted it, and the grant is used: it lets nothing else pass.`;
  }
}
