"use client";

import { Group } from "@mantine/core";
import Link from "next/link";
import classes from "./telemetry-pages.module.css";

const PAGES = [
  { href: "/telemetry", label: "Traffic" },
  { href: "/telemetry/decisions", label: "Decisions" },
  { href: "/telemetry/drift", label: "Drift" },
  { href: "/telemetry/rulings", label: "Rulings" },
  { href: "/telemetry/appeals", label: "Appeals" },
] as const;

/** The pages of telemetry: figures over time, the single decisions, what is not declared, what people say of findings. */
export function TelemetryPages({ current }: { current: (typeof PAGES)[number]["href"] }) {
  return (
    <Group component="nav" aria-label="Telemetry" gap="md" mb="sm" className={classes["pages"]}>
      {PAGES.map(({ href, label }) => (
        <Link key={href} href={href} aria-current={href === current ? "page" : undefined}>
          {label}
        </Link>
      ))}
    </Group>
  );
}
