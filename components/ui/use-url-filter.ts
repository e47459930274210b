"use client";

import { useSearchParams } from "next/navigation";
import { useState } from "react";

export type Changes = Record<string, string | null>;

/**
 * The filter of a list, kept in the address so that it can be shared and gone back to. A change leaves the paging
 * (`cursor`) unless it sets it; null or empty text takes a filter away.
 */
export function useUrlFilter(): readonly [URLSearchParams, (changes: Changes) => void] {
  const params = new URLSearchParams(useSearchParams());
  const change = (changes: Changes) => {
    const next = new URLSearchParams(window.location.search);
    next.delete("cursor");
    for (const [name, value] of Object.entries(changes)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    const query = next.toString();
    window.history.pushState(null, "", query ? `?${query}` : window.location.pathname);
  };
  return [params, change];
}

/** The newest data there was: stays when a later request fails. */
export function useLastGood<T>(data: T | undefined): T | undefined {
  const [last, setLast] = useState(data);
  if (data !== undefined && data !== last) setLast(data);
  return data ?? last;
}
