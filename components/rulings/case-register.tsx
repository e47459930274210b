"use client";

import { Button, Table, Text, VisuallyHidden } from "@mantine/core";
import { useState } from "react";
import { api, fetched } from "@/components/api";
import { controlTitle } from "@/components/telemetry/words";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkAnchor, LinkButton } from "@/components/ui/links";
import { Time } from "@/components/ui/time";
import type { CaseView } from "@/lib/rulings/views";
import { RetireDialog } from "./dialogs";
import { Register, type RegisterProps } from "./register";
import { Cell } from "./ruling-register";
import { EXPECTATION_TEXT } from "./words";

/** Ruled findings that every later change is checked against, newest first. */
export function CaseRegister(props: RegisterProps<CaseView>) {
  return (
    <Register
      {...props}
      noun="cases"
      read={(query) => fetched(api.telemetry.cases.$get({ query }))}
      words={[{ name: "state", label: "State", values: ["live", "retired"] }]}
      home="/telemetry/rulings?tab=cases"
      empty={
        <EmptyState
          title="No case is kept yet"
          action={
            <LinkButton href="/telemetry/rulings?tab=given" variant="default">
              Open a ruled finding
            </LinkButton>
          }
        >
          On the page of a decision, a ruled finding can be kept as a regression case: its facts, and whether
          the control fires on them. Every later change of the use case is checked against it.
        </EmptyState>
      }
      table={(cases) => <CaseTable cases={cases} />}
    />
  );
}

function CaseTable({ cases }: { cases: readonly CaseView[] }) {
  const [retiring, setRetiring] = useState<CaseView | null>(null);
  return (
    <>
      <Table verticalSpacing={4} horizontalSpacing="xs" highlightOnHover fz="sm" miw={1000}>
        <VisuallyHidden component="caption">Kept cases, newest first</VisuallyHidden>
        <Table.Thead>
          <Table.Tr>
            {["Case", "Name", "Expected", "Under the policy now", "Use case", "Kept", "State"].map((name) => (
              <Table.Th key={name} scope="col" style={{ whiteSpace: "nowrap" }}>
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {cases.map((kept) => (
            <CaseRow key={kept.id} kept={kept} onRetire={() => setRetiring(kept)} />
          ))}
        </Table.Tbody>
      </Table>
      {retiring && <RetireDialog kept={retiring} onClose={() => setRetiring(null)} />}
    </>
  );
}

function CaseRow({ kept, onRetire }: { kept: CaseView; onRetire: () => void }) {
  const { ref, name, control, expected, useCase, keptBy, keptAt, decisionId } = kept;
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={600} style={{ whiteSpace: "nowrap" }}>
        <LinkAnchor href={`/telemetry/decisions/${decisionId}`} prefetch={false}>
          {ref}
        </LinkAnchor>
      </Table.Th>
      <Cell text={name} width={240} />
      <Table.Td>
        {controlTitle(control)} {EXPECTATION_TEXT[expected]}
      </Table.Td>
      <Table.Td>
        <Holds kept={kept} />
      </Table.Td>
      <Cell text={useCase.name} width={150} />
      <Table.Td>
        {keptBy.name}, <Time at={keptAt} />
      </Table.Td>
      <Table.Td>
        <State kept={kept} onRetire={onRetire} />
      </Table.Td>
    </Table.Tr>
  );
}

function Holds({ kept: { holds, problem } }: { kept: CaseView }) {
  if (holds === null) return <>not checked</>;
  if (problem) return <Text size="sm">cannot be told: {problem}</Text>;
  return (
    <Text size="sm" fw={holds ? 400 : 600}>
      {holds ? "holds" : "does not hold"}
    </Text>
  );
}

function State({ kept, onRetire }: { kept: CaseView; onRetire: () => void }) {
  if (kept.retiredAt !== null) {
    return (
      <Text size="sm" maw={220} truncate title={kept.retireReason ?? ""}>
        retired by {kept.retiredBy?.name}: {kept.retireReason}
      </Text>
    );
  }
  if (!kept.actions.some(({ allowed }) => allowed)) return <>live</>;
  return (
    <Button size="compact-sm" variant="default" onClick={onRetire} aria-label={`Retire ${kept.ref}`}>
      Retire
    </Button>
  );
}
