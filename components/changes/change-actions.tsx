"use client";

import { Button, Menu } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import Link from "next/link";
import type { ChangeAction } from "@/lib/changes/lifecycle";
import type { ChangeView } from "@/lib/changes/views";

/** Moves that open a dialog. */
export type DialogAction = Exclude<ChangeAction, "edit" | "rebase" | "accept" | "comment">;

const BUTTONS: { action: DialogAction; label: string; color?: string; variant?: string; key?: string }[] = [
  { action: "submit", label: "Submit" },
  { action: "approve", label: "Approve", key: "a" },
  { action: "apply", label: "Apply" },
  { action: "review", label: "Review" },
  { action: "schedule", label: "Schedule", variant: "default" },
  { action: "reject", label: "Reject", color: "red", variant: "light", key: "r" },
];

const MORE: { action: DialogAction; label: string }[] = [
  { action: "unschedule", label: "Take off the schedule" },
  { action: "measure", label: "Measure anew" },
  { action: "ask_reviewers", label: "Ask people to look at it" },
  { action: "roll_back", label: "Roll back" },
  { action: "withdraw", label: "Withdraw" },
  { action: "break_glass", label: "Break glass" },
];

interface ChangeActionsProps {
  change: ChangeView;
  onChoose: (action: DialogAction) => void;
}

/** What the viewer may do with the change now: the usual moves as buttons, the others in a menu. */
export function ChangeActions({ change, onChoose }: ChangeActionsProps) {
  const allowed = new Set(change.actions.filter((action) => action.allowed).map(({ name }) => name));
  const more = MORE.filter(({ action }) => allowed.has(action));
  useHotkeys([
    ["a", () => allowed.has("approve") && onChoose("approve")],
    ["r", () => allowed.has("reject") && onChoose("reject")],
  ]);
  return (
    <>
      <EditButton change={change} allowed={allowed} />
      {BUTTONS.filter(({ action }) => allowed.has(action)).map(({ action, label, color, variant, key }) => (
        <Button
          key={action}
          onClick={() => onChoose(action)}
          {...(color ? { color } : {})}
          {...(variant ? { variant } : {})}
          aria-keyshortcuts={key}
        >
          {label}
        </Button>
      ))}
      {more.length > 0 && (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <Button variant="default">More</Button>
          </Menu.Target>
          <Menu.Dropdown>
            {more.map(({ action, label }) => (
              <Menu.Item key={action} onClick={() => onChoose(action)}>
                {label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  );
}

function EditButton({ change, allowed }: { change: ChangeView; allowed: ReadonlySet<ChangeAction> }) {
  const rebases = change.conflicted && allowed.has("rebase");
  if (!rebases && !allowed.has("edit")) return null;
  return (
    <Button
      component={Link}
      href={`/changes/${change.ref}/${rebases ? "rebase" : "edit"}`}
      variant={rebases ? "filled" : "default"}
    >
      {rebases ? "Rebase" : "Edit"}
    </Button>
  );
}
