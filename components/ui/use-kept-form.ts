"use client";

import type { UseFormReturnType } from "@mantine/form";
import { useEffect, useRef, useState } from "react";
import type { ApiProblem } from "@/components/api";

export interface KeptForm {
  /** True when what was typed earlier in this tab was put back. */
  restored: boolean;
  /** Forgets what was typed: after it was sent, or to start over. */
  forget: () => void;
}

/** Keeps an unfinished form in this tab (by `key`), puts it back on return, and asks before the tab is left. */
export function useKeptForm<T extends Record<string, unknown>>(
  key: string,
  form: UseFormReturnType<T>,
): KeptForm {
  const [restored, setRestored] = useState(false);
  const ready = useRef(false);
  const dirty = form.isDirty();
  // biome-ignore lint/correctness/useExhaustiveDependencies: read once, when the form opens
  useEffect(() => {
    const kept = readKept<T>(key);
    if (kept) form.setValues(kept);
    setRestored(kept !== null);
    ready.current = true;
  }, [key]);
  useEffect(() => {
    if (ready.current && dirty) sessionStorage.setItem(key, JSON.stringify(form.values));
  }, [key, dirty, form.values]);
  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [dirty]);
  return {
    restored,
    forget: () => {
      sessionStorage.removeItem(key);
      setRestored(false);
      form.resetDirty();
    },
  };
}

function readKept<T>(key: string): T | null {
  try {
    const text = sessionStorage.getItem(key);
    return text ? (JSON.parse(text) as T) : null;
  } catch {
    return null;
  }
}

/**
 * The field errors of a refused call, by the form's own fields: an error inside a list (`controls.0`) stands on the
 * list. `rules` says on which field the refusal of a rule of the domain belongs.
 */
export function fieldProblems(
  problem: ApiProblem,
  fields: readonly string[],
  rules: Record<string, string> = {},
): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { path, message } of problem.fields) {
    const field = fields.find((name) => path === name || path.startsWith(`${name}.`));
    if (field) errors[field] ??= message;
  }
  const field = problem.rule ? rules[problem.rule] : undefined;
  if (field) errors[field] = problem.message;
  return errors;
}
