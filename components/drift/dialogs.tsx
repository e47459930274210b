"use client";

import { numberText, plural } from "@/components/telemetry/words";
import { Time } from "@/components/ui/time";
import type { DriftRow, IncidentView } from "@/lib/drift/views";
import { useClose, useMark } from "./calls";
import { NoteDialog } from "./note-dialog";
import { valueSentence } from "./words";

/** Marks one undeclared value as an incident; names what it is, where, and how often it was seen. */
export function MarkDialog({ row, onClose }: { row: DriftRow; onClose: () => void }) {
  const mark = useMark(onClose);
  const { useCase, dimension, value, n, workloads, lastSeenAt } = row;
  const who = workloads.map(({ slug }) => slug).join(", ");
  return (
    <NoteDialog
      title="Mark as an incident?"
      label="What is feared, and what is done about it?"
      description="Whoever looks at the incident later reads it; it stays in the record."
      verb="Mark as an incident"
      error={mark.error}
      isPending={mark.isPending}
      onClose={onClose}
      onSend={(note, refused) =>
        mark.mutate({ useCase: useCase.slug, dimension, value, note }, { onError: refused })
      }
    >
      <b style={{ overflowWrap: "anywhere" }}>{valueSentence(dimension, value)}</b> of {useCase.name} was seen
      in {plural(n, "decision")} of {who}, lately on <Time at={lastSeenAt} />. It leaves the queue and stands
      under incidents until one is closed; nothing is blocked by this. Seen again after that, it is back in
      the queue.
    </NoteDialog>
  );
}

/** Closes one incident, with what came of it. */
export function CloseDialog({ incident, onClose }: { incident: IncidentView; onClose: () => void }) {
  const close = useClose(incident, onClose);
  const { ref, useCase, dimension, value, n, markedBy, markedAt } = incident;
  return (
    <NoteDialog
      title={`Close ${ref}?`}
      label="What was it, and what was done?"
      description="It stays in the record."
      verb={`Close ${ref}`}
      error={close.error}
      isPending={close.isPending}
      onClose={onClose}
      onSend={(note, refused) => close.mutate({ note }, { onError: refused })}
    >
      <b style={{ overflowWrap: "anywhere" }}>{valueSentence(dimension, value)}</b> of {useCase.name}, seen{" "}
      {numberText(n)} times when {markedBy.name} marked it on <Time at={markedAt} />. If it is seen after this
      moment and still not declared, it is back in the queue.
    </NoteDialog>
  );
}
