import { Text } from "@mantine/core";
import type { PolicyDocument } from "@/lib/policy/document";
import { valueText } from "@/lib/policy/labels";
import { effectiveDocument, origins } from "@/lib/policy/lattice";
import type { FloorView, PolicyView } from "@/lib/use-cases/views";

/** The value at a path such as `baseline.models` or `controls.pii/email.mode`. */
export function valueAt(document: PolicyDocument, path: string): unknown {
  const binding = /^controls\.(.+)\.([a-z]+)$/.exec(path);
  const keys = binding ? ["controls", binding[1] ?? "", binding[2] ?? ""] : path.split(".");
  return keys.reduce<unknown>(
    (value, key) => (value as Record<string, unknown> | undefined)?.[key],
    document,
  );
}

/** `floor of restricted, version 2`. */
export function floorName({ dataClass, number }: Pick<FloorView, "dataClass" | "number">): string {
  return `floor of ${dataClass}, version ${number}`;
}

/** Where an effective value comes from: `document`, or the floor by name and what the document says instead. */
export function originText(policy: Pick<PolicyView, "document" | "floor" | "origins">, path: string): string {
  if (policy.floor === null || policy.origins[path] !== "floor") return "document";
  return `${floorName(policy.floor)}; document: ${valueText(valueAt(policy.document, path))}`;
}

/** Says beside a value where it comes from. */
export function Origin({ policy, path }: { policy: PolicyView; path: string }) {
  const text = originText(policy, path);
  return (
    <Text size="xs" span c={text === "document" ? "dimmed" : undefined} fw={text === "document" ? 400 : 600}>
      set by {text}
    </Text>
  );
}

/** What will be in force instead of a value that is being written, because the floor is stricter; null where it is not. */
export type Floored = (path: string) => string | null;

/** Holds a document that is being written against the floor under it. */
export function flooredBy(document: PolicyDocument, floor: FloorView | null): Floored {
  if (floor === null) return () => null;
  const effective = effectiveDocument(document, floor.document);
  const setBy = origins(document, floor.document);
  return (path) =>
    setBy[path] === "floor"
      ? `In force: ${valueText(valueAt(effective, path))}, by the ${floorName(floor)}`
      : null;
}

/** Under a field of the form: the floor holds another value. */
export function FloorNote({ children }: { children: string | null }) {
  return children ? (
    <Text size="xs" fw={600} mt={4} style={{ overflowWrap: "anywhere" }}>
      {children}
    </Text>
  ) : null;
}
