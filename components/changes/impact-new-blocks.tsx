"use client";

import { Anchor, Stack, Table, Text, Title } from "@mantine/core";
import Link from "next/link";
import { TableRegion } from "@/components/ui/table-region";
import { Time } from "@/components/ui/time";
import { getControl } from "@/lib/policy/catalogue";
import type { ImpactView, ImpactNewBlocks as NewBlocks } from "@/lib/telemetry/views";
import { count, despiteSentence, lapseSentence } from "./impact";

const SHOWN = 10;

/** What the proposal newly blocks of traffic that exceptions cover: at once, and when those of today lapse. */
export function ImpactNewBlocks({ impact: { newBlocks } }: { impact: ImpactView }) {
  return (
    <Stack gap="xs" component="section" aria-label="New blocks on traffic that exceptions cover">
      <Title order={3} size="h5">
        New blocks on traffic that exceptions cover
      </Title>
      {newBlocks === undefined ? (
        <Text size="sm" c="dimmed">
          Not measured when this evidence was kept.
        </Text>
      ) : (
        <>
          <Text size="sm">{despiteSentence(newBlocks)}</Text>
          <Despite newBlocks={newBlocks} />
          <Text size="sm">{lapseSentence(newBlocks)}</Text>
          <Lapses newBlocks={newBlocks} />
        </>
      )}
    </Stack>
  );
}

function Ref({ exception }: { exception: string }) {
  return (
    <Table.Th scope="row" fw={400}>
      <Anchor component={Link} href={`/exceptions/${exception}`} size="sm">
        {exception}
      </Anchor>
    </Table.Th>
  );
}

const cutText = (shown: number, all: number) => (all > shown ? `: ${shown} of ${count(all)}` : "");

function Despite({ newBlocks: { despite } }: { newBlocks: NewBlocks }) {
  if (despite.n === 0) return null;
  const shown = despite.byException.slice(0, SHOWN);
  const several = despite.byException.reduce((sum, { n }) => sum + n, 0) > despite.n;
  return (
    <>
      <TableRegion label="Blocked although an exception spared it">
        <Table verticalSpacing={4} fz="sm" w="auto" captionSide="top">
          <Table.Caption ta="left">
            Blocked although an exception spared it
            {cutText(shown.length, despite.byException.length)}
          </Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Spared then by</Table.Th>
              <Table.Th scope="col" ta="right">
                Requests
              </Table.Th>
              <Table.Th scope="col">Blocked by, which it does not cover</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map(({ id, ref, n, controls }) => (
              <Table.Tr key={id}>
                <Ref exception={ref} />
                <Table.Td ta="right">{count(n)}</Table.Td>
                <Table.Td>
                  {controls.map((control) => getControl(control)?.title ?? control).join(", ")}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </TableRegion>
      {several && (
        <Text size="xs" c="dimmed">
          A request that two exceptions spared counts with both.
        </Text>
      )}
    </>
  );
}

function Lapses({ newBlocks: { onLapse } }: { newBlocks: NewBlocks }) {
  const covering = onLapse.byException.filter(({ n }) => n > 0);
  const shown = covering.slice(0, SHOWN);
  if (onLapse.n === 0) return null;
  return (
    <>
      {shown.length > 0 && (
        <TableRegion label="Blocked when an exception lapses">
          <Table verticalSpacing={4} fz="sm" w="auto" captionSide="top">
            <Table.Caption ta="left">
              Blocked when this one lapses
              {cutText(shown.length, covering.length)}
            </Table.Caption>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Covered by</Table.Th>
                <Table.Th scope="col">Until</Table.Th>
                <Table.Th scope="col" ta="right">
                  Requests
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map(({ id, ref, until, n }) => (
                <Table.Tr key={id}>
                  <Ref exception={ref} />
                  <Table.Td>
                    <Time at={until} />
                  </Table.Td>
                  <Table.Td ta="right">{count(n)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </TableRegion>
      )}
      <Text size="xs" c="dimmed">
        By the exceptions in force at <Time at={onLapse.at} />, when this was measured, each with the others
        as they are. A request that two of them cover counts with neither where either is enough, and with
        both where both are needed.
      </Text>
    </>
  );
}
