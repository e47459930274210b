"use client";

import { Box } from "@mantine/core";
import { type ReactNode, useEffect, useRef, useState } from "react";

/** Holds a wide table: it scrolls in here, never the page, and takes the focus only while there is more to see. */
export function TableRegion({ label, children }: { label: string; children: ReactNode }) {
  const box = useRef<HTMLElement>(null);
  const overflows = useOverflow(box);
  return (
    <Box
      component="section"
      ref={box}
      aria-label={label}
      tabIndex={overflows ? 0 : undefined}
      style={{ overflowX: "auto", position: "relative" }}
    >
      {children}
    </Box>
  );
}

function useOverflow(box: { current: HTMLElement | null }): boolean {
  const [overflows, setOverflows] = useState(false);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => setOverflows(element.scrollWidth > element.clientWidth);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    return () => observer.disconnect();
  }, [box]);
  return overflows;
}
