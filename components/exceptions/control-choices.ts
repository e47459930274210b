import { CONTROLS, FAMILIES, getControl } from "@/lib/policy/catalogue";

/** The controls to pick from, by family: the catalogue's, the policy's own, and what is picked already. */
export function controlChoices(custom: readonly string[], picked: readonly string[]) {
  const own = [...new Set([...custom, ...picked.filter((id) => id.startsWith("custom/"))])];
  const all = [...CONTROLS, ...own.flatMap((id) => getControl(id) ?? [])];
  return FAMILIES.map(({ id, title }) => ({
    group: title,
    items: all
      .filter((control) => control.family === id)
      .map((control) => ({ value: control.id, label: `${control.title} (${control.id})` })),
  })).filter(({ items }) => items.length > 0);
}
