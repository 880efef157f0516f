/** A connection for one question, or a few that belong together. */
import type pg from "pg";
import { asMetadataError } from "./postgres-errors.ts";
import { clientSettings, HELD_UP, type PostgresPlace } from "./postgres-place.ts";
import { WatchedClient } from "./watched-client.ts";

/** @throws MetadataUnreachable, and what asking throws */
export async function askOnce<T>(place: PostgresPlace, ask: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new WatchedClient({ ...clientSettings(place), ...HELD_UP });
  try {
    await client.connect();
    return await ask(client);
  } catch (error) {
    throw asMetadataError(error);
  } finally {
    await client.end().catch(() => undefined); // It never began, or is gone.
  }
}
