import { Button, Group, Text } from "@mantine/core";

/** Says that an unfinished form is as it was left, and offers a fresh one. */
export function KeptNotice({ onStartOver }: { onStartOver: () => void }) {
  return (
    <Group gap="xs" role="status">
      <Text size="sm">What you typed earlier is here again; it was never sent.</Text>
      <Button size="compact-xs" variant="light" onClick={onStartOver}>
        Start over
      </Button>
    </Group>
  );
}
