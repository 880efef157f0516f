/** What happens to several services, their database, their store and what stands in front, over some minutes. */
import { setTimeout as wait } from "node:timers/promises";
import type { PostgresCluster } from "#evidence-service/testing/postgres-cluster.ts";
import type { ObjectStore } from "../conformance/object-store.ts";
import type { Front } from "./front.ts";
import type { SeveralServices } from "./several-services.ts";

const KILL_EVERY_MS = 20_000;
const GONE_FOR_MS = 2_000;
/** A service that does not start for so long never does. */
const STARTED_WITHIN_MS = 120_000;

export interface Disturbed {
  readonly all: SeveralServices<Front>;
  readonly cluster: PostgresCluster;
  readonly store: ObjectStore;
  /** How long all of it lasts. */
  readonly seconds: number;
  /** Is told each thing when it happens. */
  readonly say: (line: string) => void;
}

export class Disturbances {
  /** What happened, and when. */
  readonly told: string[] = [];
  kills = 0;
  readonly #disturbed: Disturbed;
  readonly #beganMs = performance.now();

  constructor(disturbed: Disturbed) {
    this.#disturbed = disturbed;
  }

  async run(): Promise<void> {
    const { all, cluster, store, seconds } = this.#disturbed;
    const totalMs = seconds * 1_000;
    await Promise.all([
      this.#killAgainAndAgain(totalMs),
      this.#at(totalMs / 4, "PostgreSQL is restarted", () => cluster.restart()),
      this.#at(totalMs / 2, "the bucket is away for a tenth of the time", async () => {
        await store.stopProgram();
        await wait(totalMs / 10);
        await store.startProgram();
      }),
      this.#at((totalMs * 3) / 4, `${all.front.name} in front is away for two seconds`, async () => {
        await all.front.goAway();
        await wait(GONE_FOR_MS);
        await all.passToAll();
      }),
    ]);
  }

  async #at(ms: number, what: string, disturb: () => Promise<void>): Promise<void> {
    await wait(ms);
    this.#tell(what);
    await disturb();
  }

  async #killAgainAndAgain(totalMs: number): Promise<void> {
    const { services } = this.#disturbed.all;
    const every = Math.min(KILL_EVERY_MS, totalMs / 5);
    for (;;) {
      // One that takes long to come back does not put the others off.
      const untilNextMs = every - ((performance.now() - this.#beganMs) % every);
      if (performance.now() - this.#beganMs + untilNextMs >= totalMs) return;
      await wait(untilNextMs);
      const index = Math.floor(Math.random() * services.length);
      this.#tell(`service ${index + 1} is killed`);
      await services[index]?.kill();
      this.kills += 1;
      await wait(GONE_FOR_MS);
      await this.#restarted(index);
    }
  }

  /** As systemd does it: again and again, where the database is away. @throws Error where it never starts */
  async #restarted(index: number): Promise<void> {
    const until = performance.now() + STARTED_WITHIN_MS;
    for (;;) {
      try {
        await this.#disturbed.all.services[index]?.restart();
        return;
      } catch (error) {
        if (performance.now() >= until) throw error;
        this.#tell(`service ${index + 1} does not start yet`);
        await wait(GONE_FOR_MS);
      }
    }
  }

  #tell(what: string): void {
    this.told.push(`${Math.round((performance.now() - this.#beganMs) / 1_000)} s: ${what}`);
    this.#disturbed.say(what);
  }
}
