"use client";

import { Anchor, Code, ScrollArea, Text } from "@mantine/core";
import { LinkAnchor } from "@/components/ui/links";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import type { DecisionView } from "@/lib/telemetry/views";

/** The policy version that decided, as it stood then, with its Cedar text on demand. */
export function PolicyThen({ decision }: { decision: DecisionView }) {
  const { policy, useCase } = decision;
  if (policy === null) {
    return (
      <Text size="sm">
        Version {decision.policyVersion}, which is not in the register. Its digest is in the record below.
      </Text>
    );
  }
  return (
    <>
      <Text size="sm" component="div">
        <LinkAnchor
          href={`/use-cases/${useCase.slug}?tab=history&version=${policy.version}`}
          underline="always"
        >
          Version {policy.version}
        </LinkAnchor>{" "}
        of {useCase.name}, stage <WordBadge word={policy.stage} />, in force from{" "}
        <Time at={policy.effectiveFrom} />.
      </Text>
      {policy.digest !== decision.policyDigest && (
        <Text size="sm" mt={4}>
          The floor of the data class was joined to it, so the digest in the record is another than the
          version's.
        </Text>
      )}
      <Text size="sm" mt={4}>
        <Anchor href={`/api/v1/telemetry/decisions/${decision.id}/reproduction`} underline="always" download>
          Download the decision with its signed policy
        </Anchor>
        : <Code>npm run reproduce -- FILE --key public-key.pem</Code> makes it again from that file and the{" "}
        <Anchor href="/api/v1/evidence/public-key.pem" underline="always" download>
          public key of this installation
        </Anchor>{" "}
        alone.
      </Text>
      <details>
        <Text component="summary" size="sm" mt="xs" style={{ cursor: "pointer" }}>
          Cedar text of the version
        </Text>
        <ScrollArea.Autosize mah={360} mt={4} viewportProps={{ tabIndex: 0, "aria-label": "Cedar text" }}>
          <Code block>{policy.cedar}</Code>
        </ScrollArea.Autosize>
      </details>
    </>
  );
}
