"use client";

import type { DialogAction } from "./change-actions";
import type { ChangeDialogProps } from "./dialog";
import { ApproveDialog, PlainDialog, RejectDialog, WithdrawDialog } from "./dialogs";
import {
  BreakGlassDialog,
  ReviewDialog,
  ReviewersDialog,
  RollBackDialog,
  ScheduleDialog,
} from "./more-dialogs";

/** The dialog of an action on a change. */
export function ChosenDialog({ action, ...props }: ChangeDialogProps & { action: DialogAction }) {
  switch (action) {
    case "approve":
      return <ApproveDialog {...props} />;
    case "reject":
      return <RejectDialog {...props} />;
    case "withdraw":
      return <WithdrawDialog {...props} />;
    case "schedule":
      return <ScheduleDialog {...props} />;
    case "roll_back":
      return <RollBackDialog {...props} />;
    case "break_glass":
      return <BreakGlassDialog {...props} />;
    case "review":
      return <ReviewDialog {...props} />;
    case "ask_reviewers":
      return <ReviewersDialog {...props} />;
    default:
      return <PlainDialog {...props} action={action} />;
  }
}
