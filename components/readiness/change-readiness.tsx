"use client";

import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useState } from "react";
import { api, fetched } from "@/components/api";
import type { AcceptConditionsInput } from "@/lib/changes/schema";
import type { ChangeView } from "@/lib/changes/views";
import type { ReadinessCondition, ReadinessView } from "@/lib/readiness/views";
import { ReadinessList } from "./readiness-list";

const AcceptDialog = dynamic(() => import("./accept-dialog").then((module) => module.AcceptDialog), {
  ssr: false,
});

const NONE = { rule: false, nameOwners: false };

interface ChangeReadinessProps {
  change: ChangeView;
  readiness: ReadinessView;
  useCase: { slug: string; name: string };
  /** Where the page keeps the change, to be read again after an acceptance. */
  queryKey: readonly string[];
}

/** The readiness that a change's approvals are bound to; its risk owner accepts what is not met. */
export function ChangeReadiness({ change, readiness, useCase, queryKey }: ChangeReadinessProps) {
  const client = useQueryClient();
  const [chosen, setChosen] = useState<ReadinessCondition[] | null>(null);
  const mayAccept = change.actions.some(({ name, allowed }) => name === "accept" && allowed);
  const accept = async (json: AcceptConditionsInput) => {
    const seen = client.getQueryData<ChangeView>(queryKey) ?? change;
    const header = { "if-match": seen.revision };
    const call = api.changes[":id"].accept.$post({ param: { id: change.id }, header, json });
    client.setQueryData(queryKey, await fetched(call));
  };
  return (
    <>
      <ReadinessList
        readiness={readiness}
        useCase={useCase.slug}
        mends={change.mends ?? NONE}
        acceptances={change.acceptances}
        onAccept={mayAccept ? setChosen : null}
      />
      {chosen && change.evidenceDigest && (
        <AcceptDialog
          changeRef={change.ref}
          useCase={useCase.name}
          conditions={chosen}
          evidenceDigest={change.evidenceDigest}
          accept={accept}
          onAccepted={() => {
            setChosen(null);
            client.invalidateQueries({ queryKey: ["changes"] });
            notifications.show({ message: `Your acceptance stands on ${change.ref}.` });
          }}
          onClose={() => setChosen(null)}
        />
      )}
    </>
  );
}
