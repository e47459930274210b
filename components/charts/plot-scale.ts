/** Where the lines of an axis stand: from 0 in even steps of 1, 2 or 5 times a power of ten, the last at or above `max`. */
export function axisSteps(max: number, about = 4): number[] {
  const rough = Math.max(1, max) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? 10 * power);
  const lines = Math.max(1, Math.ceil(max / step));
  return Array.from({ length: lines + 1 }, (_, index) => index * step);
}

/** Of names that stand evenly apart, those for which `width` has room, each taking `each`; the first is one of them. */
export function namesWithRoom<T>(names: readonly T[], width: number, each: number): T[] {
  const every = Math.max(1, Math.ceil((names.length * each) / Math.max(1, width)));
  return names.filter((_, index) => index % every === 0);
}
