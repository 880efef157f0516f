/**
 * A connection that is given up where the database does not answer any more, and is none to a database that takes no
 * changes: who waits for it is told, and the next one is made anew.
 */
import pg from "pg";
import { codeOf, READ_ONLY } from "./postgres-errors.ts";
import { isAnswering, isSilent, noteSilence, silence } from "./silence.ts";

const END_WITHIN_MS = 2_000;

export interface WatchedSettings extends pg.ClientConfig {
  /** From then on the database is asked whether it is there, again and again, and has twice as long to say so. */
  readonly suspectedAfterMs: number;
  /** Whether it only reads: then it may be a standby's. */
  readonly readsAlone?: boolean;
  /** How long an answer takes at most, where the server ends statements earlier; without it as long as it answers others. */
  readonly answersWithinMs?: number;
  /** Looks at a new connection before anything else is asked of it; throws where it is not to be used. */
  readonly admit?: (client: Pick<pg.Client, "query">) => Promise<void>;
}

const TAKES_NO_CHANGES = `SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' AS "readOnly"`;

const { query, end } = pg.Client.prototype as unknown as Record<"query" | "end", Asked>;

/** A method of the library's, in whichever of its forms. */
type Asked = (this: pg.Client, ...words: readonly unknown[]) => unknown;

class Watched extends pg.Client {
  readonly #settings: WatchedSettings;

  constructor(settings: WatchedSettings) {
    super(settings);
    this.#settings = settings;
    // Whoever uses it is told; its end tells the rest.
    this.on("error", () => undefined);
  }

  /** The library's pool gives a function, everybody else waits. */
  override connect(...[told]: unknown[]): never {
    const connected = this.#connect();
    if (typeof told !== "function") return connected as never;
    connected.then(
      () => told(null, this),
      (error: unknown) => told(error),
    );
    return undefined as never;
  }

  /** As the library's own, whichever of its forms. */
  override query(...asked: unknown[]): never {
    const settled = this.#watch();
    const told = asked.at(-1);
    if (typeof told !== "function") {
      const answer: unknown = query.call(this, ...asked);
      Promise.resolve(answer).then(() => settled(null), settled);
      return answer as never;
    }
    const tell = (error: unknown, ...said: unknown[]): void => {
      settled(error);
      told(error, ...said);
    };
    return query.call(this, ...asked.slice(0, -1), tell) as never;
  }

  /** A server that hangs says no goodbye. */
  override end(...told: unknown[]): never {
    const timer = setTimeout(() => this.connection.stream.destroy(), END_WITHIN_MS).unref();
    this.once("end", () => clearTimeout(timer));
    return end.call(this, ...told) as never;
  }

  async #connect(): Promise<void> {
    if (isSilent(this.#settings)) throw silence();
    const beganMs = performance.now();
    const { connectionTimeoutMillis = Infinity, readsAlone, admit } = this.#settings;
    try {
      await super.connect();
      if (readsAlone !== true) await this.#refuseReadOnly();
      await admit?.(this);
    } catch (error) {
      if (performance.now() - beganMs >= connectionTimeoutMillis) noteSilence(this.#settings);
      this.#breakOff(silence());
      throw error;
    }
  }

  /** As `target_session_attrs=read-write` of PostgreSQL's own programs. */
  async #refuseReadOnly(): Promise<void> {
    // It may hang between being connected and this.
    const settled = this.#watch();
    const asked = super.query<{ readOnly: boolean }>(TAKES_NO_CHANGES);
    const { rows } = await asked.finally(() => settled(null));
    if (rows[0]?.readOnly !== true) return;
    throw Object.assign(new Error("PostgreSQL takes no changes: it is a standby, or set so."), {
      code: READ_ONLY,
    });
  }

  /** @returns to be called with what went wrong, or null */
  #watch(): (error: unknown) => void {
    const { answersWithinMs = Infinity, suspectedAfterMs } = this.#settings;
    const beganMs = performance.now();
    const look = async (): Promise<void> => {
      const isOver = performance.now() - beganMs >= answersWithinMs;
      if (isOver || !(await isAnswering(this.#settings, 2 * suspectedAfterMs))) this.#breakOff(silence());
      else if (isWaiting) timer = later();
    };
    const later = (): NodeJS.Timeout => setTimeout(() => void look(), suspectedAfterMs).unref();
    let isWaiting = true;
    let timer = later();
    return (error) => {
      isWaiting = false;
      clearTimeout(timer);
      if (this.#settings.readsAlone !== true && codeOf(error) === READ_ONLY) this.#breakOff(silence());
    };
  }

  #breakOff(error: Error): void {
    this.connection.stream.destroy(error);
  }
}

/** To be used as the library's own. */
export const WatchedClient: new (settings: WatchedSettings) => pg.Client = Watched;

/** For the library's pool, which hands its own settings on to each. */
export const OF_POOLS: Pick<pg.PoolConfig, "Client"> = {
  Client: Watched as unknown as new () => pg.ClientBase,
};
