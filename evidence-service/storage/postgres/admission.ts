/** What a new connection has to show before anything is asked of it: that its database has what this process knows of. */
import type pg from "pg";
import type { TrailMark } from "../trail-mark.ts";
import { codeOf, isTableMissing } from "./postgres-errors.ts";

/** A connection, as far as it is asked. */
export type Connected = Pick<pg.Client, "query">;

/** Another server may have taken the place of the one before, and lack what that one had committed last. */
export async function compareTrail(client: Connected, mark: TrailMark): Promise<void> {
  const known = mark.latest;
  if (known === null) return;
  mark.compare(known, await hashOf(client, known.seq));
}

async function hashOf(client: Connected, seq: number): Promise<string | undefined> {
  try {
    const { rows } = await client.query<{ hash: string }>("SELECT hash FROM audit WHERE seq = $1", [seq]);
    return rows[0]?.hash;
  } catch (error) {
    if (isTableMissing(codeOf(error))) return undefined;
    throw error;
  }
}
