"use client";

import { Code, Stack, Text, Title } from "@mantine/core";
import { Fact, FactList } from "@/components/ui/facts";
import { Time } from "@/components/ui/time";
import type { CheckpointView, ProvenEntryView } from "@/lib/audit/views";

const WRAP = { whiteSpace: "pre-wrap", overflowWrap: "anywhere" } as const;

/** The leaf of an entry and the hashes that lead from it to the signed head. */
export function InclusionProof({ entry }: { entry: ProvenEntryView }) {
  const { leafHash, number, inclusion } = entry;
  return (
    <Stack gap="sm">
      <FactList>
        <Fact name="Leaf">number {(number - 1).toLocaleString("en-GB")}, counted from 0</Fact>
        <Fact name="Leaf hash">
          <Code>{leafHash}</Code>
        </Fact>
      </FactList>
      {inclusion === null ? (
        <Text size="sm">
          No checkpoint covers it yet. One is signed by itself shortly after the log has grown; reload then.
        </Text>
      ) : (
        <>
          <Text size="sm">
            {inclusion.proof.length === 0
              ? "It is the only leaf: its hash is the root that the checkpoint below signs."
              : `Hashed together with these ${inclusion.proof.length} hashes, from the leaf upwards (RFC 6962), it gives the root that the checkpoint below signs.`}
          </Text>
          {inclusion.proof.length > 0 && (
            <Code block style={WRAP} aria-label="Inclusion proof">
              {inclusion.proof.join("\n")}
            </Code>
          )}
          <Title order={3} size="h6">
            Checkpoint
          </Title>
          <CheckpointFacts checkpoint={inclusion.checkpoint} />
        </>
      )}
    </Stack>
  );
}

/** A signed head, with the very text that is signed. */
export function CheckpointFacts({ checkpoint }: { checkpoint: CheckpointView }) {
  return (
    <Stack gap="xs">
      <FactList>
        <Fact name="Over">{checkpoint.size.toLocaleString("en-GB")} entries</Fact>
        <Fact name="Signed">
          <Time at={checkpoint.at} />
        </Fact>
        <Fact name="By key">
          <Code>{checkpoint.keyId}</Code> (Ed25519)
        </Fact>
        <Fact name="Signature">
          <Code>{checkpoint.signature}</Code>
        </Fact>
      </FactList>
      <Code block style={WRAP} aria-label="Signed text">
        {checkpoint.text}
      </Code>
    </Stack>
  );
}
