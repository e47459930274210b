"use client";

import { Box, Tabs } from "@mantine/core";
import { useRouter } from "next/navigation";
import { type ReactNode, useTransition } from "react";
import { TABS, type Tab } from "./tabs";

interface TabBarProps {
  slug: string;
  current: Tab;
  children: ReactNode;
}

/** The tabs of a use case; which one is open stands in the address. */
export function TabBar({ slug, current, children }: TabBarProps) {
  const router = useRouter();
  const [busy, start] = useTransition();
  const open = (tab: string | null) => {
    if (tab) start(() => router.push(`/use-cases/${slug}?tab=${tab}`, { scroll: false }));
  };
  return (
    <Tabs value={current} onChange={open} activateTabWithKeyboard={false} mt="md">
      <Box style={{ overflowX: "auto" }} mb="md" className="no-print">
        <Tabs.List style={{ flexWrap: "nowrap", width: "max-content", minWidth: "100%" }}>
          {TABS.map((tab) => (
            <Tabs.Tab key={tab} value={tab}>
              {tab.charAt(0).toUpperCase() + tab.slice(1)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Box>
      {TABS.map((tab) => (
        <Tabs.Panel key={tab} value={tab} aria-busy={busy} style={busy ? { opacity: 0.6 } : {}}>
          {tab === current && children}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
