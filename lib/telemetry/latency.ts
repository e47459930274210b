/**
 * Upper bounds of the latency counts of `series_hour`, in microseconds: powers of two from 16 µs to about 1 s.
 * The array in the database has one more place, for what took longer.
 */
export const LATENCY_BOUNDS_US: readonly number[] = Array.from(
  { length: 17 },
  (_, power) => 2 ** (power + 4),
);
