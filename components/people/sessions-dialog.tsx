"use client";

import { Button, Group, Loader, Modal, Paper, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api, fetched } from "@/components/api";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { Time } from "@/components/ui/time";
import type { SessionView } from "@/lib/people/views";
import { usePeopleCall } from "./calls";
import type { PersonDialogProps } from "./person-dialogs";

/** The browsers in which a person is signed in, each of which can be ended. */
export function SessionsDialog({ person, onClose }: PersonDialogProps) {
  const sessions = useQuery({
    queryKey: ["people", "sessions", person.id],
    queryFn: () => fetched(api.sessions.$get({ query: { person: person.id } })),
  });
  return (
    <Modal opened onClose={onClose} title={`Sessions of ${person.name}`}>
      <Stack gap="xs">
        {sessions.error && <ProblemAlert error={sessions.error} onRetry={() => sessions.refetch()} />}
        {sessions.isPending && <Loader size="sm" aria-label="Reading the sessions" />}
        {sessions.data?.items.length === 0 && <Text size="sm">Not signed in anywhere.</Text>}
        {sessions.data?.items.map((session) => (
          <Session key={session.id} session={session} />
        ))}
      </Stack>
    </Modal>
  );
}

function Session({ session }: { session: SessionView }) {
  const end = usePeopleCall(
    (id: string) => fetched(api.sessions[":id"].end.$post({ param: { id } })),
    "The session is ended.",
    () => {},
  );
  return (
    <Paper withBorder p="xs">
      <Group justify="space-between" wrap="nowrap">
        <div>
          <Text size="sm">
            Signed in <Time at={session.createdAt} />
            {session.own && " (this one)"}
          </Text>
          <Text size="xs" c="dimmed" lineClamp={2}>
            {session.userAgent ?? "unknown browser"}
          </Text>
          <Text size="xs" c="dimmed">
            Ends by itself <Time at={session.expiresAt} />
          </Text>
        </div>
        <Button
          size="compact-sm"
          variant="default"
          loading={end.isPending}
          onClick={() => end.mutate(session.id)}
        >
          End
        </Button>
      </Group>
      {end.error && <ProblemAlert error={end.error} />}
    </Paper>
  );
}
