import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, openSync, renameSync } from "node:fs";
import { say } from "./console-words";

const GRACE_MS = 15_000;
const LOOK_MS = 500;
/** To be imported first by a process that goes with the one that `SLUICE_SUPERVISOR_PID` names. */
export const LEAVE_WITH_PARENT = new URL("./leave-with-parent.mjs", import.meta.url).href;

/**
 * Runs the parts of Sluice, each in a process group of its own, so that Ctrl-C reaches them through here: first
 * the parts drain and stop, then what they stand on. Where this process is killed, the parts notice and leave.
 */
export class Supervisor {
  stopping = false;
  private readonly children = new Map<string, ChildProcess>();
  private readonly afterwards: (() => Promise<void>)[] = [];
  private log: number | "ignore" = "ignore";

  /** Lets the parts write their log into a file from here on; that of the start before is kept beside it. */
  logTo(file: string): void {
    if (existsSync(file)) renameSync(file, `${file}.1`);
    this.log = openSync(file, "a", 0o600);
  }

  /** Starts a Node program and starts it again when it dies. */
  run(name: string, args: string[], env: Record<string, string>): void {
    if (this.stopping) return;
    const child = spawn(process.execPath, ["--import", LEAVE_WITH_PARENT, ...args], {
      // Prisma's PostgreSQL adapter calls pg in a way that pg warns of; it is not the reader's business.
      env: {
        ...process.env,
        NODE_ENV: "production",
        NODE_OPTIONS: "--disable-warning=DeprecationWarning",
        SLUICE_SUPERVISOR_PID: String(process.pid),
        ...env,
      },
      stdio: ["ignore", this.log, "inherit"],
      detached: true,
    });
    this.children.set(name, child);
    child.once("exit", (code, signal) => {
      if (this.stopping) return;
      say(`The ${name} stopped (${signal ?? `exit code ${code}`}) and is started again.`);
      setTimeout(() => this.run(name, args, env), 1_000);
    });
  }

  /** Stops when the process that started this one is gone: npm that was killed can pass no signal on. */
  leaveWithParent(): void {
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) void this.stop();
    }, LOOK_MS).unref();
  }

  onStopped(work: () => Promise<void>): void {
    this.afterwards.push(work);
  }

  async stop(): Promise<void> {
    if (this.stopping) return;
    this.stopping = true;
    say("\nStopping …");
    await Promise.all([...this.children.values()].map(ended));
    for (const work of this.afterwards) await work();
    say("Stopped.");
    process.exit(process.exitCode ?? 0);
  }
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined)
    return Promise.resolve();
  const pid = child.pid;
  return new Promise((done) => {
    const hard = setTimeout(() => process.kill(-pid, "SIGKILL"), GRACE_MS);
    child.once("exit", () => {
      clearTimeout(hard);
      done();
    });
    process.kill(-pid, "SIGTERM");
  });
}
