"use client";

import { useEffect, useState } from "react";
import { useInBrowser } from "@/components/ui/time";
import { leftText } from "./words";

const EVERY_MS = 1_000;

/** How long it still waits, by the reader's clock; stands beside the instant, never alone. */
export function TimeLeft({ until }: { until: string }) {
  const inBrowser = useInBrowser();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return <>{inBrowser ? leftText(until, now) : "…"}</>;
}
