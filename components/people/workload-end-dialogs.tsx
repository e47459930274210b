"use client";

import { Code, Text } from "@mantine/core";
import { api, fetched } from "@/components/api";
import { useThenReload } from "@/components/use-cases/workload-calls";
import type { EndIdentityInput } from "@/lib/workloads/schema";
import type { FederationView, WorkloadView } from "@/lib/workloads/views";
import { ReasonDialog } from "./reason-dialog";

interface EndProps {
  workload: WorkloadView;
  onClose: () => void;
}

export function RetireWorkloadDialog({ workload, onClose }: EndProps) {
  const call = useThenReload(
    (json: EndIdentityInput) =>
      fetched(api.workloads[":id"].retire.$post({ param: { id: workload.slug }, json })),
    onClose,
  );
  const valid = workload.credentials.filter(({ state }) => state === "valid").length;
  return (
    <ReasonDialog
      title={`Retire ${workload.name}?`}
      confirm={`Retire ${workload.name}`}
      call={call}
      onClose={onClose}
    >
      <Text size="sm">
        Within a second it is not let in any more, for {workload.useCases.map(({ name }) => name).join(", ")}:
        neither with {valid === 1 ? "its valid key" : `its ${valid} valid keys`}, nor with federated tokens,
        nor with task credentials. What it asked stays recorded. It cannot be taken back.
      </Text>
    </ReasonDialog>
  );
}

export function RevokeTasksDialog({ workload, onClose }: EndProps) {
  const call = useThenReload(
    (json: EndIdentityInput) =>
      fetched(api.workloads[":id"]["revoke-tasks"].$post({ param: { id: workload.slug }, json })),
    onClose,
  );
  return (
    <ReasonDialog
      title={`Revoke all task credentials of ${workload.name}?`}
      confirm="Revoke all task credentials"
      call={call}
      onClose={onClose}
    >
      <Text size="sm">
        Every task credential issued to it until now is dead within a second. Its API keys and its federated
        tokens stay, and new task credentials can be made from them: revoke those too if they leaked.
      </Text>
    </ReasonDialog>
  );
}

export function RemoveFederationDialog({
  workload,
  federation,
  onClose,
}: EndProps & { federation: FederationView }) {
  const call = useThenReload(
    (json: EndIdentityInput) =>
      fetched(
        api.workloads[":id"].federations[":federation"].remove.$post({
          param: { id: workload.slug, federation: federation.id },
          json,
        }),
      ),
    onClose,
  );
  return (
    <ReasonDialog title="Remove the binding?" confirm="Remove the binding" call={call} onClose={onClose}>
      <Text size="sm">
        Tokens of {federation.issuer.name} with the subject <Code>{federation.subject}</Code> are not{" "}
        {workload.name} any more within a second, and task credentials made from them are dead.
      </Text>
    </ReasonDialog>
  );
}
