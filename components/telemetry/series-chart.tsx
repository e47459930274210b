"use client";
import type { SeriesView } from "@/lib/telemetry/views";
export function SeriesChart({ height }: { series: SeriesView; height: number }) {
  return <div style={{ height }} />;
}
