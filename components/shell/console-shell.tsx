"use client";

import {
  ActionIcon,
  AppShell,
  Burger,
  Group,
  Menu,
  NavLink,
  ScrollArea,
  Text,
  Title,
  UnstyledButton,
  useComputedColorScheme,
  useMantineColorScheme,
  VisuallyHidden,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconAdjustments,
  IconArrowsExchange,
  IconChartHistogram,
  IconClockShield,
  IconFileCertificate,
  IconHandStop,
  IconHome,
  IconListDetails,
  IconMoon,
  IconSettings,
  IconStack2,
  IconSun,
  IconUsers,
} from "@tabler/icons-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { signOut } from "next-auth/react";
import { type ReactNode, useEffect } from "react";
import { WaitingCount } from "@/components/approvals/waiting-count";
import { Bell } from "@/components/notify/bell";
import { couldEver, type Permission } from "@/lib/access/permissions";
import type { MeView } from "@/lib/api/me";
import type { NoticeCounts } from "@/lib/notify/views";

const PAGES: { href: string; label: string; icon: typeof IconHome; needs: Permission }[] = [
  { href: "/", label: "Overview", icon: IconHome, needs: "telemetry:read" },
  { href: "/use-cases", label: "Use cases", icon: IconStack2, needs: "use-case:read" },
  { href: "/controls", label: "Controls", icon: IconAdjustments, needs: "use-case:read" },
  { href: "/changes", label: "Changes", icon: IconArrowsExchange, needs: "use-case:read" },
  { href: "/exceptions", label: "Exceptions", icon: IconClockShield, needs: "use-case:read" },
  { href: "/approvals", label: "Held requests", icon: IconHandStop, needs: "telemetry:read" },
  { href: "/telemetry", label: "Telemetry", icon: IconChartHistogram, needs: "telemetry:read" },
  { href: "/evidence", label: "Evidence", icon: IconFileCertificate, needs: "evidence:export" },
  { href: "/audit", label: "Audit", icon: IconListDetails, needs: "audit:read" },
  { href: "/people", label: "People", icon: IconUsers, needs: "people:read" },
  { href: "/settings", label: "Settings", icon: IconSettings, needs: "use-case:read" },
];

interface ConsoleShellProps {
  me: MeView;
  sample: boolean;
  /** Held requests that wait for a word of this person. */
  waiting: number;
  /** What the bell says. */
  notices: NoticeCounts;
  children: ReactNode;
}

/** Header, navigation and the page. The page comes first in the document, so that it is two tab stops away. */
export function ConsoleShell({ me, sample, waiting, notices, children }: ConsoleShellProps) {
  const [opened, { toggle, close }] = useDisclosure();
  const path = usePathname();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the navigation closes whenever the path changes
  useEffect(close, [path]);
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 208, breakpoint: "md", collapsed: { mobile: !opened } }}
      padding={{ base: "sm", sm: "lg" }}
    >
      <a href="#content" className="skip-link">
        Skip to content
      </a>
      <AppShell.Main id="content" tabIndex={-1}>
        {children}
      </AppShell.Main>
      <AppShell.Header px="md">
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="md" size="sm" aria-label="Navigation" />
            <Link href="/" style={{ textDecoration: "none", color: "inherit" }}>
              <Title order={2} size="h4" component="span">
                Sluice
              </Title>
            </Link>
            {sample && (
              <Text size="xs" c="dimmed" visibleFrom="sm">
                Sample organisation: its people and its traffic are synthetic
              </Text>
            )}
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Bell initial={notices} />
            <SchemeSwitch />
            <PersonMenu me={me} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Main">
        <ScrollArea>
          {PAGES.filter((page) => couldEver(me.roles, page.needs)).map(({ href, label, icon: Icon }) => (
            <NavLink
              key={href}
              component={Link}
              href={href}
              label={label}
              leftSection={<Icon size={18} stroke={1.6} aria-hidden />}
              rightSection={
                href === "/approvals" && couldEver(me.roles, "approval:decide") ? (
                  <WaitingCount initial={waiting} />
                ) : null
              }
              active={href === "/" ? path === "/" : path.startsWith(href)}
              aria-current={(href === "/" ? path === "/" : path.startsWith(href)) ? "page" : undefined}
            />
          ))}
        </ScrollArea>
      </AppShell.Navbar>
    </AppShell>
  );
}

function SchemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light", { getInitialValueInEffect: true });
  const next = scheme === "dark" ? "light" : "dark";
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={`Switch to ${next}`}
      onClick={() => setColorScheme(next)}
    >
      {scheme === "dark" ? <IconSun size={18} aria-hidden /> : <IconMoon size={18} aria-hidden />}
    </ActionIcon>
  );
}

function PersonMenu({ me }: { me: MeView }) {
  const roles = me.roles.map((role) => role.replace("_", " ")).join(", ") || "no role";
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <UnstyledButton px="xs">
          <VisuallyHidden>Account of </VisuallyHidden>
          <Text size="sm" fw={500}>
            {me.name}
          </Text>
          <Text size="xs" c="dimmed" visibleFrom="xs">
            {roles}
          </Text>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{me.email}</Menu.Label>
        <Menu.Item onClick={() => signOut({ callbackUrl: "/sign-in" })}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
