import { applyChange } from "@/lib/changes/apply-change";
import { askReviewers } from "@/lib/changes/ask-reviewers";
import { breakGlass } from "@/lib/changes/break-glass";
import { commentChange } from "@/lib/changes/comment-change";
import { draftChange } from "@/lib/changes/draft-change";
import { scheduleChange } from "@/lib/changes/schedule-change";
import { reviewChange } from "@/lib/changes/step-back";
import type { ChangeView } from "@/lib/changes/views";
import type { PolicyDocument } from "@/lib/policy/document";
import { getSetting } from "@/lib/settings/queries";
import type { SettingKey, SettingValue } from "@/lib/settings/schema";
import { acceptUnmet, agree, editOf, propose } from "./acts";
import { ago, type SampleEvent, type SampleStage } from "./stage";

const DAY_MS = 86_400_000;

/** Floors, settings and what else happens to changes besides being approved and applied. */
export function changeControl(now: Date): SampleEvent[] {
  return [
    { at: ago(now, 22, 13), happen: tightenFloor },
    {
      at: ago(now, 16, 13),
      happen: (stage) =>
        changeSetting(
          stage,
          "exceptions",
          (value) => ({ ...value, unusedDays: 14 }),
          "What nobody needs for two weeks should be asked about, not after a month.",
          2,
        ),
    },
    {
      at: ago(now, 7, 13),
      happen: (stage) =>
        changeSetting(
          stage,
          "freezes",
          ({ windows }) => ({ windows: [...windows, yearEnd(now)] }),
          "Nothing moves in what customers and suppliers see while the books are closed.",
          9,
        ),
    },
    { at: ago(now, 5, 16), happen: stopTheLoop },
    { at: ago(now, 2, 8), happen: scheduleAhead },
  ];
}

async function tightenFloor(stage: SampleStage): Promise<void> {
  const version = await stage.db.floorVersion.findFirstOrThrow({
    where: { dataClass: "restricted" },
    orderBy: { number: "desc" },
  });
  const floor = version.document as unknown as PolicyDocument;
  const proposal = {
    ...floor,
    controls: {
      ...floor.controls,
      "pii/credit-card": { mode: "enforce" as const, sensitivity: "L2" as const },
    },
  };
  const change = await propose(stage, "lead2", {
    floor: "restricted",
    baseVersion: version.number,
    proposal,
    justification: "Card numbers have no place beside restricted data, whatever the application is for.",
  });
  await settle(stage, change, 19);
}

async function changeSetting<K extends SettingKey>(
  stage: SampleStage,
  setting: K,
  edit: (value: SettingValue<K>) => SettingValue<K>,
  justification: string,
  hours: number,
): Promise<void> {
  const { number, value } = await getSetting(stage.db, setting, stage.at);
  const input = { setting, baseVersion: number, proposal: edit(value), justification };
  await settle(stage, await propose(stage, "lead2", input), hours);
}

async function settle(stage: SampleStage, change: ChangeView, hours: number): Promise<void> {
  const agreed = await agree(stage, change, { lead: hours });
  const then = await agreed.later(15);
  await applyChange(then.as("lead"), { id: change.id });
}

/** The next days around the turn of a year that are not too near: newcomers should be able to apply changes. */
function yearEnd(now: Date): SettingValue<"freezes">["windows"][number] {
  const soonest = now.getTime() + 14 * DAY_MS;
  const year = now.getUTCFullYear() + (Date.UTC(now.getUTCFullYear(), 11, 20) < soonest ? 1 : 0);
  return {
    name: `Closing of the books ${year}`,
    from: new Date(Date.UTC(year, 11, 20)).toISOString(),
    to: new Date(Date.UTC(year + 1, 0, 4)).toISOString(),
    useCases: ["support-bot", "payments-agent"],
  };
}

/** An agent that calls tools in a loop is stopped at once, and somebody else looks at it within the hour. */
async function stopTheLoop(stage: SampleStage): Promise<void> {
  const edit = await editOf(stage, "payments-agent", (document) => ({
    ...document,
    baseline: {
      ...document.baseline,
      traffic: { ...document.baseline.traffic, toolCallsPerSession: 8 },
    },
  }));
  const justification = "The agent reads the same invoice again and again; eight calls are enough for any.";
  const { id } = await draftChange(stage.as("appOwner"), { ...edit, justification });
  const reason = "A loop of tool calls since noon. It cannot wait for the seats of a critical use case.";
  await breakGlass(stage.as("lead"), { id, reason });
  const note = "Seen in the session: thirty calls for one invoice. The bound is right.";
  const then = await stage.later(50);
  await reviewChange(then.as("lead2"), { id, verdict: "upheld", note });
}

async function scheduleAhead(stage: SampleStage): Promise<void> {
  const edit = await editOf(stage, "hr-assistant", (document) => ({
    ...document,
    baseline: { ...document.baseline, credentials: { ...document.baseline.credentials, maxAgeHours: 2160 } },
  }));
  const justification = "Credentials of the portal are replaced every quarter from now on.";
  const change = await propose(stage, "appOwner", { ...edit, justification });
  const accepted = await acceptUnmet(await stage.later(40), change);
  const agreed = await agree(accepted, change, { riskOwner: 1, lead: 4 });
  const then = await agreed.later(25);
  const day = new Date(then.at.getTime() + 7 * DAY_MS);
  const at = new Date(day.setUTCHours(5, 0, 0, 0)).toISOString();
  await scheduleChange(then.as("appOwner"), { id: change.id, at });
}

/** What is said of a change while it is in review. Returns the stage after it. */
export async function discuss(stage: SampleStage, id: string): Promise<SampleStage> {
  const personIds = [stage.idOf("lead"), stage.idOf("lead2")];
  await askReviewers(stage.as("appOwner"), { id, personIds });
  const asked = await stage.later(50);
  const question = "Does a tenth of the sessions cover the batch at the end of the month?";
  await commentChange(asked.as("riskOwner"), { id, text: question });
  const answered = await asked.later(35);
  const answer = "It does: the batch runs in some forty sessions, so about four of them are in.";
  await commentChange(answered.as("appOwner"), { id, text: answer });
  return answered;
}
