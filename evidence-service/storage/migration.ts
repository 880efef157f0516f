/**
 * What brings the tables from one version to the next, forward only. Services of several versions work on the same tables
 * while an installation is brought to a new one, so each migration says who bears it.
 */

/**
 * - `expand`: services of earlier versions go on working: a table, a column that may be empty, an index. This program needs
 *   it.
 * - `contract`: takes away what this program does not use any more. It runs once no service of an earlier version is there;
 *   until then this program works without it.
 * - `alone`: earlier versions cannot work with it, and this one not without: the others are ended first.
 */
export type MigrationKind = "expand" | "contract" | "alone";

export interface Migration {
  readonly kind: MigrationKind;
  /** One transaction. It keeps everybody from writing, so it touches no more rows than it must: others fill in by a job. */
  readonly sql: string;
}

/** An index that is made while others write. PostgreSQL's alone; in SQLite a service has its tables for itself. */
export interface IndexMigration {
  readonly kind: "expand";
  readonly index: string;
  /** What follows `CREATE INDEX CONCURRENTLY NAME`. */
  readonly on: string;
}

type Kinds = readonly Pick<Migration, "kind">[];

/** The earliest version whose programs can work on tables of this one. */
export function compatibleSince(migrations: Kinds, version: number): number {
  return migrations.slice(0, version).findLastIndex(({ kind }) => kind !== "expand") + 1;
}

/** The version that a program with these migrations cannot work without: what only takes away may wait. */
export function neededVersion(migrations: Kinds): number {
  return migrations.findLastIndex(({ kind }) => kind !== "contract") + 1;
}

/** Services of earlier versions use the tables, and could not any more. */
export class OlderServices extends Error {
  /** @param count how many there are @param version what the tables would have afterwards */
  constructor(count: number, version: number) {
    super(
      `${count} services of earlier versions use the tables, and could not work with their version ${version}.`,
    );
  }
}
