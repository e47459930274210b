"use client";

import { Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, fetched } from "@/components/api";
import type { EndIdentityInput } from "@/lib/workloads/schema";
import type { IssuerView } from "@/lib/workloads/views";
import { ReasonDialog } from "./reason-dialog";

/** Ends that an issuer vouches for workloads. */
export function RetireIssuerDialog({ issuer, onClose }: { issuer: IssuerView; onClose: () => void }) {
  const client = useQueryClient();
  const retire = useMutation({
    mutationFn: (json: EndIdentityInput) =>
      fetched(api.issuers[":id"].retire.$post({ param: { id: issuer.id }, json })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["issuers"] });
      onClose();
    },
  });
  const names = issuer.workloads.map(({ name }) => name).join(", ");
  return (
    <ReasonDialog
      title={`Retire ${issuer.name}?`}
      confirm={`Retire ${issuer.name}`}
      call={retire}
      onClose={onClose}
    >
      <Text size="sm">
        Within a second none of its tokens is taken any more.{" "}
        {issuer.federations === 0
          ? "No workload is bound to it."
          : `${issuer.federations === 1 ? "1 binding goes" : `${issuer.federations} bindings go`} with it (${names}), and task credentials made from them are dead.`}
      </Text>
    </ReasonDialog>
  );
}
