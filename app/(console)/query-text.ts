export type PageQuery = Promise<Record<string, string | string[] | undefined>>;

/** The query of a page's address, in its order. */
export async function queryText(searchParams: PageQuery): Promise<URLSearchParams> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(await searchParams)) {
    for (const one of Array.isArray(value) ? value : [value ?? ""]) query.append(name, one);
  }
  return query;
}
