"use client";

import { Group, Paper, SimpleGrid, Stack, Table, Text, Title, VisuallyHidden } from "@mantine/core";
import { FAIL_MODE_WORDS } from "@/components/policy/rollout-words";
import { Fact, FactList } from "@/components/ui/facts";
import { LinkAnchor, LinkButton } from "@/components/ui/links";
import { TableRegion } from "@/components/ui/table-region";
import { CONTROLS, FAMILIES } from "@/lib/policy/catalogue";
import { TEMPLATES, type Template } from "@/lib/policy/templates";
import { controlHref, word } from "./words";

/** The templates: for whom, and beside each other by control. */
export function TemplatesPage({ mayCreate }: { mayCreate: boolean }) {
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        {TEMPLATES.map((template) => (
          <TemplateCard key={template.id} template={template} mayCreate={mayCreate} />
        ))}
      </SimpleGrid>
      <Paper withBorder p="md" component="section" aria-label="Controls by template">
        <Title order={2} size="h4" mb="xs">
          Controls by template
        </Title>
        <Comparison />
      </Paper>
    </Stack>
  );
}

function TemplateCard({ template, mayCreate }: { template: Template; mayCreate: boolean }) {
  const { document } = template;
  return (
    <Paper withBorder p="md" component="section" aria-label={template.title}>
      <Group justify="space-between" gap="xs" mb={4}>
        <Title order={2} size="h4">
          {template.title}
        </Title>
        {mayCreate && (
          <LinkButton href={`/use-cases/new?template=${template.id}`} variant="default">
            Start a use case with it
          </LinkButton>
        )}
      </Group>
      <FactList>
        <Fact name="For">{template.forWhom}</Fact>
        <Fact name="Not for">{template.notFor}</Fact>
        <Fact name="Tune first">{template.tuneFirst}</Fact>
        <Fact name="Controls">
          {Object.keys(document.controls).length}; {document.limited.controls.length} of high confidence are
          enrolled first, for {document.limited.cohort.percent} % of sessions
        </Fact>
        <Fact name="Fail mode">{FAIL_MODE_WORDS[document.failMode]}</Fact>
      </FactList>
    </Paper>
  );
}

function Comparison() {
  return (
    <TableRegion label="Controls by template">
      <Table verticalSpacing={2} horizontalSpacing="xs" fz="sm" miw={860} highlightOnHover>
        <VisuallyHidden component="caption">
          Mode and sensitivity of each control in each template
        </VisuallyHidden>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Control</Table.Th>
            {TEMPLATES.map(({ id, title }) => (
              <Table.Th key={id} scope="col">
                {title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        {FAMILIES.map(({ id, title }) => ({
          id,
          title,
          rows: CONTROLS.filter(({ family }) => family === id),
        }))
          .filter(({ rows }) => rows.length > 0)
          .map((family) => (
            <Table.Tbody key={family.id}>
              <Table.Tr>
                <Table.Th colSpan={TEMPLATES.length + 1} scope="rowgroup" pt={6}>
                  {family.title}
                </Table.Th>
              </Table.Tr>
              {family.rows.map((control) => (
                <Table.Tr key={control.id}>
                  <Table.Th scope="row" fw={500}>
                    <LinkAnchor href={controlHref(control.id)} prefetch={false}>
                      {control.title}
                    </LinkAnchor>
                  </Table.Th>
                  {TEMPLATES.map((template) => (
                    <Bound key={template.id} template={template} id={control.id} />
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          ))}
      </Table>
    </TableRegion>
  );
}

function Bound({ template, id }: { template: Template; id: string }) {
  const binding = template.document.controls[id];
  return (
    <Table.Td>
      {binding ? (
        [word(binding.mode), binding.sensitivity].filter(Boolean).join(", ")
      ) : (
        <Text size="sm" c="dimmed" span>
          off
        </Text>
      )}
    </Table.Td>
  );
}
