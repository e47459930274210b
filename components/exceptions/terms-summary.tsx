import { Badge, Text } from "@mantine/core";
import { Fact, FactList } from "@/components/ui/facts";
import { Time } from "@/components/ui/time";
import type { ExceptionView } from "@/lib/exceptions/views";
import { scopeText } from "./words";

/** What is decided on, in the fewest lines: object, scope, owner of the risk, time. */
export function ExceptionTermsSummary({ exception }: { exception: ExceptionView }) {
  const { controls, useCase, scope, broad, riskOwner, startsAt, expiresAt, termsDigest } = exception;
  return (
    <FactList>
      <Fact name="Use case">
        {useCase.name} (tier {useCase.tier})
      </Fact>
      <Fact name="Spares">{controls.map(({ title }) => title).join(", ")}</Fact>
      <Fact name="Only for">
        {broad ? (
          <>
            the whole use case{" "}
            <Badge color="orange" variant="light" radius="sm" tt="none">
              broad
            </Badge>
          </>
        ) : (
          scopeText(scope)
        )}
      </Fact>
      <Fact name="Owner of the risk">{riskOwner.name}</Fact>
      <Fact name="In force">
        <Time at={startsAt} /> to <Time at={expiresAt} />
      </Fact>
      <Fact name="Terms">
        <Text span ff="monospace" size="xs" title={termsDigest}>
          {termsDigest.slice(0, 23)}…
        </Text>
      </Fact>
    </FactList>
  );
}
