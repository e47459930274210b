"use client";

import { Alert } from "@mantine/core";
import type { FieldMove } from "@/lib/policy/lattice";
import { newDetectors } from "./words";

/** What a new outside detector would have found is in no figure: past content was never sent to it. */
export function NewDetectorsNote({ moves }: { moves: readonly FieldMove[] }) {
  const names = newDetectors(moves);
  if (names.length === 0) return null;
  return (
    <Alert color="orange" variant="light" py="xs" mb="sm" title={`New: ${names.join(", ")}`}>
      What {names.length === 1 ? "this outside detector" : "these outside detectors"} would have found in past
      content is not in these figures: it was never asked about it, and content is not kept to be sent again.
    </Alert>
  );
}
