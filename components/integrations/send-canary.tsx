"use client";

import { Alert, Button, Group, PasswordInput, Stack, Table, VisuallyHidden } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { ApiProblem, api, fetched } from "@/components/api";
import { LinkAnchor } from "@/components/ui/links";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { TableRegion } from "@/components/ui/table-region";
import { fieldProblems } from "@/components/ui/use-kept-form";
import { WordBadge } from "@/components/vocabulary/badges";
import { type CanaryClient, sendCanarySchema } from "@/lib/integrations/schema";
import type { CanaryAnswer, CanaryTrial } from "@/lib/integrations/views";
import { answerText, trialText } from "./words";

interface SendCanaryProps {
  client: CanaryClient;
  /** Slug. */
  useCase: string;
  /** With the id of the decision on the canary. */
  onSent: (decisionId: string) => void;
}

/** Sends a canary from the console's server, with a credential that is used once and forgotten. */
export function SendCanary({ client, useCase, onSent }: SendCanaryProps) {
  const queries = useQueryClient();
  /** Not a variable of the call, which would be remembered. */
  const typed = useRef("");
  const form = useForm({
    initialValues: { credential: "" },
    validate: schemaResolver(sendCanarySchema.pick({ credential: true }), { sync: true }),
  });
  const send = useMutation({
    mutationFn: (): Promise<CanaryTrial> => {
      const json = { client, credential: typed.current };
      typed.current = "";
      return fetched(api["use-cases"][":id"].canary.send.$post({ param: { id: useCase }, json }));
    },
    onSuccess: ({ canary }) => {
      if (canary.decisionId) onSent(canary.decisionId);
      return queries.invalidateQueries({ queryKey: ["canary", useCase] });
    },
    onError: (error) => {
      if (error instanceof ApiProblem) form.setErrors(fieldProblems(error, ["credential"]));
    },
  });
  const submit = form.onSubmit(({ credential }) => {
    typed.current = credential;
    send.mutate();
    form.reset();
  });
  return (
    <Stack gap="sm">
      <form onSubmit={submit} noValidate autoComplete="off">
        <Group align="flex-end" gap="xs">
          <PasswordInput
            label="Credential of a workload"
            description="Used once. It is neither kept nor written anywhere."
            autoComplete="off"
            spellCheck={false}
            w={{ base: "100%", xs: 380 }}
            visibilityToggleButtonProps={{ "aria-label": "Show the credential" }}
            {...form.getInputProps("credential")}
          />
          <Button type="submit" size="sm" variant="light" loading={send.isPending}>
            Send a canary
          </Button>
        </Group>
      </form>
      {send.error && <ProblemAlert error={send.error} />}
      <div aria-live="polite">{send.data && <Trial trial={send.data} />}</div>
    </Stack>
  );
}

function Trial({ trial }: { trial: CanaryTrial }) {
  const { proven, text } = trialText(trial);
  return (
    <Stack gap="xs">
      <Alert
        color={proven ? "green" : "red"}
        variant="light"
        py="xs"
        title={proven ? "It blocks" : "Not proven"}
      >
        {text}
      </Alert>
      <TableRegion label="What the decision point answered">
        <Table verticalSpacing={4} horizontalSpacing="xs" fz="sm" miw={520}>
          <VisuallyHidden component="caption">What the decision point answered</VisuallyHidden>
          <Table.Thead>
            <Table.Tr>
              {["Sent", "Answer", "In words", "Decision"].map((name) => (
                <Table.Th key={name} scope="col">
                  {name}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            <Line name="The canary" what="canary" answer={trial.canary} />
            <Line name="An ordinary text" what="ordinary" answer={trial.ordinary} />
          </Table.Tbody>
        </Table>
      </TableRegion>
    </Stack>
  );
}

const VERDICTS = {
  blocked: ["block", "blocked"],
  passed: ["allow", "not blocked"],
  refused: ["conflicted", "refused"],
  unanswered: ["conflicted", "did not answer"],
} as const;

function Line({ name, what, answer }: { name: string; what: "canary" | "ordinary"; answer: CanaryAnswer }) {
  const [word, said] = VERDICTS[answer.verdict];
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500}>
        {name}
      </Table.Th>
      <Table.Td>
        <WordBadge word={word}>{said}</WordBadge>
      </Table.Td>
      <Table.Td>{answerText(what, answer)}</Table.Td>
      <Table.Td>
        {answer.decisionId ? (
          <LinkAnchor href={`/telemetry/decisions/${answer.decisionId}`} underline="always">
            …{answer.decisionId.slice(-8)}
          </LinkAnchor>
        ) : (
          "none"
        )}
      </Table.Td>
    </Table.Tr>
  );
}
