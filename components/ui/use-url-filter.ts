"use client";

import { useSearchParams } from "next/navigation";
import { useState } from "react";

export type Changes = Record<string, string | null>;

/**
 * The filter of a list, kept in the address so that it can be shared and gone back to. A change leaves the paging
 * (`cursor`) unless it sets it; null or empty text takes a filter away. It shows at once; the address follows.
 */
export function useUrlFilter(): readonly [URLSearchParams, (changes: Changes) => void] {
  const address = useSearchParams().toString();
  const [query, setQuery] = useState(address);
  const [seen, setSeen] = useState(address);
  if (address !== seen) {
    setSeen(address);
    setQuery(currentQuery(address));
  }
  const change = (changes: Changes) => {
    const next = new URLSearchParams(window.location.search);
    next.delete("cursor");
    for (const [name, value] of Object.entries(changes)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    const text = next.toString();
    setQuery(text);
    window.history.pushState(null, "", text ? `?${text}` : window.location.pathname);
  };
  return [new URLSearchParams(query), change];
}

/** The address bar's own query, which may be a change ahead of the router's. */
function currentQuery(address: string): string {
  return typeof window === "undefined" ? address : new URLSearchParams(window.location.search).toString();
}

/** The newest data there was: stays when a later request fails. */
export function useLastGood<T>(data: T | undefined): T | undefined {
  const [last, setLast] = useState(data);
  if (data !== undefined && data !== last) setLast(data);
  return data ?? last;
}
