"use client";

import { Button, Group, Mark, Text, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { api, fetched } from "@/components/api";
import { ProblemAlert } from "@/components/ui/problem-alert";
import type { ControlBinding, Sensitivity } from "@/lib/policy/document";
import type { TextTryView } from "@/lib/telemetry/views";

interface TextTryProps {
  useCase: string;
  binding: ControlBinding;
}

/** Looks through a typed text with the phrases and patterns as they stand. */
export function TextTry({ useCase, binding }: TextTryProps) {
  const [text, setText] = useState("");
  const { phrases = [], patterns = [], sensitivity = "L2" } = binding;
  const attempt = useMutation({
    mutationFn: async (tried: string) => ({
      tried,
      at: sensitivity,
      view: await fetched(
        api.controls["try-text"].$post({ json: { useCase, sensitivity, text: tried, phrases, patterns } }),
      ),
    }),
  });
  return (
    <div>
      <Textarea
        label="Try on a text"
        description="The console looks through it with the phrases and patterns above. It is neither kept nor logged."
        autosize
        minRows={2}
        maxRows={8}
        maxLength={20_000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Group gap="sm" mt={6}>
        <Button
          size="xs"
          variant="light"
          disabled={text.trim() === ""}
          loading={attempt.isPending}
          onClick={() => attempt.mutate(text)}
        >
          Try this text
        </Button>
      </Group>
      <div aria-live="polite">
        {attempt.error && <ProblemAlert error={attempt.error} onRetry={() => attempt.mutate(text)} />}
        {attempt.data && <Found {...attempt.data} />}
      </div>
    </div>
  );
}

function Found({ tried, at, view }: { tried: string; at: Sensitivity; view: TextTryView }) {
  const [problem] = view.problems;
  if (problem) {
    return (
      <Text size="sm" mt={6}>
        Not tried: mend the phrases and patterns first.
      </Text>
    );
  }
  return (
    <div>
      <Text size="sm" mt={6}>
        {view.level === null
          ? "Nothing was found: the control would not fire."
          : `${view.spans.length === 1 ? "One place was" : `${view.spans.length} places were`} found, the surest at ${view.level}: at ${at} the control ${view.fires ? "fires" : "does not fire"}.`}
      </Text>
      {view.spans.length > 0 && (
        <Text size="sm" mt={4} style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          {marked(tried, view.spans)}
        </Text>
      )}
    </div>
  );
}

/** The text with each place marked and its level beside it; places that overlap are marked once. */
function marked(text: string, spans: TextTryView["spans"]): ReactNode[] {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const { level, start, end } of spans) {
    if (start < at) continue;
    parts.push(text.slice(at, start));
    parts.push(
      <Mark key={start}>
        {text.slice(start, end)} ({level})
      </Mark>,
    );
    at = end;
  }
  return [...parts, text.slice(at)];
}
