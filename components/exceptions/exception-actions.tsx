"use client";

import { Button, Group, Stack, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ProblemAlert } from "@/components/ui/problem-alert";
import type { ExceptionAction } from "@/lib/exceptions/lifecycle";
import type { ExceptionView } from "@/lib/exceptions/views";
import { useMove } from "./calls";
import classes from "./exception-actions.module.css";
import { ApproveDialog, ReasonDialog, ReviewDialog, ShortenDialog } from "./move-dialogs";
import { ReassignDialog } from "./reassign-dialog";

const BUTTONS: { action: ExceptionAction; label: string; color?: string; key?: string }[] = [
  { action: "submit", label: "Submit" },
  { action: "approve", label: "Approve", color: "green", key: "a" },
  { action: "reject", label: "Reject", color: "red", key: "r" },
  { action: "withdraw", label: "Withdraw" },
  { action: "review", label: "Review" },
  { action: "shorten", label: "Shorten" },
  { action: "renew", label: "Renew" },
  { action: "reassign", label: "Reassign" },
  { action: "retire", label: "Retire" },
  { action: "revoke", label: "Revoke", color: "red" },
];

/** The moves that the state allows. Those that this person may not make say why, in words. */
export function ExceptionActions({ exception }: { exception: ExceptionView }) {
  const [open, setOpen] = useState<ExceptionAction | null>(null);
  const router = useRouter();
  const submit = useMove(exception, () => {});
  const allowed = (action: ExceptionAction) =>
    exception.actions.some((one) => one.name === action && one.allowed);
  const start = (action: ExceptionAction) => {
    if (!allowed(action)) return;
    if (action === "submit") submit.mutate({ action });
    else if (action === "renew") router.push(`/exceptions/new?renews=${exception.ref}`);
    else setOpen(action);
  };
  useHotkeys([
    ["a", () => start("approve")],
    ["r", () => start("reject")],
  ]);
  const shown = BUTTONS.filter(({ action }) =>
    exception.actions.some(({ name, allowed: may }) => name === action && (may || DECIDING.includes(name))),
  );
  return (
    <Stack gap={4} className={classes["actions"] ?? ""}>
      <Group gap="xs">
        {shown.map(({ action, label, color, key }) => (
          <Button
            key={action}
            size="xs"
            variant={action === "approve" || action === "submit" ? "filled" : "default"}
            {...(color && action === "approve" ? { color } : {})}
            disabled={!allowed(action)}
            loading={action === "submit" && submit.isPending}
            onClick={() => start(action)}
            aria-keyshortcuts={key}
          >
            {label}
          </Button>
        ))}
      </Group>
      <Reasons exception={exception} />
      {submit.error && <ProblemAlert error={submit.error} />}
      <Dialog action={open} exception={exception} onClose={() => setOpen(null)} />
    </Stack>
  );
}

/** Moves of which a reader wants to know why they are kept back; the others are simply not offered. */
const DECIDING: readonly ExceptionAction[] = ["submit", "approve", "reject", "review", "renew"];

/** Why the viewer may not: one line for each reason, naming the moves that it keeps back. */
function Reasons({ exception }: { exception: ExceptionView }) {
  const byReason = new Map<string, string[]>();
  const asked = exception.actions.filter(({ name }) => DECIDING.includes(name));
  for (const { name, allowed, why } of asked) {
    if (!allowed && why) byReason.set(why, [...(byReason.get(why) ?? []), name]);
  }
  return [...byReason].map(([why, names]) => (
    <Text key={why} size="xs" c="dimmed" maw={460}>
      {names.join(", ").replace(/^./, (letter) => letter.toUpperCase())}: {why}
    </Text>
  ));
}

interface DialogProps {
  action: ExceptionAction | null;
  exception: ExceptionView;
  onClose: () => void;
}

function Dialog({ action, exception, onClose }: DialogProps) {
  if (action === null || action === "submit" || action === "renew") return null;
  if (action === "reassign") return <ReassignDialog exception={exception} onClose={onClose} />;
  if (action === "approve") return <ApproveDialog exception={exception} onClose={onClose} />;
  if (action === "review") return <ReviewDialog exception={exception} onClose={onClose} />;
  if (action === "shorten") return <ShortenDialog exception={exception} onClose={onClose} />;
  return <ReasonDialog action={action} exception={exception} onClose={onClose} />;
}
