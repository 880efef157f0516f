/** Departments and categories: kept in an order, renamed, and retired instead of deleted, so that old cases keep theirs. */
import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { visibleName } from "#shared/domain/names.ts";
import { readAlike } from "#shared/domain/names-alike.ts";
import type { Catalogue, CatalogueChange, CatalogueEntry, CatalogueList } from "#shared/web-api/catalogue.ts";
import { formatCount } from "#shared/words/amounts.ts";
import { appendAudit } from "../audit/audit-chain.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { actorOf, type Principal } from "../http/principal.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import { usableName } from "../http/usable-name.ts";
import { IN_THEIR_ORDER } from "../storage/catalogue-order.ts";
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";

/** What differs between the two lists: table, column of the id, the word for one, and the actions of the trail. */
const LISTS = {
  departments: {
    ...{ table: "department", id: "departmentId", one: "department" },
    actions: {
      ...{ added: "DEPARTMENT_ADDED", renamed: "DEPARTMENT_RENAMED", ordered: "DEPARTMENTS_ORDERED" },
      ...{ retired: "DEPARTMENT_RETIRED", returned: "DEPARTMENT_RETURNED" },
    },
  },
  categories: {
    ...{ table: "category", id: "categoryId", one: "category" },
    actions: {
      ...{ added: "CATEGORY_ADDED", renamed: "CATEGORY_RENAMED", ordered: "CATEGORIES_ORDERED" },
      ...{ retired: "CATEGORY_RETIRED", returned: "CATEGORY_RETURNED" },
    },
  },
} as const;

interface Row {
  readonly id: string;
  readonly name: string;
  readonly retiredUtcMs: number | null;
}

async function rowsOf(db: Metadata | MetadataTransaction, list: CatalogueList): Promise<Row[]> {
  const { table, id } = LISTS[list];
  const { rows } = await sql<Row>`SELECT ${sql.ref(id)} AS "id", "name", "retiredUtcMs"
    FROM ${sql.table(table)} ORDER BY ${IN_THEIR_ORDER}`.execute(db);
  return rows;
}

const toEntry = ({ id, name, retiredUtcMs }: Row): CatalogueEntry => ({
  ...{ id, name: visibleName(name), isRetired: retiredUtcMs !== null },
});

/** Both lists, in their order. */
export async function readCatalogue({ db }: Pick<ServiceContext, "db">): Promise<Catalogue> {
  const [departments, categories] = [await rowsOf(db, "departments"), await rowsOf(db, "categories")];
  const kept = await db.selectFrom("category").select(["categoryId", "retentionDays"]).execute();
  const days = new Map(kept.map(({ categoryId, retentionDays }) => [categoryId, retentionDays]));
  return {
    departments: departments.map(toEntry),
    categories: categories.map((row) => ({ ...toEntry(row), retentionDays: days.get(row.id) ?? null })),
  };
}

/** @throws Refusal 400 NAME_NOT_USABLE, 409 NAME_TAKEN */
export async function addEntry(
  context: ServiceContext,
  principal: Principal,
  { list, name: given }: { readonly list: CatalogueList; readonly name: string },
): Promise<void> {
  const { table, id: column, actions } = LISTS[list];
  await context.db.transaction().execute(async (transaction) => {
    const rows = await rowsOf(transaction, list);
    const name = freeName(given, rows);
    const id = randomUUID();
    // Those that nobody put anywhere would come after it.
    await setOrder(
      transaction,
      list,
      rows.map((row) => row.id),
    );
    await sql`INSERT INTO ${sql.table(table)} (${sql.ref(column)}, "name", "position")
      VALUES (${id}, ${name}, ${rows.length})`.execute(transaction);
    await audit(transaction, context, { principal, action: actions.added, subject: id, detail: { name } });
  });
}

