"use client";

import { Alert, Anchor, Paper, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import Link from "next/link";
import { type ReactNode, useRef, useState } from "react";
import { api, fetched } from "@/components/api";
import { CedarDiff } from "@/components/policy/cedar-diff";
import { MovesTable } from "@/components/policy/moves-table";
import { ChangeReadiness } from "@/components/readiness/change-readiness";
import { Fact, FactList } from "@/components/ui/facts";
import { PageHeader } from "@/components/ui/page-header";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import type { ChangeAction } from "@/lib/changes/lifecycle";
import type { ChangeView } from "@/lib/changes/views";
import { changeKey } from "./calls";
import { ChangeActions, type DialogAction } from "./change-actions";
import { FloorImpactPanel } from "./impact-floor-panel";
import { ImpactPanel } from "./impact-panel";
import { NewDetectorsNote } from "./new-detectors-note";
import { ChangeNotices } from "./notices";
import { SeatsPanel } from "./seats-panel";
import { ChangeTimeline } from "./timeline";
import { directionText, stageText, standingText } from "./words";

/** Forms and what checks them come when somebody acts: most read the page only. */
const ChosenDialog = dynamic(() => import("./chosen-dialog").then((module) => module.ChosenDialog), {
  ssr: false,
});

/** Should this go in? */
export function ChangePage({ initial }: { initial: ChangeView }) {
  const [dialog, setDialog] = useState<DialogAction | null>(null);
  const [moved, setMoved] = useState(false);
  const {
    data: change,
    error,
    refetch,
  } = useQuery({
    queryKey: changeKey(initial.ref),
    queryFn: () => fetched(api.changes[":id"].$get({ param: { id: initial.id } })),
    initialData: initial,
  });
  const choose = (action: DialogAction) => {
    setMoved(false);
    setDialog(action);
  };
  const note = useRef("");
  const close = { change, note, onClose: () => setDialog(null), onMoved: () => setMoved(true) };
  return (
    <>
      <PageHeader
        title={`${change.ref}: ${change.subject.title}`}
        badges={
          <>
            <WordBadge word={change.status} />
            {change.conflicted && <WordBadge word="conflicted" />}
            {change.emergency && <WordBadge word={change.emergency} />}
            <WordBadge word={change.direction}>{directionText(change.direction)}</WordBadge>
          </>
        }
        description={change.justification}
        actions={<ChangeActions change={change} onChoose={choose} />}
      />
      <Stack gap="lg">
        {error && <ProblemAlert error={error} onRetry={() => refetch()} />}
        {moved && (
          <Alert
            color="orange"
            variant="light"
            role="alert"
            title={`${change.ref} changed while you were reading`}
          >
            What you decided on no longer stands, so nothing was recorded. The page now shows it as it is:
            read it again before you decide.
          </Alert>
        )}
        <Standing change={change} />
        <ChangeNotices change={change} />
        <Section title="What changes">
          <MovesTable
            moves={change.moves}
            caption={`Against ${change.baseVersion === 0 ? "the initial value" : `version ${change.baseVersion}`}, field by field`}
            inForce={change.floor && { floor: change.floor, moves: change.effectiveMoves }}
          />
        </Section>
        {change.subject.kind !== "setting" && (
          <Section title="What it would have done">
            <NewDetectorsNote moves={change.moves} />
            <Impact change={change} />
          </Section>
        )}
        {change.evidence?.readiness && change.useCase && (
          <Section title="Readiness">
            <ChangeReadiness
              change={change}
              readiness={change.evidence.readiness}
              useCase={change.useCase}
              queryKey={changeKey(change.ref)}
            />
          </Section>
        )}
        <Section title="Seats">
          <SeatsPanel change={change} />
        </Section>
        <Section title="Timeline">
          <ChangeTimeline change={change} />
        </Section>
        {change.cedar && (
          <Section title="Cedar text">
            <CedarDiff before={change.cedar.before} after={change.cedar.after} />
          </Section>
        )}
      </Stack>
      {dialog && <ChosenDialog action={dialog} {...close} />}
    </>
  );
}

function Impact({ change: { evidence } }: { change: ChangeView }) {
  if (evidence?.impact) return <ImpactPanel impact={evidence.impact} />;
  if (evidence?.floorImpact) return <FloorImpactPanel impact={evidence.floorImpact} />;
  if (evidence?.notMeasured) {
    return (
      <Text size="sm">
        Neither this nor its readiness was measured: an emergency does not wait for it. {evidence.notMeasured}
      </Text>
    );
  }
  return (
    <Text size="sm" c="dimmed">
      It is measured on the recorded traffic when the change is submitted, and approvals are bound to it.
    </Text>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper withBorder p="md" component="section" aria-label={title}>
      <Title order={2} size="h4" mb="xs">
        {title}
      </Title>
      {children}
    </Paper>
  );
}

const REFUSALS: Partial<Record<ChangeAction, string>> = {
  submit: "submit",
  approve: "approve",
  reject: "reject",
  apply: "apply",
};

/** What still blocks in one sentence, why this viewer may not act, and who asked when. */
function Standing({ change }: { change: ChangeView }) {
  const refused = change.actions.filter(({ name, allowed, why }) => !allowed && why && REFUSALS[name]);
  const reasons = new Map<string, string[]>();
  for (const { name, why } of refused) {
    reasons.set(why ?? "", [...(reasons.get(why ?? "") ?? []), REFUSALS[name] ?? name]);
  }
  return (
    <Stack gap="xs">
      <Text size="lg" fw={500}>
        {standingText(change)}
      </Text>
      {[...reasons].map(([why, names]) => (
        <Text size="sm" key={why} className="no-print">
          You cannot {names.join(" or ")} it. {why}
        </Text>
      ))}
      <FactList>
        {change.useCase && (
          <Fact name="Use case">
            <Anchor component={Link} href={`/use-cases/${change.useCase.slug}`} size="sm" underline="always">
              {change.useCase.name}
            </Anchor>{" "}
            (tier {change.useCase.tier})
          </Fact>
        )}
        {change.stage && <Fact name="Stage">{stageText(change.stage)}</Fact>}
        <Fact name="Requested by">
          {change.requestedBy?.name ?? "a safeguard"}, <Time at={change.createdAt} />
        </Fact>
        {change.scheduledFor && change.status === "scheduled" && (
          <Fact name="Scheduled">
            for <Time at={change.scheduledFor} /> by {change.scheduledBy?.name}
          </Fact>
        )}
        {change.appliedAt && (
          <Fact name="Applied">
            as version {change.appliedVersion}, <Time at={change.appliedAt} />
          </Fact>
        )}
      </FactList>
    </Stack>
  );
}
