"use client";

import { Anchor, Code, Paper, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { ReactNode } from "react";
import { api, fetched } from "@/components/api";
import { Fact, FactList } from "@/components/ui/facts";
import { PageHeader } from "@/components/ui/page-header";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { Time } from "@/components/ui/time";
import { useLastGood } from "@/components/ui/use-url-filter";
import type { PackView } from "@/lib/evidence/views";
import { PackContents } from "./pack-contents";
import { DownloadButton, PackState } from "./pack-register";
import { isBeingBuilt, sizeText } from "./words";

const POLL_MS = 1_500;

/** One pack: what it covers, what is inside, and how somebody outside verifies it. */
export function PackDetail({ initial }: { initial: PackView }) {
  const query = useQuery({
    queryKey: ["packs", "one", initial.ref],
    queryFn: () => fetched(api.evidence.packs[":id"].$get({ param: { id: initial.ref } })),
    initialData: initial,
    refetchInterval: ({ state }) => (state.data && isBeingBuilt(state.data) ? POLL_MS : false),
  });
  const pack = useLastGood(query.data) ?? initial;
  return (
    <>
      <PageHeader
        title={pack.ref}
        description={pack.useCases.length === 0 ? "Every use case" : pack.useCases.join(", ")}
        actions={pack.status === "ready" && <DownloadButton pack={pack} />}
      />
      <Stack gap="md" maw={900}>
        {query.error && <ProblemAlert error={query.error} onRetry={() => query.refetch()} />}
        <Part title="The pack">
          <div role="status">
            <PackState pack={pack} />
          </div>
          <FactList>
            <Fact name="Period">
              <Time at={pack.from} /> up to, not including, <Time at={pack.to} />
            </Fact>
            <Fact name="Requested">
              by {pack.requestedBy.name}, <Time at={pack.createdAt} />
            </Fact>
            {pack.finishedAt && (
              <Fact name="Finished">
                <Time at={pack.finishedAt} />
              </Fact>
            )}
            {pack.bytes !== null && (
              <Fact name="Size">
                {sizeText(pack.bytes)} ({pack.bytes.toLocaleString("en-GB")} bytes)
              </Fact>
            )}
            {pack.sha256 && (
              <Fact name="SHA-256">
                <Code>{pack.sha256}</Code>
              </Fact>
            )}
          </FactList>
        </Part>
        {pack.status === "ready" && (
          <>
            <Part title="What is inside">
              <PackContents id={pack.ref} />
            </Part>
            <Part title="How to verify it">
              <HowToVerify pack={pack} />
            </Part>
          </>
        )}
      </Stack>
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper withBorder p="md" component="section">
      <Title order={2} size="h5" mb="sm">
        {title}
      </Title>
      <Stack gap="sm">{children}</Stack>
    </Paper>
  );
}

function HowToVerify({ pack }: { pack: PackView }) {
  return (
    <>
      <Text size="sm">
        Give the receiver the pack, and by another way the{" "}
        <Anchor href="/api/v1/evidence/public-key.pem" download size="sm" underline="always">
          public key of this installation
        </Anchor>
        . In a browser, the page{" "}
        <Anchor component={Link} href="/verify" size="sm" underline="always">
          Verify an evidence pack
        </Anchor>{" "}
        needs no account and sends the pack nowhere. On the command line:
      </Text>
      <Code block style={{ whiteSpace: "pre-wrap" }}>
        npm run verify-evidence -- {pack.ref}.zip --key public-key.pem
      </Code>
    </>
  );
}
