import { clientSettings, type PostgresPlace } from "./postgres-place.ts";
import { asMetadataError } from "./postgres-errors.ts";
import { WatchedClient } from "./watched-client.ts";

/** Asks as a service does with each new connection. @throws MetadataUnreachable also where the database takes no changes */
export async function insistOnPostgresChanges(place: PostgresPlace): Promise<void> {
  const client = new WatchedClient(clientSettings(place));
  try {
    await client.connect();
  } catch (error) {
    throw asMetadataError(error);
  } finally {
    await client.end().catch(() => undefined); // It never began, or is gone.
  }
}
