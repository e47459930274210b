import { readFileSync } from "node:fs";

/** A process as it can be recognised later: its number and when it was started (clock ticks; 0 where unknown). */
export interface ProcessMark {
  pid: number;
  startedAt: number;
}

/** The mark of this process. */
export function ownMark(): ProcessMark {
  return { pid: process.pid, startedAt: startOf(process.pid) ?? 0 };
}

/** Whether the process lives. One with the same number that was started at another time is another. */
export function isAlive({ pid, startedAt }: ProcessMark): boolean {
  if (process.platform === "linux" && startedAt > 0) return startOf(pid) === startedAt;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Field 22 of proc_pid_stat(5), or null for a process that is gone or only waits to be collected. */
function startOf(pid: number): number | null {
  if (process.platform !== "linux") return null;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" || state === "X" ? null : Number(fields[18]);
  } catch {
    return null;
  }
}
