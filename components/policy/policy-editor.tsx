"use client";

import { Box, Stack, Text } from "@mantine/core";
import { type ReactNode, useMemo } from "react";
import type { PolicyDocument } from "@/lib/policy/document";
import type { FloorView } from "@/lib/use-cases/views";
import { BaselineSection } from "./baseline-section";
import { ControlsTable } from "./controls-table";
import { CustomSection } from "./custom/custom-section";
import { DetectorsSection } from "./detectors-section";
import { type FieldMessages, messagesUnder } from "./edit-document";
import { Section } from "./editor-section";
import { LimitsSection } from "./limits-section";
import { FieldError } from "./list-field";
import { flooredBy, floorName } from "./origin";
import classes from "./policy-editor.module.css";
import { ProposalAside } from "./proposal-aside";
import { RolloutSection } from "./rollout-section";

interface PolicyEditorProps {
  /** Slug: on whose recorded traffic a custom control is tried; null: there is none, and custom controls cannot be edited. */
  useCase: string | null;
  /** What the proposal is compared with. */
  base: PolicyDocument;
  /** The floor under the use case. */
  floor: FloorView | null;
  value: PolicyDocument;
  /** Changes what stands; the same function on every render, such as a state setter. */
  edit: (change: (document: PolicyDocument) => PolicyDocument) => void;
  messages: FieldMessages;
  /** Of a floor: what steps a use case down is that use case's own. */
  isFloor?: boolean;
  /** Names of the use case's workloads, offered for the cohort. */
  workloads: readonly string[];
  /** What can be done with the proposal; stands beside it, always in sight. */
  actions: ReactNode;
}

/** Edits a policy document by form; beside it stands, live, which way the proposal moves. */
export function PolicyEditor({
  useCase,
  base,
  floor,
  value,
  edit,
  messages,
  workloads,
  isFloor = false,
  actions,
}: PolicyEditorProps) {
  const under = (path: string) => messagesUnder(messages, path);
  const floored = useMemo(() => flooredBy(value, floor), [value, floor]);
  const shared = { value, edit, under, floored };
  return (
    <div className={classes["layout"]}>
      <Stack gap="lg" miw={0}>
        {floor && (
          <Text size="sm">
            The {floorName(floor)}, is joined to whatever is proposed: the stricter of each field is in force.
            Where that is another value than the one written here, it stands beside it.
          </Text>
        )}
        <RolloutSection base={base} {...shared} workloads={workloads} hasSafeguard={!isFloor} />
        <BaselineSection {...shared} />
        <LimitsSection {...shared} />
        <DetectorsSection {...shared} />
        <Section
          title="Controls"
          lead="The mode says what happens when a control fires; the stage says how much of that is switched on."
        >
          <ControlsTable document={value} messages={messages} edit={edit} floored={floored} />
          {messages.get("controls") && <FieldError>{messages.get("controls")}</FieldError>}
        </Section>
        {useCase !== null && (
          <CustomSection useCase={useCase} document={value} messages={messages} edit={edit} />
        )}
      </Stack>
      <Box className={classes["aside"]}>
        <ProposalAside base={base} value={value} messages={messages} isFloor={isFloor}>
          {actions}
        </ProposalAside>
      </Box>
    </div>
  );
}
