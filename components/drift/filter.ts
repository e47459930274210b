interface Params {
  get(name: string): string | null;
}

function picked(params: Params, names: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(names).flatMap(([field, name]) => {
      const value = params.get(name);
      return value ? [[field, value]] : [];
    }),
  );
}

/** What an address asks of the queue. */
export function driftQuery(params: Params): Record<string, string> {
  const names = ["state", "useCase", "dimension", "days", "cursor"];
  return picked(params, Object.fromEntries(names.map((name) => [name, name])));
}

/** What an address asks of the incidents: of the same use case, in a state and with a paging of their own. */
export function incidentQuery(params: Params): Record<string, string> {
  return picked(params, { useCase: "useCase", status: "incidents", cursor: "incidentCursor" });
}
