"use client";

import { Button, Chip, Group, Select } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, fetched } from "@/components/api";
import { EmptyState } from "@/components/ui/empty-state";
import { PagedList } from "@/components/ui/paged-list";
import { SearchInput } from "@/components/ui/search-input";
import { useLastGood, useUrlFilter } from "@/components/ui/use-url-filter";
import { ROLES } from "@/lib/access/permissions";
import type { PersonView } from "@/lib/people/views";
import type { Page } from "@/lib/schema";
import { CreatePersonDialog } from "./create-person-dialog";
import { PeopleTable, type PersonMove } from "./people-table";
import { DeactivateDialog, RolesDialog } from "./person-dialogs";
import { SessionsDialog } from "./sessions-dialog";

interface PeopleRegisterProps {
  initial: Page<PersonView>;
  /** The query text that `initial` answers. */
  initialQuery: string;
  manages: boolean;
}

/** People with their roles; an admin manages them here. */
export function PeopleRegister({ initial, initialQuery, manages }: PeopleRegisterProps) {
  const [params, change] = useUrlFilter();
  const [open, setOpen] = useState<{ person: PersonView; move: PersonMove } | "create" | null>(null);
  const query = params.toString();
  const list = useQuery({
    queryKey: ["people", query],
    queryFn: () => fetched(api.people.$get({ query: Object.fromEntries(params) })),
    placeholderData: keepPreviousData,
    ...(query === initialQuery ? { initialData: initial } : {}),
  });
  const page = useLastGood(list.data);
  return (
    <>
      <Group gap="xs" mb="xs" align="flex-end" justify="space-between" className="no-print">
        <Group gap="xs" align="flex-end">
          <SearchInput
            placeholder="Name or e-mail"
            value={params.get("q") ?? ""}
            onChange={(q) => change({ q })}
          />
          <Select
            label="Role"
            placeholder="Any"
            size="xs"
            w={170}
            clearable
            data={ROLES.map((role) => ({ value: role, label: role.replace("_", " ") }))}
            value={params.get("role")}
            onChange={(role) => change({ role })}
          />
          <Group h={30}>
            <Chip
              size="xs"
              checked={params.get("active") === "true"}
              onChange={(on) => change({ active: on ? "true" : null })}
            >
              Active only
            </Chip>
          </Group>
        </Group>
        {manages && (
          <Button size="xs" onClick={() => setOpen("create")}>
            Add a person
          </Button>
        )}
      </Group>
      <PagedList
        noun="people"
        page={page}
        error={list.error}
        onRetry={() => list.refetch()}
        cursor={params.get("cursor")}
        onCursor={(cursor) => change({ cursor })}
        empty={<EmptyState title="Nobody fits this filter" />}
      >
        <PeopleTable
          people={page?.items ?? []}
          manages={manages}
          onMove={(person, move) => setOpen({ person, move })}
        />
      </PagedList>
      <Dialog open={open} onClose={() => setOpen(null)} />
    </>
  );
}

interface DialogProps {
  open: { person: PersonView; move: PersonMove } | "create" | null;
  onClose: () => void;
}

function Dialog({ open, onClose }: DialogProps) {
  if (open === null) return null;
  if (open === "create") return <CreatePersonDialog onClose={onClose} />;
  const props = { person: open.person, onClose };
  if (open.move === "change-roles") return <RolesDialog {...props} />;
  if (open.move === "deactivate") return <DeactivateDialog {...props} />;
  return <SessionsDialog {...props} />;
}
