"use client";

import { Anchor, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { useDeferredValue, useEffect, useState } from "react";
import { EmptyState } from "@/components/ui/empty-state";
import { CallDetails } from "./call-details";
import { callFits, type GroupView } from "./prepare";

/** Every call of the API, by what it is about; the address names one (`#changes.submit.post`). */
export function ApiReference({ groups }: { groups: GroupView[] }) {
  const [search, setSearch] = useState("");
  const wanted = useDeferredValue(search.trim());
  const named = useHash();
  const shown = groups
    .map(({ tag, calls }) => ({ tag, calls: calls.filter((call) => callFits(call, wanted)) }))
    .filter(({ calls }) => calls.length > 0);
  const count = (list: GroupView[]) => list.reduce((sum, { calls }) => sum + calls.length, 0);
  return (
    <Stack gap="md" maw={1000}>
      <Group gap="sm" align="flex-end">
        <TextInput
          type="search"
          label="Search"
          placeholder="approve, /changes, policy…"
          size="xs"
          w={260}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <Text size="sm" c="dimmed" role="status">
          {count(shown)} of {count(groups)} calls
        </Text>
      </Group>
      <nav aria-label="Parts of the API">
        <Group gap={10}>
          {shown.map(({ tag }) => (
            <Anchor key={tag} href={`#${anchorOf(tag)}`} size="sm">
              {tag}
            </Anchor>
          ))}
        </Group>
      </nav>
      {shown.length === 0 && (
        <EmptyState title="No call fits">Try a part of its path, or fewer words.</EmptyState>
      )}
      {shown.map(({ tag, calls }) => (
        <Stack key={tag} component="section" gap={6} aria-labelledby={anchorOf(tag)}>
          <Title order={2} size="h4" id={anchorOf(tag)} style={{ scrollMarginTop: 64 }}>
            {tag}
          </Title>
          {calls.map((call) => (
            <CallDetails key={call.id} call={call} named={named === call.id} />
          ))}
        </Stack>
      ))}
    </Stack>
  );
}

const anchorOf = (tag: string) => `about-${tag.toLowerCase().replaceAll(" ", "-")}`;

/** The part of the address behind `#`, once in the browser. */
function useHash(): string {
  const [hash, setHash] = useState("");
  useEffect(() => {
    const read = () => setHash(decodeURIComponent(window.location.hash.slice(1)));
    read();
    window.addEventListener("hashchange", read);
    return () => window.removeEventListener("hashchange", read);
  }, []);
  return hash;
}
