import pino from "pino";

/** The process's log: one JSON object a line. Content, secrets and credentials are never given to it. */
export const log = pino({
  level: process.env["LOG_LEVEL"] ?? "info",
  base: undefined,
  timestamp: pino.stdTimeFunctions.isoTime,
});
