import { Text } from "@mantine/core";
import { LinkAnchor } from "@/components/ui/links";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import type { ChainView } from "@/lib/exceptions/views";

/** The chain of renewals: each with its time, how much it takes in all, and what the cap leaves. */
export function ChainPanel({ chain }: { chain: ChainView }) {
  const { links, since, until, days, capDays, endsAt, leftDays } = chain;
  const isReached = until >= endsAt;
  return (
    <>
      {links.length > 1 && (
        <ol style={{ margin: 0, paddingInlineStart: 18 }} aria-label="Chain of renewals">
          {links.map(({ ref, state, startsAt, expiresAt, endedAt, own }) => (
            <Text component="li" size="sm" key={ref} mb={4}>
              {own ? (
                <b>{ref}</b>
              ) : (
                <LinkAnchor href={`/exceptions/${ref}`} underline="always">
                  {ref}
                </LinkAnchor>
              )}{" "}
              <WordBadge word={state} /> <Time at={startsAt} dateOnly /> to{" "}
              <Time at={endedAt ?? expiresAt} dateOnly />
            </Text>
          ))}
        </ol>
      )}
      <Text size="sm" mt={links.length > 1 ? 6 : 0}>
        {links.length > 1 ? (
          <>
            Since <Time at={since} dateOnly />, it takes <b>{days}</b> of at most <b>{capDays}</b> days.{" "}
          </>
        ) : (
          <>
            Renewed again and again, it could live {capDays} days in all: this is {days}.{" "}
          </>
        )}
        {isReached ? (
          <b>The cap is reached: it cannot be renewed any more.</b>
        ) : (
          <>
            {leftDays === 0 ? "Less than a day is" : `${leftDays} ${leftDays === 1 ? "day is" : "days are"}`}{" "}
            left for renewals, until <Time at={endsAt} dateOnly />.
          </>
        )}
      </Text>
    </>
  );
}
