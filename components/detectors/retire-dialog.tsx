"use client";

import { Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, fetched } from "@/components/api";
import { ReasonDialog } from "@/components/people/reason-dialog";
import type { RetireDetectorInput } from "@/lib/detectors/schema";
import type { DetectorView } from "@/lib/detectors/views";
import { retireText } from "./words";

/** Ends that content is sent to a detector. */
export function RetireDialog({ detector, onClose }: { detector: DetectorView; onClose: () => void }) {
  const client = useQueryClient();
  const { name } = detector;
  const retire = useMutation({
    mutationFn: (json: RetireDetectorInput): Promise<DetectorView> =>
      fetched(api.detectors[":name"].retire.$post({ param: { name }, json })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["detectors"] });
      onClose();
    },
  });
  return (
    <ReasonDialog title={`Retire ${name}?`} confirm={`Retire ${name}`} call={retire} onClose={onClose}>
      <Text size="sm">
        Within a second nothing is sent to it any more, and its key is deleted. {retireText(detector)}
      </Text>
    </ReasonDialog>
  );
}
