import { redact } from "@/lib/detect/registry";
import type { AnswerFinding } from "../answer";
import type { Passage, Slot } from "./texts";

/** Where in one text of a body something was found: UTF-16 offsets in that text. */
export interface Place {
  slot: Slot;
  control: string;
  start: number;
  end: number;
}

const GLUE = "\n";

/** A passage as a message of a request. */
export function messageOf({ role, slots }: Passage) {
  return { role, content: slots.map(({ text }) => text).join(GLUE) };
}

/** Where the spans of findings lie in the texts that the messages of the request were put together from. */
export function placesOf(passages: readonly Passage[], findings: readonly AnswerFinding[]): Place[] {
  const byMessage = new Map<number, { control: string; start: number; end: number }[]>();
  for (const { control, spans = [] } of findings) {
    for (const { message, start, end } of spans) {
      if (message === undefined) continue;
      const known = byMessage.get(message);
      if (known === undefined) byMessage.set(message, [{ control, start, end }]);
      else known.push({ control, start, end });
    }
  }
  return [...byMessage].flatMap(([message, spans]) => {
    const slots = passages[message]?.slots ?? [];
    return placesIn(
      slots,
      spans.sort((a, b) => a.start - b.start),
    );
  });
}

function placesIn(slots: readonly Slot[], spans: readonly { control: string; start: number; end: number }[]) {
  const places: Place[] = [];
  let first = 0;
  let offset = 0;
  for (const { control, start, end } of spans) {
    for (
      let slot = slots[first];
      slot !== undefined && offset + slot.text.length <= start;
      slot = slots[first]
    ) {
      offset += slot.text.length + GLUE.length;
      first += 1;
    }
    let at = offset;
    for (let n = first; n < slots.length && at < end; n++) {
      const slot = slots[n] as Slot;
      const [from, to] = [Math.max(start - at, 0), Math.min(end - at, slot.text.length)];
      if (from < to) places.push({ slot, control, start: from, end: to });
      at += slot.text.length + GLUE.length;
    }
  }
  return places;
}

/** Masks every place in the body that the texts came from. */
export function maskPlaces(places: readonly Place[]): void {
  const bySlot = new Map<Slot, Place[]>();
  for (const place of places) {
    const known = bySlot.get(place.slot);
    if (known === undefined) bySlot.set(place.slot, [place]);
    else known.push(place);
  }
  for (const [slot, own] of bySlot) {
    slot.put(
      redact(
        slot.text,
        own.map(({ control, start, end }) => ({ detector: control, start, end })),
      ),
    );
  }
}
