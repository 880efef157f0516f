/**
 * Takes a new key into use while the service runs, in two steps. First each service holds it: the administrator has copied
 * `keys.json`, and each looks into its own. Then, once all hold it, one of them writes into the database that it is in
 * use, and each follows with its next look. So there is no moment at which one service cannot read what another wrote.
 */
import { appendAudit } from "../audit/audit-chain.ts";
import { REWRAP_CONTENT_KEYS } from "../jobs/job-kinds.ts";
import type { JobQueue } from "../jobs/job-queue.ts";
import type { KeyRing, RingKey } from "../site/key-ring.ts";
import { keyInUse, type KeyState, nameOfKey, readKeyState, writeKeyState } from "../site/key-state.ts";
import { changeKeys, withKept } from "../site/keys-file.ts";
import { KEY_KINDS, readServiceKeys, type RetiredKey, type ServiceKeys } from "../site/service-keys.ts";
import type { ServiceLocks } from "../site/service-locks.ts";
import { StartRefusal } from "../site/start-refusal.ts";
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";

export interface KeyUseParts {
  readonly db: Metadata;
  readonly keys: KeyRing;
  /** `keys.json`. */
  readonly file: string;
  readonly others: Pick<ServiceLocks, "tell" | "countWithout">;
  readonly now: () => number;
  readonly jobs: Pick<JobQueue, "add" | "wake">;
  readonly warn: (message: string) => void;
}

export type KeyWarning = "KEY_NOT_EVERYWHERE" | "KEY_NOT_HERE" | "KEYS_UNREADABLE";

const tellable = (key: RingKey): string => `key ${nameOfKey(key)}`;

export class KeyUse {
  readonly #parts: KeyUseParts;
  #state: KeyState | null = null;
  #retired: readonly RetiredKey[] = [];
  #warnings: ReadonlySet<KeyWarning> = new Set();

  private constructor(parts: KeyUseParts) {
    this.#parts = parts;
  }

  /**
   * Before anything is written, signed or wrapped.
   * @throws StartRefusal KEY_MISSING
   */
  static async start(parts: KeyUseParts): Promise<KeyUse> {
    const use = new KeyUse(parts);
    await use.#lookIntoFile();
    // Told before, and read after whoever takes a key into use just now: that one counted this service, or it is seen here.
    const state = await parts.db.transaction().execute((transaction) => readKeyState(transaction));
    const missing = use.#follow(state);
    if (missing.length === 0) return use;
    const detail = `The services of this database use ${missing.join(", ")}, and ${parts.file} does not have it.`;
    throw new StartRefusal("KEY_MISSING", detail);
  }

