import { Table, Text, VisuallyHidden } from "@mantine/core";
import { LinkAnchor } from "@/components/ui/links";
import { proposeControlHref } from "@/components/use-cases/propose-control";
import { count } from "@/components/use-cases/words";
import type { ControlSensitivity, LevelEvidence } from "@/lib/readiness/views";
import { boundsText } from "./words";

interface LevelTableProps {
  slug: string;
  title: string;
  levels: ControlSensitivity;
  mayDraft: boolean;
}

const LINES: { name: string; of: (level: LevelEvidence) => string }[] = [
  { name: "Would fire on", of: ({ fired }) => count(fired) },
  { name: "Ruled true", of: ({ rulings }) => count(rulings.true_positive) },
  { name: "Ruled false", of: ({ rulings }) => count(rulings.false_positive) },
  { name: "Unsure", of: ({ rulings }) => count(rulings.unsure) },
  { name: "Not ruled", of: ({ unruled }) => count(unruled) },
  { name: "False positives, at 95 %", of: ({ falsePositives }) => boundsText(falsePositives) },
  { name: "Spared by an exception", of: ({ exempted }) => count(exempted) },
];

/** The four levels of a control side by side, as figures, each with its proposal. */
export function LevelTable({ slug, title, levels, mayDraft }: LevelTableProps) {
  const isOn = levels.mode !== null && levels.mode !== "off";
  const isSet = (level: LevelEvidence) => isOn && level.level === levels.sensitivity;
  return (
    <>
      <Table
        verticalSpacing={2}
        horizontalSpacing="sm"
        fz="sm"
        w="auto"
        withTableBorder
        style={{ whiteSpace: "nowrap" }}
      >
        <VisuallyHidden component="caption">{title}: what each level would have fired on</VisuallyHidden>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">
              <VisuallyHidden>Figure</VisuallyHidden>
            </Table.Th>
            {levels.levels.map((level) => (
              <Table.Th scope="col" ta="right" key={level.level}>
                {level.level}
                {isSet(level) && " (set)"}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {LINES.map(({ name, of }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={500}>
                {name}
              </Table.Th>
              {levels.levels.map((level) => (
                <Table.Td ta="right" key={level.level}>
                  {of(level)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
          {mayDraft && (
            <Table.Tr>
              <Table.Th scope="row" fw={500}>
                Propose
              </Table.Th>
              {levels.levels.map((level) => (
                <Table.Td ta="right" key={level.level}>
                  {isSet(level) ? (
                    "–"
                  ) : (
                    <LinkAnchor
                      href={proposeControlHref(slug, {
                        propose: "sensitivity",
                        control: levels.control,
                        level: level.level,
                      })}
                      underline="always"
                      prefetch={false}
                    >
                      propose {level.level}
                    </LinkAnchor>
                  )}
                </Table.Td>
              ))}
            </Table.Tr>
          )}
        </Table.Tbody>
      </Table>
      <Text size="xs" c="dimmed" mt={4} maw="min(720px, calc(100vw - 64px))">
        Of {count(levels.of)} decisions that it looks at; each level includes those before it. Signals are
        recorded at every level whatever is set; rulings and exceptions are of what did fire. The
        false-positive rate is that of the random sample, weighed by level.{" "}
        <LinkAnchor
          href={`/telemetry/rulings?${new URLSearchParams({ useCase: slug, control: levels.control })}`}
          size="xs"
          underline="always"
          prefetch={false}
        >
          Rule on its findings
        </LinkAnchor>
      </Text>
    </>
  );
}
