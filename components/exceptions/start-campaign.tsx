"use client";

import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ApiProblem, api, fetched } from "@/components/api";
import { InstantInput } from "@/components/ui/instant-input";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { fieldProblems } from "@/components/ui/use-kept-form";
import { type StartCampaignInput, startCampaignSchema } from "@/lib/campaigns/schema";

const TWO_WEEKS_MS = 14 * 86_400_000;
type Filter = Record<string, string>;

/** Begins a campaign of reviews over what the register shows. */
export function StartCampaign({ filter }: { filter: Filter }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => setOpen(true)}>
        Have these reviewed
      </Button>
      {open && <StartDialog filter={filter} onClose={() => setOpen(false)} />}
    </>
  );
}

function StartDialog({ filter, onClose }: { filter: Filter; onClose: () => void }) {
  const router = useRouter();
  const form = useForm({
    initialValues: {
      title: "",
      note: "",
      dueAt: new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000 + TWO_WEEKS_MS).toISOString(),
      filter,
    },
    validate: schemaResolver(startCampaignSchema, { sync: true }),
  });
  const start = useMutation({
    mutationFn: (json: StartCampaignInput) => fetched(api.campaigns.$post({ json })),
    onSuccess: (campaign) => router.push(`/exceptions/campaigns/${campaign.ref}`),
    onError: (error) => {
      if (error instanceof ApiProblem) form.setErrors(fieldProblems(error, ["title", "note", "dueAt"]));
    },
  });
  const asked = useAsked(filter);
  return (
    <Modal opened onClose={onClose} title="Have these exceptions reviewed" size="lg">
      <form onSubmit={form.onSubmit((values) => start.mutate(values as StartCampaignInput))} noValidate>
        <Stack gap="sm">
          <Text size="sm">
            Of what the register shows, every exception that is approved and has not ended is asked about
            {asked === null ? "" : ` (of ${asked} in the filter)`}. The list is frozen now. Each goes to its
            risk owner, who keeps it until a next review, shortens it or revokes it; where the risk owner may
            not, to a security lead.
          </Text>
          <TextInput
            label="What is it called?"
            placeholder="Third quarter"
            {...form.getInputProps("title")}
          />
          <Textarea
            label="What should the reviewers look at? (optional)"
            autosize
            minRows={2}
            {...form.getInputProps("note")}
          />
          <InstantInput label="Due" {...form.getInputProps("dueAt")} />
          {start.error && <ProblemAlert error={start.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={start.isPending}>
              Start the campaign
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** How many exceptions the filter shows. */
function useAsked(filter: Filter): number | null {
  const { data } = useQuery({
    queryKey: ["exceptions", "asked", filter],
    queryFn: () => fetched(api.exceptions.$get({ query: { ...filter, limit: "1" } })),
  });
  return data?.total ?? null;
}
