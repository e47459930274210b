import { Alert, Anchor, List, Text } from "@mantine/core";
import Link from "next/link";
import type { ReactNode } from "react";
import { Time } from "@/components/ui/time";
import type { ChangeView } from "@/lib/changes/views";

/** What stands around a change: that it broke the glass, a freeze, other open changes of the same thing, what it takes back. */
export function ChangeNotices({ change }: { change: ChangeView }) {
  return (
    <>
      <Emergency change={change} />
      {change.freeze && (
        <Notice title={`Freeze window: ${change.freeze.name}`}>
          Nothing is applied from <Time at={change.freeze.from} /> until <Time at={change.freeze.to} />
          {change.subject.kind === "floor" && change.freeze.named.length > 0
            ? `: it names ${change.freeze.named.join(", ")}, whose floor this is.`
            : "."}
        </Notice>
      )}
      <Collisions change={change} />
      <Relatives change={change} />
    </>
  );
}

const TITLES = {
  break_glass: "Applied by breaking glass, without its seats",
  step_back: "Stepped back",
  step_down: "Stepped down by the safeguard",
} as const;

function Emergency({ change: { emergency, brokenGlass, requestedBy } }: { change: ChangeView }) {
  if (emergency === null) return null;
  return (
    <Notice title={TITLES[emergency]}>
      {brokenGlass ? (
        <Review brokenGlass={brokenGlass} />
      ) : (
        `By ${requestedBy?.name ?? "itself"}, without seats.`
      )}
    </Notice>
  );
}

const VERDICTS = {
  upheld: "found it right: it stays",
  stepped_back: "took it back",
  lapsed: "it stepped back by itself",
} as const;

function Review({
  brokenGlass: { by, dueAt, review },
}: {
  brokenGlass: NonNullable<ChangeView["brokenGlass"]>;
}) {
  if (review === null) {
    return (
      <>
        By {by?.name}. Somebody else must review it until <Time at={dueAt} />, or it steps back by itself.
      </>
    );
  }
  const who = review.by ? `${review.by.name} ${VERDICTS[review.verdict]}` : VERDICTS[review.verdict];
  return (
    <>
      By {by?.name}. Reviewed <Time at={review.at} />: {who}. “{review.note}”
    </>
  );
}

function Collisions({ change: { collisions } }: { change: ChangeView }) {
  if (collisions.length === 0) return null;
  return (
    <Notice
      title={collisions.length === 1 ? "Another open change" : `${collisions.length} other open changes`}
    >
      <List size="sm">
        {collisions.map(({ ref, status, subject, sameThing, fields }) => (
          <List.Item key={ref}>
            <ChangeLink to={ref} /> ({subject.title}, {status.replaceAll("_", " ")}){" "}
            {fields.length > 0 ? `also moves ${fields.join(", ")}.` : "moves other fields."}{" "}
            {sameThing && "Whichever is applied second must be rebased first."}
          </List.Item>
        ))}
      </List>
    </Notice>
  );
}

function Relatives({ change: { reverts, revertedBy } }: { change: ChangeView }) {
  if (!reverts && revertedBy.length === 0) return null;
  return (
    <Text size="sm">
      {reverts && (
        <>
          Takes back <ChangeLink to={reverts.ref} />.{" "}
        </>
      )}
      {revertedBy.map(({ ref, status }) => (
        <span key={ref}>
          <ChangeLink to={ref} /> {status === "applied" ? "took it back" : "proposes to take it back"}.{" "}
        </span>
      ))}
    </Text>
  );
}

function ChangeLink({ to }: { to: string }) {
  return (
    <Anchor component={Link} href={`/changes/${to}`} size="sm" underline="always">
      {to}
    </Anchor>
  );
}

function Notice({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Alert variant="light" color="orange" title={title}>
      {children}
    </Alert>
  );
}
