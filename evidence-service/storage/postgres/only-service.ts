/** One service a schema, as long as what a service remembers is known to itself alone. */
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { explained } from "./postgres-errors.ts";
import { clientSettings, type PostgresPlace, schemaKey } from "./postgres-place.ts";

const TRY_EVERY_MS = 200;
const RECONNECT_EVERY_MS = 1_000;

export interface OnlyServiceParts {
  readonly place: PostgresPlace;
  /** How long a service that is just ending is waited for. */
  readonly patienceMs: number;
  /** While the database was away another service took the schema: this one must write nothing more. */
  readonly displaced: () => void;
}

/**
 * A connection has the schema for this process, and goes with it, however that ends. Where the connection is lost, the
 * schema is taken again once the database is back.
 */
export class OnlyService {
  readonly #parts: OnlyServiceParts;
  #client: pg.Client | null = null;
  #isReleased = false;

  private constructor(parts: OnlyServiceParts) {
    this.#parts = parts;
  }

  /**
   * @returns null while another service has the schema
   * @throws MetadataUnreachable
   */
  static async take(parts: OnlyServiceParts): Promise<OnlyService | null> {
    const only = new OnlyService(parts);
    return (await only.#take(parts.patienceMs)) ? only : null;
  }

  async release(): Promise<void> {
    this.#isReleased = true;
    await this.#client?.end();
  }

  async #take(patienceMs: number): Promise<boolean> {
    const client = new pg.Client(clientSettings(this.#parts.place));
    client.on("error", () => undefined); // Its end tells the same.
    try {
      await client.connect();
      const isTaken = await tryFor(client, patienceMs, schemaKey("only", this.#parts.place.schema));
      if (!isTaken) {
        await client.end();
        return false;
      }
    } catch (error) {
      await client.end().catch(() => undefined); // It never began, or is gone.
      throw explained(error);
    }
    this.#client = client;
    client.on("end", () => void this.#takeAgain());
    return true;
  }

  async #takeAgain(): Promise<void> {
    while (!this.#isReleased) {
      await wait(RECONNECT_EVERY_MS, undefined, { ref: false });
      try {
        if (!(await this.#take(this.#parts.patienceMs))) this.#parts.displaced();
        return;
      } catch {
        // The database is still away; whoever asks the service is told so.
      }
    }
  }
}

async function tryFor(client: pg.Client, patienceMs: number, key: number): Promise<boolean> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>("SELECT pg_try_advisory_lock($1) AS taken", [
      key,
    ]);
    if (rows[0]?.taken === true) return true;
    if (performance.now() >= until) return false;
    await wait(TRY_EVERY_MS);
  }
}
