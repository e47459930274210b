import { log } from "@/lib/log";

const IDLE_MS = 1_000;

export interface Loop {
  /** Finishes the turn that is under way and takes no other. */
  stop(): Promise<void>;
}

/** Runs `work` again and again; after a turn that found nothing or failed, a pause. `name` stands in the log. */
export function loop(name: string, work: () => Promise<boolean>): Loop {
  let stopping = false;
  let wake = () => {};
  const running = (async () => {
    while (!stopping) {
      const found = await work().catch((error: unknown) => {
        log.error({ job: name, err: error }, "job failed");
        return false;
      });
      if (!found && !stopping) {
        await new Promise<void>((done) => {
          const timer = setTimeout(done, IDLE_MS);
          wake = () => {
            clearTimeout(timer);
            done();
          };
        });
      }
    }
  })();
  return {
    stop: () => {
      stopping = true;
      wake();
      return running;
    },
  };
}
