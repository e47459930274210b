"use client";

import { Button, Stack } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { numberText } from "@/components/telemetry/words";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/links";
import { PagedList } from "@/components/ui/paged-list";
import { useLastGood, useUrlFilter } from "@/components/ui/use-url-filter";
import type { Page } from "@/lib/schema";
import { ListFilters, type UseCaseChoice } from "./filters";

export interface RegisterProps<T> {
  initial: Page<T>;
  /** The query text that `initial` answers. */
  initialQuery: string;
  useCases: readonly UseCaseChoice[];
  controls: readonly { id: string; title: string }[];
}

interface Kind<T> {
  /** `rulings`, `appeals` or `cases`; also the name of the file. */
  noun: string;
  read: (query: Record<string, string>) => Promise<Page<T>>;
  words: readonly { name: string; label: string; values: readonly string[] }[];
  /** Where the file is, if the list can be had as one. */
  file?: string;
  /** The page without a filter. */
  home: string;
  empty: ReactNode;
  table: (items: readonly T[]) => ReactNode;
}

/** A list with its filters in the address, its file, and its paging. */
export function Register<T>({
  initial,
  initialQuery,
  useCases,
  controls,
  ...kind
}: RegisterProps<T> & Kind<T>) {
  const [params, change] = useUrlFilter();
  const query = params.toString();
  const asked = Object.fromEntries([...params].filter(([name]) => name !== "tab"));
  const { cursor: _, ...filter } = asked;
  const list = useQuery({
    queryKey: ["rulings", kind.noun, asked],
    queryFn: () => kind.read(asked),
    placeholderData: keepPreviousData,
    ...(query === initialQuery ? { initialData: initial } : {}),
  });
  const page = useLastGood(list.data);
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <Stack gap="xs">
      <ListFilters
        params={params}
        change={change}
        useCases={useCases}
        controls={controls}
        words={kind.words}
      />
      <PagedList
        noun={kind.noun}
        page={page}
        error={list.error}
        onRetry={() => list.refetch()}
        cursor={params.get("cursor")}
        onCursor={(cursor) => change({ cursor })}
        actions={
          kind.file &&
          page &&
          page.total > 0 && (
            <Button
              component="a"
              href={`${kind.file}?${new URLSearchParams(filter)}`}
              download
              size="compact-sm"
              variant="default"
            >
              Export all {numberText(page.total)} as CSV
            </Button>
          )
        }
        empty={
          isFiltered ? (
            <EmptyState
              title={`No ${kind.noun} fit this filter`}
              action={
                <LinkButton href={kind.home} variant="default">
                  Show all {kind.noun}
                </LinkButton>
              }
            />
          ) : (
            kind.empty
          )
        }
      >
        {kind.table(page?.items ?? [])}
      </PagedList>
    </Stack>
  );
}
