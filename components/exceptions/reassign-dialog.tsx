"use client";

import { Button, Group, Modal, Radio, Select, Stack, Text, Textarea } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { ApiProblem, api, fetched } from "@/components/api";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { fieldProblems } from "@/components/ui/use-kept-form";
import { type OwnerKind, reassignExceptionSchema } from "@/lib/exceptions/schema";
import type { ExceptionView } from "@/lib/exceptions/views";
import { useMove } from "./calls";
import { ExceptionTermsSummary } from "./terms-summary";

interface ReassignDialogProps {
  exception: ExceptionView;
  onClose: () => void;
}

const FIELDS = ["owner", "personId", "reason"];

/** Replaces the risk owner or the business owner. Begins with the one who left. */
export function ReassignDialog({ exception, onClose }: ReassignDialogProps) {
  const { riskOwner, businessOwner, ref, status } = exception;
  const first: OwnerKind = riskOwner.active && !businessOwner.active ? "business_owner" : "risk_owner";
  const check = schemaResolver(reassignExceptionSchema, { sync: true });
  const form = useForm({
    initialValues: { owner: first as OwnerKind, personId: "", reason: "" },
    validate: (values) => {
      const errors = check(values);
      return errors["personId"] ? { ...errors, personId: "choose somebody" } : errors;
    },
  });
  const people = usePeople(form.values.owner === "risk_owner");
  const move = useMove(exception, onClose);
  const current = form.values.owner === "risk_owner" ? riskOwner : businessOwner;
  const send = form.onSubmit((json) =>
    move.mutate(
      { action: "reassign", json },
      {
        onError: (error) => {
          if (error instanceof ApiProblem) form.setErrors(fieldProblems(error, FIELDS));
        },
      },
    ),
  );
  const nameOf = ({ name, active }: typeof riskOwner) => (active ? name : `${name}, who left`);
  return (
    <Modal opened onClose={onClose} title={`Reassign ${ref}`} size="lg">
      <form onSubmit={send} noValidate>
        <Stack gap="sm">
          <ExceptionTermsSummary exception={exception} />
          <Radio.Group
            label="Which owner is replaced?"
            {...form.getInputProps("owner")}
            onChange={(owner) => form.setValues({ owner: owner as OwnerKind, personId: "" })}
          >
            <Stack gap={6} mt={4}>
              <Radio value="risk_owner" label={`Risk owner: ${nameOf(riskOwner)}`} />
              <Radio value="business_owner" label={`Business owner: ${nameOf(businessOwner)}`} />
            </Stack>
          </Radio.Group>
          <Select
            label="By whom?"
            searchable
            data={people
              .filter(({ id }) => id !== current.id)
              .map(({ id, name }) => ({ value: id, label: name }))}
            {...form.getInputProps("personId")}
          />
          <Textarea label="Why?" autosize minRows={2} {...form.getInputProps("reason")} />
          <Text size="sm">
            {status === "approved"
              ? "It goes on as it is; the new owner answers for it from now on."
              : "Its terms change with that: who decides reads them again."}{" "}
            {status !== "approved" && "You and both owners cannot decide on it then."}
          </Text>
          {move.error && <ProblemAlert error={move.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={move.isPending}>
              Reassign {ref}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function usePeople(riskOwners: boolean) {
  const { data } = useQuery({
    queryKey: ["people", "active", riskOwners],
    staleTime: 60_000,
    queryFn: () =>
      fetched(
        api.people.$get({
          query: { limit: "200", active: "true", ...(riskOwners ? { role: "risk_owner" } : {}) },
        }),
      ),
  });
  return data?.items ?? [];
}
