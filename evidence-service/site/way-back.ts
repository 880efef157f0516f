/** How long the way back to an earlier version stays open: what that one needs is taken away only afterwards. */
import { bringForward, type PostgresMigration } from "../storage/postgres/bring-forward.ts";
import { POSTGRES_MIGRATIONS } from "../storage/postgres/postgres-schema.ts";
import type { MetadataPlace } from "./metadata-place.ts";

/** An administrator looks at the new version for a day before the old one is given up. */
const OPEN_FOR_MS = 24 * 3_600_000;

export class WayBack {
  readonly #place: MetadataPlace;
  readonly #passedMs: () => number;
  readonly #migrations: readonly PostgresMigration[];
  /** Since when this service has seen none of an earlier version. */
  #aloneSinceMs: number | null = null;

  /** @param passedMs milliseconds that nobody can set */
  constructor(
    place: MetadataPlace,
    passedMs: () => number,
    migrations: readonly PostgresMigration[] = POSTGRES_MIGRATIONS,
  ) {
    this.#place = place;
    this.#passedMs = passedMs;
    this.#migrations = migrations;
  }

  /** To be called every few minutes. @throws MetadataUnreachable */
  async look(): Promise<void> {
    if (this.#place.kind === "sqlite") return;
    const nowMs = this.#passedMs();
    const isOver = this.#aloneSinceMs !== null && nowMs - this.#aloneSinceMs >= OPEN_FOR_MS;
    const { older } = await bringForward(this.#place, this.#migrations, isOver);
    this.#aloneSinceMs = older > 0 ? null : (this.#aloneSinceMs ?? nowMs);
  }
}
