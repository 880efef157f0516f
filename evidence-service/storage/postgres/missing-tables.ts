/**
 * Tables that are gone under a running service: a statement alone does not say whether one was named wrongly or the schema
 * is no more. A new connection is asked for what the service knows of the audit trail, as each one is.
 */
import { MetadataWentBack } from "../metadata-unreachable.ts";
import type { TrailMark } from "../trail-mark.ts";
import { compareTrail, type Connected } from "./admission.ts";
import { codeOf, isTableMissing } from "./postgres-errors.ts";
import { clientSettings, HELD_UP, type PostgresPlace } from "./postgres-place.ts";
import { WatchedClient } from "./watched-client.ts";

export class MissingTables {
  readonly #mark: TrailMark;
  readonly #place: PostgresPlace;
  #looking: Promise<void> | null = null;

  constructor(mark: TrailMark, place: PostgresPlace) {
    this.#mark = mark;
    this.#place = place;
  }

  /** @returns MetadataWentBack where a statement failed because the tables are gone, else the error as it is */
  async explain(error: unknown): Promise<unknown> {
    if (!isTableMissing(codeOf(error)) || this.#mark.latest === null) return error;
    if (this.#mark.lost === null) {
      // One question for all who fail at once.
      this.#looking ??= this.#look().finally(() => (this.#looking = null));
      await this.#looking;
    }
    const { lost } = this.#mark;
    return lost === null ? error : new MetadataWentBack(lost.seq);
  }

  async #look(): Promise<void> {
    const admit = (client: Connected): Promise<void> => compareTrail(client, this.#mark);
    const client = new WatchedClient({ ...clientSettings(this.#place), ...HELD_UP, admit });
    try {
      await client.connect();
    } catch {
      // Who asked is told of its own error; every later connection is asked the same.
    } finally {
      await client.end().catch(() => undefined); // It never began, or is gone.
    }
  }
}
