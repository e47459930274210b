"use client";

import { Box, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import type { PolicyDocument } from "@/lib/policy/document";
import { BaselineSection } from "./baseline-section";
import { ControlsTable } from "./controls-table";
import { type FieldMessages, messagesUnder } from "./edit-document";
import { Section } from "./editor-section";
import { LimitsSection } from "./limits-section";
import { FieldError } from "./list-field";
import classes from "./policy-editor.module.css";
import { ProposalAside } from "./proposal-aside";
import { RolloutSection } from "./rollout-section";

interface PolicyEditorProps {
  /** What the proposal is compared with. */
  base: PolicyDocument;
  value: PolicyDocument;
  /** Changes what stands; the same function on every render, such as a state setter. */
  edit: (change: (document: PolicyDocument) => PolicyDocument) => void;
  messages: FieldMessages;
  /** Names of the use case's workloads, offered for the cohort. */
  workloads: readonly string[];
  /** What can be done with the proposal; stands beside it, always in sight. */
  actions: ReactNode;
}

/** Edits a policy document by form; beside it stands, live, which way the proposal moves. */
export function PolicyEditor({ base, value, edit, messages, workloads, actions }: PolicyEditorProps) {
  const under = (path: string) => messagesUnder(messages, path);
  return (
    <div className={classes["layout"]}>
      <Stack gap="lg" miw={0}>
        <RolloutSection base={base} value={value} edit={edit} under={under} workloads={workloads} />
        <BaselineSection value={value} edit={edit} under={under} />
        <LimitsSection value={value} edit={edit} under={under} />
        <Section
          title="Controls"
          lead="The mode says what happens when a control fires; the stage says how much of that is switched on."
        >
          <ControlsTable document={value} messages={messages} edit={edit} />
          {messages.get("controls") && <FieldError>{messages.get("controls")}</FieldError>}
        </Section>
      </Stack>
      <Box className={classes["aside"]}>
        <ProposalAside base={base} value={value} messages={messages}>
          {actions}
        </ProposalAside>
      </Box>
    </div>
  );
}
