const LONGEST_MS = 5_000;

/** Milliseconds until `look` gives what is `wanted`; throws with what it gave last when that takes over 5 seconds. */
export async function until<T>(look: () => Promise<T>, wanted: T): Promise<number> {
  const started = performance.now();
  for (;;) {
    const seen = await look();
    const passed = performance.now() - started;
    if (seen === wanted) return passed;
    if (passed > LONGEST_MS) throw new Error(`Wanted ${wanted}, still ${seen}.`);
    await new Promise((done) => setTimeout(done, 5));
  }
}
