import { Stack, Text } from "@mantine/core";
import { Fact, FactList } from "@/components/ui/facts";
import { Time } from "@/components/ui/time";
import { isOpen } from "@/lib/changes/lifecycle";
import type { ChangeView, SeatView } from "@/lib/changes/views";

/** Who must agree, who may, and who has; and what exactly their approval is bound to. */
export function SeatsPanel({ change }: { change: ChangeView }) {
  return (
    <Stack gap="xs">
      <FactList>
        {change.seats.map((seat) => (
          <Fact
            key={`${seat.seat}-${seat.place}`}
            name={seat.place > 1 ? `${seat.title} (second person)` : seat.title}
          >
            <SeatText seat={seat} open={isOpen(change.status)} />
          </Fact>
        ))}
      </FactList>
      {change.useCase && change.seatsTier !== change.useCase.tier && (
        <Text size="sm">
          These are the seats of tier {change.seatsTier}: the use case had it since this was drafted, or
          within the week before.
        </Text>
      )}
      {change.reviewers.length > 0 && (
        <Text size="sm">
          Asked to look at it:{" "}
          {change.reviewers.map(({ person, askedBy }) => `${person.name} (by ${askedBy.name})`).join(", ")}.
        </Text>
      )}
      <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
        An approval counts for proposal <code>{change.proposalDigest}</code>
        {change.evidenceDigest && (
          <>
            {" "}
            and evidence <code>{change.evidenceDigest}</code>
          </>
        )}
        . {change.evidenceDigest ? "If either changes" : "If it changes"}, it no longer counts.
      </Text>
    </Stack>
  );
}

function SeatText({ seat, open }: { seat: SeatView; open: boolean }) {
  if (seat.filledBy) {
    return (
      <>
        <b>Approved by {seat.filledBy.name}</b>
        {seat.filledAt && (
          <>
            , <Time at={seat.filledAt} />
          </>
        )}
        {seat.note && <Text size="sm">“{seat.note}”</Text>}
      </>
    );
  }
  if (!open) return <>Nobody took it.</>;
  const names = seat.eligible.map(({ name }) => name);
  return names.length > 0 ? (
    <>Open. May be taken by {names.join(", ")}.</>
  ) : (
    <>Open, and nobody may take it: no active person other than the requester holds this seat.</>
  );
}
