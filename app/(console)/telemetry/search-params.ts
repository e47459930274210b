export type Search = Promise<Record<string, string | string[] | undefined>>;

/** The query of a page as the address has it; of a name that stands twice, the first. */
export function toParams(search: Awaited<Search>): URLSearchParams {
  const single = Object.entries(search).flatMap(([name, value]) => {
    const first = Array.isArray(value) ? value[0] : value;
    return first === undefined ? [] : [[name, first]];
  });
  return new URLSearchParams(single);
}
