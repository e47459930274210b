/** So many at a time; whoever comes then waits, first come first served. */
export interface Limit {
  enter(): Promise<void>;
  leave(): void;
}

export function createLimit(most: number): Limit {
  const waiting: (() => void)[] = [];
  let free = most;
  return {
    enter: async () => {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
    },
    leave: () => {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    },
  };
}