  /** As of the latest look. */
  get warnings(): readonly KeyWarning[] {
    return [...this.#warnings];
  }

  /** Of each kind the one in use, and since when; null where it is the first. As of the latest look. */
  get inUse(): readonly { readonly key: RingKey; readonly sinceUtcMs: number | null }[] {
    const { keys } = this.#parts;
    return KEY_KINDS.map((kind) => ({
      key: keys.current(kind),
      sinceUtcMs: this.#state?.current[kind]?.sinceUtcMs ?? null,
    }));
  }

  /** Holds what the file has, follows the database, and takes into use what all services hold. */
  async look(): Promise<void> {
    const warnings = new Set<KeyWarning>();
    if (!(await this.#lookIntoFile())) warnings.add("KEYS_UNREADABLE");
    const state = await readKeyState(this.#parts.db);
    if (this.#follow(state).length > 0) warnings.add("KEY_NOT_HERE");
    if (this.#hasNews(state) && !(await this.#takeIntoUse())) warnings.add("KEY_NOT_EVERYWHERE");
    this.#warnings = warnings;
  }

  /** @returns whether it can be read; what is held stays held otherwise */
  async #lookIntoFile(): Promise<boolean> {
    const { file, keys, others } = this.#parts;
    const read = await readServiceKeys(file);
    if (read === null || read.tenantId !== keys.tenantId) return false;
    const found = withKept(read, keys) === null ? read : await this.#putBack();
    keys.take(found);
    this.#retired = found.retiredKeys ?? [];
    await others.tell(keys.held().map(tellable));
    return true;
  }

  async #putBack(): Promise<ServiceKeys> {
    const { file, keys, warn } = this.#parts;
    warn(`${file} was replaced by one without keys that this service holds; they are put back into it`);
    return changeKeys(file, (present) => withKept(present, keys));
  }

  /** Uses what the database says. @returns what is not held */
  #follow(state: KeyState): string[] {
    this.#state = state;
    const { keys } = this.#parts;
    return KEY_KINDS.flatMap((kind) => {
      const keyId = keyInUse(state, kind);
      if (keyId === null) return [];
      keys.use(kind, keyId);
      return keys.find(kind, keyId) === undefined ? [nameOfKey({ kind, keyId })] : [];
    });
  }

  #hasNews(state: KeyState): boolean {
    return (
      this.#newer(state).length > 0 || this.#untold(state).length > 0 || this.#goneUntold(state).length > 0
    );
  }

  /** The newest of each kind, where it is newer than the one in use. */
  #newer(state: KeyState): RingKey[] {
    const { keys } = this.#parts;
    return KEY_KINDS.flatMap((kind) => {
      const inUse = keyInUse(state, kind);
      const all = keys.all(kind);
      const newest = keys.newest(kind);
      const at = inUse === null ? 0 : all.findIndex(({ keyId }) => keyId === inUse);
      return at === -1 || all.indexOf(newest) <= at ? [] : [newest];
    });
  }

  #untold(state: KeyState): RingKey[] {
    const later = this.#parts.keys.held().filter(({ madeUtc }) => madeUtc !== null);
    return later.filter((key) => !state.added.includes(nameOfKey(key)));
  }

  #goneUntold(state: KeyState): RetiredKey[] {
    return this.#retired.filter((key) => !state.retired.includes(nameOfKey(key)));
  }

  /** @returns whether nothing has to wait for another service */
  async #takeIntoUse(): Promise<boolean> {
    const { db, jobs } = this.#parts;
    const { state, isAll } = await db.transaction().execute(async (transaction) => {
      const before = await readKeyState(transaction);
      const told = await this.#tell(transaction, before);
      const after = await this.#use(transaction, told);
      if (JSON.stringify(after.state) !== JSON.stringify(before)) {
        await writeKeyState(transaction, after.state);
      }
      return after;
    });
    this.#follow(state);
    jobs.wake();
    return isAll;
  }

  async #tell(transaction: MetadataTransaction, state: KeyState): Promise<KeyState> {
    const [added, retired] = [this.#untold(state), this.#goneUntold(state)];
    for (const key of added) await this.#record(transaction, "KEY_ADDED", key);
    for (const key of retired) await this.#record(transaction, "KEY_RETIRED", key);
    return {
      ...state,
      added: [...state.added, ...added.map(nameOfKey)],
      retired: [...state.retired, ...retired.map(nameOfKey)],
    };
  }

  async #use(
    transaction: MetadataTransaction,
    before: KeyState,
  ): Promise<{ readonly state: KeyState; readonly isAll: boolean }> {
    const { others, now, jobs } = this.#parts;
    const current = { ...before.current };
    let isAll = true;
    for (const key of this.#newer(before)) {
      const { kind, keyId } = key;
      if ((await others.countWithout(tellable(key))) > 0) {
        isAll = false;
        continue;
      }
      await this.#record(transaction, "KEY_IN_USE", key, { before: keyInUse(before, kind) });
      current[kind] = { keyId, sinceUtcMs: now() };
      if (kind === "content") await jobs.add(transaction, [{ kind: REWRAP_CONTENT_KEYS, subject: keyId }]);
    }
    return { state: { ...before, current }, isAll };
  }

  async #record(
    transaction: MetadataTransaction,
    action: "KEY_ADDED" | "KEY_IN_USE" | "KEY_RETIRED",
    { kind, keyId }: { readonly kind: string; readonly keyId: string },
    detail: Readonly<Record<string, string | null>> = {},
  ): Promise<void> {
    const entry = { atUtcMs: this.#parts.now(), actor: "system", action, subject: keyId };
    await appendAudit(transaction, { ...entry, detail: { kind, ...detail } });
  }
}
