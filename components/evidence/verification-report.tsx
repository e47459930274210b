"use client";

import { Alert, Code, List, Stack, Table, Text, Title, VisuallyHidden } from "@mantine/core";
import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { Fact, FactList } from "@/components/ui/facts";
import { TableRegion } from "@/components/ui/table-region";
import { Time } from "@/components/ui/time";
import type { Problem, Verification } from "@/lib/evidence/report";

interface VerificationReportProps {
  name: string;
  bytes: number;
  told: Verification;
}

/** Valid, with what was checked; or not, with what does not hold and where. */
export function VerificationReport({ name, bytes, told }: VerificationReportProps) {
  const size = `${bytes.toLocaleString("en-GB")} bytes`;
  return (
    <Stack gap="md">
      {told.valid ? (
        <Alert color="green" variant="light" icon={<IconCircleCheck aria-hidden />} title="Valid">
          Every byte of {name} ({size}) is as it was sealed, and everything in it hangs together.
          {told.keyFrom === "pack" &&
            " It was verified with the pack's own key: compare the key id below with the people who run the installation."}
        </Alert>
      ) : (
        <Alert color="red" variant="light" icon={<IconCircleX aria-hidden />} title="Not valid">
          {told.problemCount === 1
            ? `One thing in ${name} (${size}) does not hold.`
            : `${told.problemCount.toLocaleString("en-GB")} things in ${name} (${size}) do not hold.`}
        </Alert>
      )}
      {told.problems.length > 0 && <Problems told={told} />}
      <About told={told} />
      <section>
        <Title order={2} size="h5" mb={4}>
          What was checked
        </Title>
        <List size="sm">
          {told.checks.map(({ what, count }) => (
            <List.Item key={what}>
              {count === 1 ? what : `${count.toLocaleString("en-GB")} ${what}`}
            </List.Item>
          ))}
        </List>
      </section>
    </Stack>
  );
}

function Problems({ told }: { told: Verification }) {
  return (
    <section>
      <Title order={2} size="h5" mb={4}>
        What does not hold
        {told.problemCount > told.problems.length && ` (${told.problems.length} of ${told.problemCount})`}
      </Title>
      <TableRegion label="Table of what does not hold">
        <Table fz="sm" verticalSpacing={5} miw={520}>
          <VisuallyHidden component="caption">Files, places and what does not hold there</VisuallyHidden>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">File</Table.Th>
              <Table.Th scope="col">Where</Table.Th>
              <Table.Th scope="col">What</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {told.problems.map((problem, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
              <Table.Tr key={index}>
                <Table.Td>
                  <Code>{problem.file === "zip" ? "the ZIP itself" : problem.file}</Code>
                </Table.Td>
                <Table.Td style={{ whiteSpace: "nowrap" }}>{placeOf(problem)}</Table.Td>
                <Table.Td>{problem.message}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </TableRegion>
    </section>
  );
}

function placeOf({ row, offset }: Problem): string {
  const places = [row === undefined ? "" : `row ${row}`, offset === undefined ? "" : `byte ${offset}`];
  return places.filter(Boolean).join(", ") || "–";
}

function About({ told }: { told: Verification }) {
  const { about, keyId, keyFrom, valid } = told;
  return (
    <section>
      <Title order={2} size="h5" mb={4}>
        What it says it is
      </Title>
      <FactList>
        {about && (
          <>
            <Fact name="Pack">{about.ref}</Fact>
            <Fact name="Period">
              <Time at={about.from} /> to <Time at={about.to} />
            </Fact>
            <Fact name="Use cases">{about.useCases.join(", ") || "all"}</Fact>
            <Fact name="Made">
              <Time at={about.createdAt} />
            </Fact>
          </>
        )}
        <Fact name="Verified with">
          {keyId ? (
            <>
              key <Code>{keyId}</Code> ({keyFrom === "given" ? "the one you gave" : "the pack's own"})
            </>
          ) : (
            "no key: there is none that can be read"
          )}
        </Fact>
      </FactList>
      {!valid && about && (
        <Text size="sm" c="dimmed" mt={4}>
          Do not rely on these lines while something does not hold.
        </Text>
      )}
    </section>
  );
}
