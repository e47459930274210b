"use client";

import { Anchor, Group } from "@mantine/core";
import Link from "next/link";

const PAGES = [
  { id: "people", href: "/people", label: "People" },
  { id: "workloads", href: "/people/workloads", label: "Workloads" },
] as const;

/** People and workloads are kept apart; this leads from the one to the other. */
export function PeopleTabs({ here }: { here: (typeof PAGES)[number]["id"] }) {
  return (
    <Group component="nav" aria-label="People and workloads" gap="md" mb="sm">
      {PAGES.map(({ id, href, label }) => (
        <Anchor
          key={id}
          component={Link}
          href={href}
          size="sm"
          fw={id === here ? 600 : 400}
          underline={id === here ? "always" : "hover"}
          aria-current={id === here ? "page" : undefined}
        >
          {label}
        </Anchor>
      ))}
    </Group>
  );
}
