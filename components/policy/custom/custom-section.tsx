"use client";

import { Button, Group, Text, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { FieldMessages } from "@/components/policy/edit-document";
import { Section } from "@/components/policy/editor-section";
import { isCustomControl } from "@/lib/policy/catalogue";
import type { PolicyDocument } from "@/lib/policy/document";
import { CustomCard } from "./custom-card";
import { customSlug, nameProblem, withCustom, withoutCustom } from "./edit-custom";

interface CustomSectionProps {
  useCase: string;
  document: PolicyDocument;
  messages: FieldMessages;
  edit: (change: (document: PolicyDocument) => PolicyDocument) => void;
}

/** Controls of the organisation's own: by a condition over the facts, by phrases and patterns in content, or both. */
export function CustomSection({ useCase, document, messages, edit }: CustomSectionProps) {
  const [added, setAdded] = useState<string[]>([]);
  const customIds = Object.keys(document.controls).filter(isCustomControl).sort();
  const add = (name: string) => {
    const id = `custom/${customSlug(name)}`;
    setAdded([...added, id]);
    edit((before) => withCustom(before, id, { mode: "log" }));
  };
  return (
    <Section
      title="Custom controls"
      lead="The organisation's own: they fire on a condition over the facts of a request, or on phrases and patterns in content."
    >
      {customIds.length === 0 && (
        <Text size="sm" c="dimmed">
          There is none yet.
        </Text>
      )}
      {customIds.map((id) => {
        const binding = document.controls[id];
        return binding === undefined ? null : (
          <CustomCard
            key={id}
            useCase={useCase}
            id={id}
            customIds={customIds}
            binding={binding}
            messages={messages}
            isNew={added.includes(id)}
            onChange={(next) => edit((before) => withCustom(before, id, next))}
            onRemove={() => edit((before) => withoutCustom(before, id))}
          />
        );
      })}
      <AddForm document={document} onAdd={add} />
    </Section>
  );
}

function AddForm({ document, onAdd }: { document: PolicyDocument; onAdd: (name: string) => void }) {
  const [name, setName] = useState("");
  const [error, setError] = useState<string | null>(null);
  const slug = customSlug(name);
  const add = () => {
    const problem = nameProblem(document, name);
    setError(problem);
    if (problem !== null) return;
    onAdd(name);
    setName("");
  };
  return (
    <Group gap="xs" align="flex-end">
      <TextInput
        label="Name of a new control"
        description={slug ? `It is called custom/${slug}.` : "Such as: No restricted transfers."}
        value={name}
        maxLength={60}
        onChange={(event) => {
          setName(event.currentTarget.value);
          setError(null);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          add();
        }}
        error={error}
        w={300}
        maw="100%"
      />
      <Button variant="light" leftSection={<IconPlus size={16} aria-hidden />} onClick={add}>
        Add a custom control
      </Button>
    </Group>
  );
}
