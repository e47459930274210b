"use client";

import { Anchor, Group } from "@mantine/core";
import Link from "next/link";

interface PageTabsProps {
  label: string;
  /** The address of the page that is open. */
  here: string;
  pages: { href: string; label: string }[];
}

/** Links between pages that belong together; the open one is marked. */
export function PageTabs({ label, here, pages }: PageTabsProps) {
  return (
    <Group component="nav" aria-label={label} gap="md" mb="sm" className="no-print">
      {pages.map((page) => (
        <Anchor
          key={page.href}
          component={Link}
          href={page.href}
          size="sm"
          fw={page.href === here ? 600 : 400}
          underline={page.href === here ? "always" : "hover"}
          aria-current={page.href === here ? "page" : undefined}
        >
          {page.label}
        </Anchor>
      ))}
    </Group>
  );
}
