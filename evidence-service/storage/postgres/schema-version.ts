/** Of which version the tables are, and which programs can work on them. */
import type pg from "pg";

export interface SchemaVersion {
  readonly version: number;
  /** The earliest version whose programs can work on it. */
  readonly compatibleSince: number;
}

type Asked = Pick<pg.Client, "query"> | Pick<pg.Pool, "query">;

/** @returns null where there are no tables; what a program from before there was compatibility made fits none but it */
export async function readVersion(client: Asked): Promise<SchemaVersion | null> {
  const { rows } = await client.query<{ version: number; compatibleSince?: number | null }>(
    `SELECT * FROM "schemaVersion"`,
  );
  const [row] = rows;
  if (row === undefined) return null;
  return { version: row.version, compatibleSince: row.compatibleSince ?? row.version };
}

/** Whether a program that knows this version can work with it, once it has brought forward what is earlier. */
export function fits({ version, compatibleSince }: SchemaVersion, known: number): boolean {
  return version <= known || compatibleSince <= known;
}
