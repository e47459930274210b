"use client";

import { Anchor, Code, Stack, Table, Text, VisuallyHidden } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { WithCode } from "@/components/integrations/with-code";
import { Copyable } from "@/components/ui/copyable";
import { TableRegion } from "@/components/ui/table-region";
import css from "./api-reference.module.css";
import type { CallView } from "./prepare";

/** One call: folded to a line until somebody wants it, or the address names it. */
export function CallDetails({ call, named }: { call: CallView; named: boolean }) {
  const [isOpen, setIsOpen] = useState(false);
  const box = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (!named) return;
    setIsOpen(true);
    box.current?.scrollIntoView();
  }, [named]);
  return (
    <details
      id={call.id}
      ref={box}
      className={css["call"]}
      open={isOpen}
      onToggle={(event) => setIsOpen(event.currentTarget.open)}
    >
      <summary>
        <span className={css["method"]}>{call.method}</span>
        <span className={css["path"]}>{call.path}</span>
        <Text span size="sm">
          {call.summary}
        </Text>
      </summary>
      {isOpen && <Details call={call} />}
    </details>
  );
}

function Details({ call }: { call: CallView }) {
  return (
    <Stack gap="sm" p="sm">
      {call.description && (
        <Text size="sm">
          <WithCode text={call.description} />
        </Text>
      )}
      <Text size="sm">
        {whoCalls(call)}{" "}
        <Anchor href={`#${call.id}`} size="sm" underline="always">
          Link to this call
        </Anchor>
      </Text>
      {call.parameters.length > 0 && <Parameters call={call} />}
      {call.bodies.map(({ type, text }) => (
        <section key={type} aria-label={`Body as ${type}`}>
          <Text size="sm" fw={500} mb={4}>
            Body, <Code>{type}</Code>
          </Text>
          <Code block className={css["text"]}>
            {text}
          </Code>
        </section>
      ))}
      <Responses call={call} />
      {call.curl && <Copyable label="With a token" what="the command" text={call.curl} />}
    </Stack>
  );
}

function whoCalls({ scope, open }: CallView): string {
  if (open) return "Needs no sign-in.";
  return scope === null
    ? "Signed in only: no token may call it."
    : `Signed in, or with a token of the scope “${scope}”.`;
}

function Parameters({ call }: { call: CallView }) {
  return (
    <TableRegion label={`Parameters of ${call.summary}`}>
      <Table fz="sm" verticalSpacing={3} horizontalSpacing="xs" miw={520}>
        <VisuallyHidden component="caption">Parameters</VisuallyHidden>
        <Table.Thead>
          <Table.Tr>
            {["Parameter", "In", "What"].map((name) => (
              <Table.Th key={name} scope="col">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {call.parameters.map(({ name, place, required, text }) => (
            <Table.Tr key={`${place} ${name}`}>
              <Table.Th scope="row" fw={500}>
                <code>{name}</code>
                {required && " (needed)"}
              </Table.Th>
              <Table.Td>{place}</Table.Td>
              <Table.Td>{text}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableRegion>
  );
}

function Responses({ call }: { call: CallView }) {
  return (
    <TableRegion label={`Answers of ${call.summary}`}>
      <Table fz="sm" verticalSpacing={3} horizontalSpacing="xs" miw={520}>
        <VisuallyHidden component="caption">Answers</VisuallyHidden>
        <Table.Thead>
          <Table.Tr>
            {["Status", "When", "As"].map((name) => (
              <Table.Th key={name} scope="col">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {call.responses.map(({ status, description, types }) => (
            <Table.Tr key={status}>
              <Table.Th scope="row" fw={500}>
                {status}
              </Table.Th>
              <Table.Td>
                <WithCode text={description} />
              </Table.Td>
              <Table.Td>{types}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableRegion>
  );
}
