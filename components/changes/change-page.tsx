"use client";

import { Alert, Anchor, Button, Paper, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { type ReactNode, useState } from "react";
import { api, fetched } from "@/components/api";
import { CedarDiff } from "@/components/policy/cedar-diff";
import { MovesTable } from "@/components/policy/moves-table";
import { Fact, FactList } from "@/components/ui/facts";
import { PageHeader } from "@/components/ui/page-header";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import type { ChangeAction } from "@/lib/changes/lifecycle";
import type { ChangeView } from "@/lib/changes/views";
import { changeKey } from "./calls";
import { ApproveDialog, PlainDialog, RejectDialog, WithdrawDialog } from "./dialogs";
import { ImpactPanel } from "./impact-panel";
import { NewDetectorsNote } from "./new-detectors-note";
import { SeatsPanel } from "./seats-panel";
import { ChangeTimeline } from "./timeline";
import { directionText, stageText, standingText } from "./words";

type DialogAction = Exclude<ChangeAction, "edit" | "comment">;

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
  const close = { change, onClose: () => setDialog(null), onMoved: () => setMoved(true) };
  return (
    <>
      <PageHeader
        title={`${change.ref}: ${change.subject.title}`}
        badges={
          <>
            <WordBadge word={change.status} />
            {change.conflicted && <WordBadge word="conflicted" />}
            <WordBadge word={change.direction}>{directionText(change.direction)}</WordBadge>
          </>
        }
        description={change.justification}
        actions={<Actions change={change} onChoose={choose} />}
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
        <Section title="What changes">
          <MovesTable
            moves={change.moves}
            caption={`Against version ${change.baseVersion}, field by field`}
            inForce={change.floor && { floor: change.floor, moves: change.effectiveMoves }}
          />
        </Section>
        <Section title="What it would have done">
          <NewDetectorsNote moves={change.moves} />
          {change.evidence?.impact ? (
            <ImpactPanel impact={change.evidence.impact} />
          ) : (
            <Text size="sm" c="dimmed">
              It is measured on the recorded traffic when the change is submitted, and approvals are bound to
              it.
            </Text>
          )}
        </Section>
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
      {dialog === "approve" && <ApproveDialog {...close} />}
      {dialog === "reject" && <RejectDialog {...close} />}
      {dialog === "withdraw" && <WithdrawDialog {...close} />}
      {(dialog === "submit" || dialog === "apply") && <PlainDialog {...close} action={dialog} />}
    </>
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

const BUTTONS: { action: DialogAction; label: string; color?: string; variant?: string }[] = [
  { action: "submit", label: "Submit" },
  { action: "approve", label: "Approve" },
  { action: "apply", label: "Apply" },
  { action: "reject", label: "Reject", color: "red", variant: "light" },
  { action: "withdraw", label: "Withdraw", variant: "default" },
];

function Actions({ change, onChoose }: { change: ChangeView; onChoose: (action: DialogAction) => void }) {
  const allowed = new Set(change.actions.filter((action) => action.allowed).map(({ name }) => name));
  return (
    <>
      {allowed.has("edit") && (
        <Button component={Link} href={`/changes/${change.ref}/edit`} variant="default">
          {change.conflicted ? "Rebase" : "Edit"}
        </Button>
      )}
      {BUTTONS.filter(({ action }) => allowed.has(action)).map(({ action, label, color, variant }) => (
        <Button
          key={action}
          onClick={() => onChoose(action)}
          {...(color ? { color } : {})}
          {...(variant ? { variant } : {})}
        >
          {label}
        </Button>
      ))}
    </>
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
          You cannot {names.join(" or ")} it: {why}
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
        {change.appliedAt && (
          <Fact name="Applied">
            as version {change.appliedVersion}, <Time at={change.appliedAt} />
          </Fact>
        )}
      </FactList>
    </Stack>
  );
}
