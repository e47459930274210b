"use client";

import { Button, Group, Table, Text, VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, fetched } from "@/components/api";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkAnchor } from "@/components/ui/links";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { TableRegion } from "@/components/ui/table-region";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import type { DetectorView } from "@/lib/detectors/views";
import type { KindView } from "./form-values";
import { RetireDialog } from "./retire-dialog";
import { SetUpDialog } from "./set-up-dialog";
import { TryDetector } from "./try-detector";

interface DetectorRegisterProps {
  initial: DetectorView[];
  kinds: readonly KindView[];
  manages: boolean;
}

type Open = { what: "set-up" | "retire"; detector: DetectorView } | { what: "set-up"; detector: null };

/** Outside detectors; an admin sets them up, tries and retires them here. */
export function DetectorRegister({ initial, kinds, manages }: DetectorRegisterProps) {
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const { data, error, refetch } = useQuery({
    queryKey: ["detectors"],
    queryFn: () => fetched(api.detectors.$get()),
    initialData: initial,
  });
  const setUp = manages && (
    <Button size="xs" onClick={() => setOpen({ what: "set-up", detector: null })}>
      Set up a detector
    </Button>
  );
  return (
    <>
      {error && <ProblemAlert error={error} onRetry={() => refetch()} />}
      {data.length === 0 ? (
        <EmptyState title="No outside detector is set up" action={setUp}>
          A service such as OpenAI's moderation, Lakera Guard, Azure AI Content Safety or Presidio, or any
          that takes and answers JSON. Its signals stand beside those of our own detectors. An admin sets it
          up.
        </EmptyState>
      ) : (
        <>
          <Group justify="flex-end" mb="xs" className="no-print">
            {setUp}
          </Group>
          <TableRegion label="Table of outside detectors">
            <Table verticalSpacing={5} horizontalSpacing="xs" fz="sm" miw={900}>
              <VisuallyHidden component="caption">Outside detectors</VisuallyHidden>
              <Table.Thead>
                <Table.Tr>
                  {[
                    "Detector",
                    "State",
                    "Address",
                    "Time-out",
                    "Key",
                    "Asked by",
                    ...(manages ? ["Actions"] : []),
                  ].map((name) => (
                    <Table.Th key={name} scope="col">
                      {name}
                    </Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {data.map((detector) => (
                  <DetectorRow
                    key={detector.name}
                    detector={detector}
                    onOpen={manages ? (what) => setOpen({ what, detector }) : null}
                  />
                ))}
              </Table.Tbody>
            </Table>
          </TableRegion>
        </>
      )}
      {open?.what === "set-up" && <SetUpDialog detector={open.detector} kinds={kinds} onClose={close} />}
      {open?.what === "retire" && <RetireDialog detector={open.detector} onClose={close} />}
    </>
  );
}

interface DetectorRowProps {
  detector: DetectorView;
  /** Null for those who only read. */
  onOpen: ((what: Open["what"]) => void) | null;
}

function DetectorRow({ detector, onOpen }: DetectorRowProps) {
  const { name, title, url, timeoutMs, hasSecret, retiredAt, askedBy } = detector;
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={600}>
        {name}
        <Text size="xs" c="dimmed">
          {title}
        </Text>
      </Table.Th>
      <Table.Td>
        {retiredAt === null ? (
          <WordBadge word="in_force">set up</WordBadge>
        ) : (
          <>
            <WordBadge word="retired" /> <Time at={retiredAt} dateOnly />
          </>
        )}
      </Table.Td>
      <Table.Td style={{ overflowWrap: "anywhere" }}>{url}</Table.Td>
      <Table.Td>{timeoutMs.toLocaleString("en-GB")} ms</Table.Td>
      <Table.Td>{hasSecret ? "set" : "none"}</Table.Td>
      <Table.Td>
        {askedBy.length === 0 && "nobody"}
        {askedBy.map((slug, index) => (
          <span key={slug}>
            {index > 0 && ", "}
            <LinkAnchor href={`/use-cases/${slug}?tab=controls`}>{slug}</LinkAnchor>
          </span>
        ))}
      </Table.Td>
      {onOpen && (
        <Table.Td>
          <Group gap={4} align="flex-start">
            {retiredAt === null && <TryDetector name={name} />}
            <Button
              size="compact-xs"
              variant="subtle"
              aria-label={`${retiredAt === null ? "Change" : "Set up again"} ${name}`}
              onClick={() => onOpen("set-up")}
            >
              {retiredAt === null ? "Change" : "Set up again"}
            </Button>
            {retiredAt === null && (
              <Button
                size="compact-xs"
                variant="subtle"
                color="red"
                aria-label={`Retire ${name}`}
                onClick={() => onOpen("retire")}
              >
                Retire
              </Button>
            )}
          </Group>
        </Table.Td>
      )}
    </Table.Tr>
  );
}
