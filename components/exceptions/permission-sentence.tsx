import { Text } from "@mantine/core";
import { LinkAnchor } from "@/components/ui/links";
import { Time } from "@/components/ui/time";
import type { ExceptionView } from "@/lib/exceptions/views";
import type { Stage } from "@/lib/policy/vocabulary";
import { either, scopeText } from "./words";

/** What the stage of its policy means for what it spares. */
const STAGES = {
  logging: "only logging",
  limited: "enforcing for some",
  enforcing: "enforcing",
} as const satisfies Record<Stage, string>;

/** What the exception permits, for whom and until when, as one sentence. */
export function PermissionSentence({ exception }: { exception: ExceptionView }) {
  const { controls, useCase, stage, scope, riskOwner, startsAt, expiresAt, requestedBy, renews } = exception;
  const titles = controls.map(({ title }) => title);
  return (
    <Text size="md" maw={820}>
      Spares <b>{useCase.name}</b> (tier {useCase.tier}
      {stage && `, ${STAGES[stage]}`}) from{" "}
      <b>
        {titles.length === 1 ? "the control" : "the controls"} {either(titles, "and")}
      </b>
      , <b>{scopeText(scope) ? `only for ${scopeText(scope)}` : "for the whole use case"}</b>, from{" "}
      <Time at={startsAt} /> until{" "}
      <b>
        <Time at={expiresAt} />
      </b>
      . <b>{riskOwner.name}</b> owns the risk; <b>{requestedBy.name}</b> asks
      {renews ? (
        <>
          {" "}
          to renew{" "}
          <LinkAnchor href={`/exceptions/${renews}`} fz="md" underline="always">
            {renews}
          </LinkAnchor>
        </>
      ) : (
        " for it"
      )}
      .
    </Text>
  );
}
