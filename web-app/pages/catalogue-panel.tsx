import { useState } from "react";
import { Badge } from "#design-system/components/badge.tsx";
import { Button } from "#design-system/components/button.tsx";
import { Message } from "#design-system/components/message.tsx";
import { Name } from "#design-system/components/name.tsx";
import { Panel } from "#design-system/components/panel.tsx";
import { ShortTable } from "#design-system/tables/short-table.tsx";
import type { Column } from "#design-system/tables/table-parts.tsx";
import type { Catalogue, CatalogueEntry, CatalogueList } from "#shared/web-api/catalogue.ts";
import { type CatalogueStep, useCatalogue, useCatalogueStep } from "../service-client/catalogue.ts";
import styles from "./catalogue-panel.module.css";
import { CategoryRetentionDialog } from "./category-retention-dialog.tsx";
import { keptInWords } from "./kept-days.ts";
import { ChangeStatus } from "./change-status.tsx";
import { NameDialog } from "./name-dialog.tsx";
import { ServiceFailure } from "./service-failure.tsx";

const WORDS: Readonly<Record<CatalogueList, { readonly title: string; readonly one: string }>> = {
  departments: { title: "Departments", one: "department" },
  categories: { title: "Categories", one: "category" },
};

type Category = Catalogue["categories"][number];

/** What is being named: a new one, or one that is there. */
type Naming = { readonly entry: CatalogueEntry | null } | null;

/** A list that new cases choose from: added to, renamed, ordered, and retired without touching old cases. */
export function CataloguePanel({ list }: { readonly list: CatalogueList }) {
  const { title, one } = WORDS[list];
  const answer = useCatalogue();
  const step = useCatalogueStep(list);
  const [naming, setNaming] = useState<Naming>(null);
  const [keeping, setKeeping] = useState<Category | null>(null);
  const entries: readonly CatalogueEntry[] = answer.data?.[list] ?? [];
  const categories = list === "categories" ? (answer.data?.categories ?? []) : [];
  const save = (name: string) => {
    const entry = naming?.entry ?? null;
    const taken: CatalogueStep =
      entry === null ? { do: "add", name } : { do: "change", id: entry.id, change: { name } };
    step.mutate(taken, { onSuccess: () => setNaming(null) });
  };
  return (
    <Panel
      title={title}
      aside={
        <Button size="small" onPress={() => setNaming({ entry: null })}>
          Add {one}…
        </Button>
      }
    >
      {answer.isPending && <Message busy title="Asking the service…" />}
      {answer.isError && answer.data === undefined && (
        <ServiceFailure error={answer.error} onRetry={() => void answer.refetch()} />
      )}
      {answer.isSuccess && entries.length === 0 && <Message title={`There is no ${one}.`} />}
      {entries.length > 0 && (
        <ShortTable
          label={title}
          columns={columnsOf({
            ...{ entries, categories, onStep: step.mutate, onKeep: setKeeping },
            onRename: (entry) => setNaming({ entry }),
          })}
          records={entries}
          keyOf={({ id }) => id}
        />
      )}
      {naming === null && keeping === null && <ChangeStatus error={step.error}>{null}</ChangeStatus>}
      {keeping !== null && (
        <CategoryRetentionDialog
          category={keeping}
          change={step}
          onSave={(retentionDays) =>
            step.mutate(
              { do: "change", id: keeping.id, change: { retentionDays } },
              { onSuccess: () => setKeeping(null) },
            )
          }
          onClose={() => {
            step.reset();
            setKeeping(null);
          }}
        />
      )}
      {naming !== null && (
        <NameDialog
          title={naming.entry === null ? `Add a ${one}` : `Rename “${naming.entry.name}”`}
          before={naming.entry?.name ?? ""}
          confirmLabel={naming.entry === null ? "Add" : "Rename"}
          isPending={step.isPending}
          error={step.error}
          onSave={save}
          onClose={() => {
            step.reset();
            setNaming(null);
          }}
        />
      )}
    </Panel>
  );
}

interface ColumnParts {
  readonly entries: readonly CatalogueEntry[];
  /** Those of the entries that say how long evidence is kept. */
  readonly categories: readonly Category[];
  readonly onKeep: (category: Category) => void;
  readonly onStep: (step: CatalogueStep) => void;
  readonly onRename: (entry: CatalogueEntry) => void;
}

function columnsOf(parts: ColumnParts): readonly Column<CatalogueEntry>[] {
  const { entries, onStep, onRename } = parts;
  return [
    {
      header: "Name",
      cell: ({ name, isRetired }) => (
        <span className={styles["name"]}>
          <Name>{name}</Name>
          {isRetired && <Badge tone="neutral">Retired</Badge>}
        </span>
      ),
    },
    {
      header: "Order",
      widthPx: 128,
      cell: (entry) => <Movers entry={entry} entries={entries} onStep={onStep} />,
    },
    ...(parts.categories.length === 0 ? [] : [retentionColumn(parts)]),
    {
      header: "Change",
      widthPx: 190,
      cell: (entry) => (
        <span className={styles["name"]}>
          <Button size="small" aria-label={`Rename ${entry.name}`} onPress={() => onRename(entry)}>
            Rename…
          </Button>
          <Button
            size="small"
            aria-label={`${entry.isRetired ? "Take back" : "Retire"} ${entry.name}`}
            onPress={() => onStep({ do: "change", id: entry.id, change: { isRetired: !entry.isRetired } })}
          >
            {entry.isRetired ? "Take back" : "Retire"}
          </Button>
        </span>
      ),
    },
  ];
}

function retentionColumn({
  categories,
  onKeep,
}: Pick<ColumnParts, "categories" | "onKeep">): Column<CatalogueEntry> {
  return {
    header: "Evidence is kept",
    widthPx: 210,
    cell: ({ id }) => {
      const category = categories.find((one) => one.id === id);
      if (category === undefined) return null;
      return (
        <span className={styles["name"]}>
          <Button size="small" aria-label={`Retention of ${category.name}`} onPress={() => onKeep(category)}>
            Retention…
          </Button>
          {keptInWords(category.retentionDays)}
        </span>
      );
    },
  };
}

function Movers({
  entry,
  entries,
  onStep,
}: Pick<ColumnParts, "entries" | "onStep"> & { readonly entry: CatalogueEntry }) {
  const ids = entries.map(({ id }) => id);
  const at = ids.indexOf(entry.id);
  const moved = (by: 1 | -1) => () => {
    const other = ids[at + by];
    if (other === undefined) return;
    const swapped = ids.with(at, other).with(at + by, entry.id);
    onStep({ do: "order", ids: swapped });
  };
  return (
    <span className={styles["name"]}>
      <Button size="small" aria-label={`Move ${entry.name} up`} isDisabled={at === 0} onPress={moved(-1)}>
        Up
      </Button>
      <Button
        size="small"
        aria-label={`Move ${entry.name} down`}
        isDisabled={at === ids.length - 1}
        onPress={moved(1)}
      >
        Down
      </Button>
    </span>
  );
}
