import { Group, Progress, Text } from "@mantine/core";

/** `3 of 12`, with a bar. */
export function ProgressLine({ label, done, of }: { label: string; done: number; of: number }) {
  return (
    <Group gap="xs" wrap="nowrap">
      <Progress
        value={of === 0 ? 100 : (done / of) * 100}
        aria-label={`Progress of ${label}`}
        flex={1}
        miw={60}
        color="teal.8"
      />
      <Text size="sm" style={{ whiteSpace: "nowrap" }}>
        {done} of {of}
      </Text>
    </Group>
  );
}
