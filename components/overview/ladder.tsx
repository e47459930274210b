"use client";

import { Anchor, Group, Stack, Text } from "@mantine/core";
import Link from "next/link";
import { Panel } from "@/components/telemetry/panel";
import { plural } from "@/components/telemetry/words";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import type { Stage } from "@/lib/policy/vocabulary";
import type { LadderUseCase, OverviewView } from "@/lib/telemetry/views";

const MEANS: Record<Stage, string> = {
  logging: "watches, acts on nothing",
  limited: "acts on a part",
  enforcing: "acts on everything",
};

interface LadderProps extends Pick<OverviewView, "ladder" | "withoutPolicy"> {
  mayRegister: boolean;
}

/** Use cases by the stage of their policy, the safest rung on top. */
export function Ladder({ ladder, withoutPolicy, mayRegister }: LadderProps) {
  const all = ladder.reduce((sum, { useCases }) => sum + useCases.length, withoutPolicy.length);
  return (
    <Panel title="Enforcement ladder" aside={plural(all, "use case")}>
      <Stack gap={10}>
        {ladder.toReversed().map(({ stage, useCases }) => (
          <div key={stage}>
            <Group gap={8} mb={2}>
              <WordBadge word={stage} />
              <Text size="xs" c="dimmed">
                {useCases.length} · {MEANS[stage]}
              </Text>
            </Group>
            {useCases.map((useCase) => (
              <Rung key={useCase.id} useCase={useCase} />
            ))}
          </div>
        ))}
        {withoutPolicy.length > 0 && (
          <Text size="sm">Without a policy: {withoutPolicy.map(({ name }) => name).join(", ")}</Text>
        )}
        {all === 0 && (
          <Text size="sm" c="dimmed">
            No use case is registered.{" "}
            {mayRegister && (
              <Anchor component={Link} href="/use-cases/new" size="sm" underline="always">
                Register the first
              </Anchor>
            )}
          </Text>
        )}
      </Stack>
    </Panel>
  );
}

function Rung({ useCase }: { useCase: LadderUseCase }) {
  return (
    <Group gap={6} pl="sm" justify="space-between" wrap="nowrap">
      <Anchor component={Link} href={`/use-cases/${useCase.slug}`} size="sm" lh="24px" truncate>
        {useCase.name}
      </Anchor>
      <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
        {useCase.tier} risk, since <Time at={useCase.stageSince} dateOnly />
      </Text>
    </Group>
  );
}
