"use client";

import { Text } from "@mantine/core";
import { Fact, FactList } from "@/components/ui/facts";
import { LinkAnchor } from "@/components/ui/links";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import type { ApprovalSummary } from "@/lib/approvals/views";
import { TimeLeft } from "./time-left";
import { fateSentence } from "./words";

interface ApprovalFateProps {
  approval: ApprovalSummary;
  /** Id of the decision on whose page it stands. */
  decisionId?: string;
}

/** How a held request stands: who decided, why, and which decision used the grant. */
export function ApprovalFate({ approval, decisionId }: ApprovalFateProps) {
  const { ref, status, decidedBy, decidedAt, reason, expiresAt, usedAt, usedDecisionId } = approval;
  const isOpen = status === "pending" || status === "granted";
  return (
    <>
      <Text size="sm" mb={6} role="status">
        {fateSentence(approval)}
        {usedDecisionId !== null && usedDecisionId === decisionId && " It let this request pass."}
      </Text>
      <FactList>
        {decisionId !== undefined && (
          <Fact name="Held request">
            <LinkAnchor href={`/approvals/${ref}`} underline="always">
              {ref}
            </LinkAnchor>
          </Fact>
        )}
        <Fact name="State">
          <WordBadge word={status} />
        </Fact>
        <Fact name={status === "expired" ? "Expired" : "Expires"}>
          <Time at={expiresAt} seconds />
          {isOpen && (
            <>
              {" "}
              (<TimeLeft until={expiresAt} /> left)
            </>
          )}
        </Fact>
        {decidedBy !== null && decidedAt !== null && (
          <>
            <Fact name="Decided by">
              {decidedBy.name}, <Time at={decidedAt} seconds />
            </Fact>
            <Fact name="Reason">{reason}</Fact>
          </>
        )}
        {usedAt !== null && usedDecisionId !== null && (
          <Fact name="Used">
            <Time at={usedAt} seconds />
            {usedDecisionId === decisionId ? (
              ", by this request"
            ) : (
              <>
                , by{" "}
                <LinkAnchor href={`/telemetry/decisions/${usedDecisionId}`} underline="always">
                  this decision
                </LinkAnchor>
              </>
            )}
          </Fact>
        )}
      </FactList>
    </>
  );
}
