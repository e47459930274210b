"use client";

import { Alert, NativeSelect, Switch, Table, Text, VisuallyHidden } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, fetched } from "@/components/api";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { TableRegion } from "@/components/ui/table-region";
import type { MailChoice, SetPreferenceInput } from "@/lib/notify/schema";
import type { PreferencesView, PreferenceView } from "@/lib/notify/views";

const KEY = ["notice-preferences"];

/** How the reader is told of each kind, in the console and by mail. */
export function PreferencesTable({ initial }: { initial: PreferencesView }) {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: KEY,
    queryFn: () => fetched(api.notifications.preferences.$get()),
    initialData: initial,
  });
  const save = useMutation({
    mutationFn: (json: SetPreferenceInput) => fetched(api.notifications.preferences.$put({ json })),
    onSuccess: (after, { kind }) => {
      client.setQueryData(KEY, after);
      const title = after.preferences.find((one) => one.kind === kind)?.title ?? kind;
      notifications.show({ message: `${title}: kept.`, color: "green" });
    },
  });
  const digest = `${String(data.digestHour).padStart(2, "0")}:00 UTC`;
  return (
    <>
      {error && <ProblemAlert error={error} onRetry={() => refetch()} />}
      {save.error && <ProblemAlert error={save.error} />}
      {data.mailIsOn ? (
        <Text size="sm" mb="xs">
          Mail goes to {data.email}. The daily digest goes out at {digest} and holds what you have not read.
          More than five mails of a kind within ten minutes become one.
        </Text>
      ) : (
        <Alert role="note" variant="light" color="blue" mb="xs" title="No mail is sent">
          No mail server is configured here, so you are told in the inbox alone. What you choose for mail
          holds as soon as an admin has set one up.
        </Alert>
      )}
      <TableRegion label="Table of how you are told">
        <Table verticalSpacing={6} horizontalSpacing="xs" fz="sm" miw={340}>
          <VisuallyHidden component="caption">How you are told of each kind</VisuallyHidden>
          <Table.Thead>
            <Table.Tr>
              {["Kind", "Inbox", "Mail"].map((name) => (
                <Table.Th key={name} scope="col">
                  {name}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.preferences.map((preference) => (
              <PreferenceRow
                key={preference.kind}
                preference={preference}
                busy={save.isPending}
                digest={digest}
                onChoose={(json) => save.mutate(json)}
              />
            ))}
          </Table.Tbody>
        </Table>
      </TableRegion>
    </>
  );
}

interface PreferenceRowProps {
  preference: PreferenceView;
  busy: boolean;
  digest: string;
  onChoose: (choice: SetPreferenceInput) => void;
}

function PreferenceRow({ preference, busy, digest, onChoose }: PreferenceRowProps) {
  const { kind, title, description, mail, inbox, inboxMayBeOff } = preference;
  const choices: { value: MailChoice; label: string }[] = [
    { value: "at_once", label: "At once" },
    { value: "daily", label: `Daily digest, ${digest}` },
    { value: "off", label: "Off" },
  ];
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={600}>
        {title}
        <Text size="xs" c="dimmed" maw={520}>
          {description}
        </Text>
      </Table.Th>
      <Table.Td>
        {inboxMayBeOff ? (
          <Switch
            aria-label={`${title}: in the inbox`}
            checked={inbox}
            disabled={busy}
            onChange={(event) => onChoose({ kind, mail, inbox: event.currentTarget.checked })}
          />
        ) : (
          "Always"
        )}
      </Table.Td>
      <Table.Td>
        <NativeSelect
          aria-label={`${title}: by mail`}
          size="xs"
          w={{ base: 124, sm: 210 }}
          data={choices}
          value={mail}
          disabled={busy}
          onChange={(event) => onChoose({ kind, inbox, mail: event.currentTarget.value as MailChoice })}
        />
      </Table.Td>
    </Table.Tr>
  );
}