/** @throws Refusal 404, 400 NAME_NOT_USABLE, 409 NAME_TAKEN, LAST_DEPARTMENT */
export async function changeEntry(
  context: ServiceContext,
  principal: Principal,
  {
    list,
    id,
    change,
  }: { readonly list: CatalogueList; readonly id: string; readonly change: CatalogueChange },
): Promise<void> {
  const { table, id: column, one, actions } = LISTS[list];
  await context.db.transaction().execute(async (transaction) => {
    const rows = await rowsOf(transaction, list);
    const row = rows.find((each) => each.id === id);
    if (row === undefined) throw notFound(one);
    const others = rows.filter((each) => each.id !== id);
    const name = change.name === undefined ? row.name : freeName(change.name, others);
    const wasRetired = row.retiredUtcMs !== null;
    const isRetired = change.isRetired ?? wasRetired;
    if (list === "departments" && isRetired && others.every((each) => each.retiredUtcMs !== null)) {
      throw new Refusal("LAST_DEPARTMENT", "Without a department nobody could create a case.");
    }
    const retiredUtcMs = isRetired ? (row.retiredUtcMs ?? context.now()) : null;
    await sql`UPDATE ${sql.table(table)} SET "name" = ${name}, "retiredUtcMs" = ${retiredUtcMs}
      WHERE ${sql.ref(column)} = ${id}`.execute(transaction);
    const told = { principal, subject: id };
    const { retentionDays } = change;
    if (list === "categories" && retentionDays !== undefined) {
      await changeRetention(transaction, context, { ...told, name, retentionDays });
    }
    if (name !== row.name) {
      await audit(transaction, context, {
        ...told,
        action: actions.renamed,
        detail: { before: row.name, name },
      });
    }
    if (isRetired !== wasRetired) {
      const action = isRetired ? actions.retired : actions.returned;
      await audit(transaction, context, { ...told, action, detail: { name } });
    }
  });
}

interface RetentionChange extends Pick<Told, "principal" | "subject"> {
  readonly name: string;
  readonly retentionDays: number | null;
}

async function changeRetention(
  transaction: MetadataTransaction,
  context: ServiceContext,
  { principal, subject, name, retentionDays }: RetentionChange,
): Promise<void> {
  const row = await transaction
    .selectFrom("category")
    .select("retentionDays")
    .where("categoryId", "=", subject)
    .executeTakeFirst();
  const before = row?.retentionDays ?? null;
  if (before === retentionDays) return;
  await transaction
    .updateTable("category")
    .set({ retentionDays })
    .where("categoryId", "=", subject)
    .execute();
  const action = "CATEGORY_RETENTION_CHANGED";
  const detail = { name, before: inWords(before), after: inWords(retentionDays) };
  await audit(transaction, context, { principal, subject, action, detail });
}

const inWords = (days: number | null): string => (days === null ? "for ever" : formatCount(days, "day"));

/** @throws Refusal 409 ORDER_DIFFERS */
export async function orderEntries(
  context: ServiceContext,
  principal: Principal,
  { list, ids }: { readonly list: CatalogueList; readonly ids: readonly string[] },
): Promise<void> {
  const { actions } = LISTS[list];
  await context.db.transaction().execute(async (transaction) => {
    const known = (await rowsOf(transaction, list)).map(({ id }) => id);
    if (known.length !== ids.length || new Set([...known, ...ids]).size !== known.length) {
      throw new Refusal("ORDER_DIFFERS", "The list was changed by somebody else meanwhile.");
    }
    await setOrder(transaction, list, ids);
    await audit(transaction, context, { principal, action: actions.ordered, subject: list, detail: {} });
  });
}

async function setOrder(
  transaction: MetadataTransaction,
  list: CatalogueList,
  ids: readonly string[],
): Promise<void> {
  const { table, id: column } = LISTS[list];
  for (const [position, id] of ids.entries()) {
    await sql`UPDATE ${sql.table(table)} SET "position" = ${position}
      WHERE ${sql.ref(column)} = ${id}`.execute(transaction);
  }
}

/** @throws Refusal 400 NAME_NOT_USABLE, 409 NAME_TAKEN */
function freeName(given: string, others: readonly Row[]): string {
  const name = usableName("The name", given);
  const alike = others.find((other) => readAlike(other.name, name));
  if (alike === undefined) return name;
  throw new Refusal("NAME_TAKEN", `“${alike.name}” reads the same.`);
}

interface Told {
  readonly principal: Principal;
  readonly action: string;
  readonly subject: string;
  readonly detail: Readonly<Record<string, string>>;
}

async function audit(
  transaction: MetadataTransaction,
  { now }: ServiceContext,
  { principal, ...entry }: Told,
): Promise<void> {
  await appendAudit(transaction, { atUtcMs: now(), actor: actorOf(principal), ...entry });
}
