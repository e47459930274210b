"use client";

import { Group, List, Paper, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { WordBadge } from "@/components/vocabulary/badges";
import { compareForSeats } from "@/lib/changes/rules";
import type { PolicyDocument } from "@/lib/policy/document";
import { compare } from "@/lib/policy/lattice";
import { type FieldMessages, problemTitle } from "./edit-document";

interface ProposalAsideProps {
  base: PolicyDocument;
  value: PolicyDocument;
  messages: FieldMessages;
  isFloor: boolean;
  children: ReactNode;
}

/** Which way the proposal moves, as its seats will be asked; said as it is edited. */
export function ProposalAside({ base, value, messages, isFloor, children }: ProposalAsideProps) {
  const { direction, moves } = (isFloor ? compare : compareForSeats)(base, value);
  return (
    <Paper withBorder p="md" component="aside" aria-label="What this proposal changes">
      <Group gap="xs" mb="xs">
        <Title order={2} size="h4">
          This proposal
        </Title>
        <span aria-live="polite">
          <WordBadge word={direction}>{direction === "equal" ? "equally strict" : direction}</WordBadge>
        </span>
      </Group>
      {moves.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nothing is changed yet. What you change shows here, with its direction.
        </Text>
      ) : (
        <Stack gap={6} component="ul" p={0} m={0} style={{ listStyle: "none" }}>
          {moves.map((move) => (
            <li key={move.path}>
              <Text size="xs" component="span" style={{ overflowWrap: "anywhere" }}>
                <WordBadge word={move.direction} /> {move.label}
              </Text>
            </li>
          ))}
        </Stack>
      )}
      {messages.size > 0 && (
        <>
          <Text size="sm" fw={600} mt="md">
            To mend before it can be kept
          </Text>
          <List size="xs">
            {[...messages].map(([path, message]) => (
              <List.Item key={path} style={{ overflowWrap: "anywhere" }}>
                {problemTitle(path)}: {message}
              </List.Item>
            ))}
          </List>
        </>
      )}
      <Stack mt="md" gap="xs">
        {children}
      </Stack>
    </Paper>
  );
}
