"use client";

import { useEffect, useRef } from "react";
import type { Answer } from "@/lib/rulings/lifecycle";

const ANSWER_OF: Record<string, Answer> = { t: "true_positive", f: "false_positive", u: "unsure" };

export interface QueueKeys {
  rule: (answer: Answer) => void;
  move: (step: 1 | -1) => void;
  note: () => void;
}

/** `t`, `f` and `u` rule, `j` and `k` move, `n` goes to the note. Not while somebody types, nor when switched off. */
export function useQueueKeys(keys: QueueKeys, isOn: boolean): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    if (!isOn) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isElsewhere(event.target)) return;
      const answer = ANSWER_OF[event.key];
      if (answer) latest.current.rule(answer);
      else if (event.key === "j") latest.current.move(1);
      else if (event.key === "k") latest.current.move(-1);
      else if (event.key === "n") latest.current.note();
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [isOn]);
}

/** Typing, or in an open dialog. */
function isElsewhere(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
      target.closest("[role=dialog]") !== null)
  );
}
