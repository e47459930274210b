import type { PackView } from "@/lib/evidence/views";

const UNITS = ["bytes", "kB", "MB", "GB"] as const;

/** `1.4 MB`, in powers of a thousand. */
export function sizeText(bytes: number): string {
  const step = Math.min(bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3), UNITS.length - 1);
  const value = bytes / 1000 ** step;
  return `${step === 0 ? value : value.toFixed(1)} ${UNITS[step]}`;
}

export function isBeingBuilt(pack: PackView): boolean {
  return pack.status === "pending" || pack.status === "building";
}
