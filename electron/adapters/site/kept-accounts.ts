import { z } from "zod";
import { type Connection, parseConnectionFile } from "../clearance-client/connection.ts";
import type { SecretBox } from "./secret-box.ts";
import type { SettingsStore } from "./settings-store.ts";

const SETTING = "kept-accounts";

const keptAccountsSchema = z.array(
  z.object({ accountId: z.string(), name: z.string(), sealedConnectionFile: z.string() }),
);
type KeptAccount = z.infer<typeof keptAccountsSchema>[number];

/** Accounts that are not the destination any more and whose exports have not ended; sealed, and no longer than that. */
export class KeptAccounts {
  readonly #settings: SettingsStore;
  readonly #secrets: SecretBox;
  #accounts: readonly KeptAccount[];

  constructor(settings: SettingsStore, secrets: SecretBox) {
    this.#settings = settings;
    this.#secrets = secrets;
    this.#accounts = settings.read(SETTING, keptAccountsSchema, []);
  }

  all(): readonly KeptAccount[] {
    return this.#accounts;
  }

  keep(account: KeptAccount): void {
    this.#save([...this.#without(account.accountId), account]);
  }

  /** @returns null when it is not kept, or cannot be unsealed here */
  open(accountId: string): Connection | null {
    const kept = this.all().find((one) => one.accountId === accountId);
    if (kept === undefined) return null;
    const json = unsealOrNull(this.#secrets, kept.sealedConnectionFile);
    const parsed = json === null ? null : parseConnectionFile(json);
    return parsed?.ok === true ? parsed.value : null;
  }

  /** @returns the ids of those that are forgotten now; where the disk does not take it, another time */
  keepOnly(accountIds: ReadonlySet<string>): string[] {
    const all = this.all();
    const kept = all.filter(({ accountId }) => accountIds.has(accountId));
    if (kept.length === all.length || !this.#settings.remember(SETTING, kept)) return [];
    this.#accounts = kept;
    return all.filter((one) => !kept.includes(one)).map(({ accountId }) => accountId);
  }

  forget(accountId: string): void {
    if (this.all().some((one) => one.accountId === accountId)) this.#save(this.#without(accountId));
  }

  #without(accountId: string): KeptAccount[] {
    return this.all().filter((one) => one.accountId !== accountId);
  }

  #save(accounts: readonly KeptAccount[]): void {
    this.#settings.write(SETTING, accounts);
    this.#accounts = accounts;
  }
}

/** A keyring that lost its key must not keep the console from starting: what it sealed is imported or entered again. */
export function unsealOrNull(secrets: SecretBox, sealed: string): string | null {
  try {
    return secrets.open(sealed);
  } catch (error) {
    console.error(
      "What was sealed on this computer cannot be unsealed any more. It has to be imported or entered again.",
      error,
    );
    return null;
  }
}
