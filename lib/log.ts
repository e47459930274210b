import pino, { type DestinationStream } from "pino";

/** An error as it is logged. */
interface LoggedError {
  type: string;
  message: string;
  stack: string | undefined;
  code?: string | number;
  cause?: LoggedError;
}

const MAX_MESSAGE = 1_000;
const MAX_CAUSES = 4;

/**
 * What is logged of an error: its kind, message, stack, code and cause. Everything else that hangs on it is left
 * out: PostgreSQL puts whole rows into `detail`, Prisma the query into `meta`, and either may hold content.
 */
export function describeError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: "not an error", stack: undefined };
  const { code } = error as { code?: unknown };
  const { cause } = error;
  return {
    type: error.name,
    message: error.message.slice(0, MAX_MESSAGE),
    stack: stackOf(error),
    ...(typeof code === "string" || typeof code === "number" ? { code } : {}),
    ...(cause !== undefined && depth < MAX_CAUSES ? { cause: describeError(cause, depth + 1) } : {}),
  };
}

/** The frames alone: a stack begins with the message, however long. */
function stackOf({ stack }: Error): string | undefined {
  const frames = stack?.split("\n").filter((line) => /^\s+at /.test(line));
  return frames?.join("\n");
}

/** A log of one JSON object a line, by default on the standard output. */
export function createLog(destination?: DestinationStream) {
  const options = {
    level: process.env["LOG_LEVEL"] ?? "info",
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: (error: unknown) => describeError(error) },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** The process's log. Content, secrets and credentials are never given to it. */
export const log = createLog();
