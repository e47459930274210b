import { spawn } from "node:child_process";
import { buildConsole, generateClient } from "./start/build";
import { LEAVE_WITH_PARENT } from "./start/supervisor";

/** The console alone, for whoever runs the processes apart: builds it if needed, then serves it on PORT. */
await generateClient();
await buildConsole();
const next = spawn(
  process.execPath,
  [
    "--import",
    LEAVE_WITH_PARENT,
    "node_modules/next/dist/bin/next",
    "start",
    "-H",
    process.env["HOST"] ?? "127.0.0.1",
  ],
  {
    stdio: "inherit",
    env: { ...process.env, NODE_ENV: "production", SLUICE_SUPERVISOR_PID: String(process.pid) },
  },
);
process.on("SIGTERM", () => next.kill("SIGTERM"));
process.on("SIGINT", () => {});
next.once("exit", (code) => process.exit(code ?? 0));
