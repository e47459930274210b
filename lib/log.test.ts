import { beforeEach, describe, expect, it, vi } from "vitest";
import { SluiceError } from "@/lib/errors";
import { createLog } from "./log";

const SECRET = "4111 1111 1111 1111";

function logged(error: unknown): string {
  const lines: string[] = [];
  createLog({ write: (line) => void lines.push(line) }).error({ err: error }, "request failed");
  return lines.join("");
}

beforeEach(() => {
  vi.stubEnv("LOG_LEVEL", "info");
});

describe("an error in the log", () => {
  it("has its kind, message, code, frames and causes", () => {
    const cause = Object.assign(new TypeError("the reason"), { code: "23514" });
    const line = JSON.parse(logged(new SluiceError("conflict", "first line", { cause })));
    expect(line).toMatchObject({
      msg: "request failed",
      err: {
        type: "SluiceError",
        message: "first line",
        code: "conflict",
        cause: { type: "TypeError", message: "the reason", code: "23514" },
      },
    });
    expect(line.err.stack).toMatch(/^\s+at .*log\.test\.ts/);
  });

  it("has nothing of a row or a query that hangs on it", () => {
    const error = Object.assign(new Error("violates check constraint"), {
      detail: `Failing row contains (${SECRET})`,
      where: SECRET,
      meta: { query: SECRET },
      parameters: [SECRET],
    });
    expect(logged(error)).not.toContain(SECRET);
    expect(logged(new Error("outer", { cause: error }))).not.toContain(SECRET);
    expect(logged(SECRET)).not.toContain(SECRET);
  });

  it("stays on one line, and bounded, whatever the message", () => {
    const line = logged(new Error(`first\n{"level":30}\n${"x".repeat(100_000)}`));
    expect(line.trimEnd().split("\n")).toHaveLength(1);
    expect(line.length).toBeLessThan(8_000);
  });

  it("ends with causes that go in a circle", () => {
    const error = new Error("around");
    error.cause = error;
    expect(logged(error)).toContain("around");
  });
});
