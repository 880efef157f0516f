import type { AdvisedCode } from "#shared/domain/failure-codes.ts";
import type { ClockDifference } from "#shared/domain/clock-difference.ts";
import type { ExportAccount } from "#shared/domain/export-status.ts";
import { failed, type Failure, type Outcome } from "#shared/domain/failure.ts";
import { portFailed, type PortOutcome } from "../../export-pipeline/ports/port-call.ts";
import { tryAccount, type TriedAccount } from "../clearance-client/account-trial.ts";
import { ClearanceHttp } from "../clearance-client/clearance-http.ts";
import { type Connection, parseConnectionFile } from "../clearance-client/connection.ts";
import { measureServiceClock } from "../clearance-client/service-clock.ts";
import { DIRECT, type ProxyFor } from "../proxy/proxy-choice.ts";
import { KeptAccounts, unsealOrNull } from "./kept-accounts.ts";
import type { SecretBox } from "./secret-box.ts";
import type { SettingsStore } from "./settings-store.ts";

/** What a test of the destination found. */
export type DestinationCheck =
  ({ readonly reachable: true } & TriedAccount) | { readonly reachable: false; readonly problem: Failure };

/** The service beside the console is one account, wherever it listens. */
const EMBEDDED_ACCOUNT: ExportAccount = {
  accountId: "embedded",
  name: "Embedded evidence service",
  webAddress: null,
};

/** A connection file that was read; nothing is changed by it yet. */
export interface ReadConnectionFile {
  readonly json: string;
  readonly connection: Connection;
  readonly identity: ExportAccount;
}

/**
 * Which account evidence goes to now: the embedded service's or an imported one. And earlier ones that
 * exports were made for which have not ended: an export stays with its account.
 */
export class DestinationAccount {
  readonly embedded = EMBEDDED_ACCOUNT;
  readonly #settings: SettingsStore;
  readonly #secrets: SecretBox;
  readonly #kept: KeptAccounts;
  readonly #proxyFor: ProxyFor;
  readonly #opened = new Map<string, ClearanceHttp>();
  #embedded: ClearanceHttp | null = null;
  #onEmbedded = (): void => undefined;
  #imported: ClearanceHttp | null = null;

  constructor(settings: SettingsStore, secrets: SecretBox, proxyFor: ProxyFor = DIRECT) {
    this.#proxyFor = proxyFor;
    this.#settings = settings;
    this.#secrets = secrets;
    this.#kept = new KeptAccounts(settings, secrets);
    this.#openImported();
  }

  get kind(): "none" | "embedded" | "imported" {
    return this.#settings.destination().destination.kind;
  }

  /** Null without a destination, and until the embedded service has started. */
  current(): ClearanceHttp | null {
    return this.kind === "embedded" ? this.#embedded : this.#imported;
  }

  /** The account that exports are made for now. */
  identity(): ExportAccount | null {
    const { destination } = this.#settings.destination();
    switch (destination.kind) {
      case "none":
        return null;
      case "embedded":
        return EMBEDDED_ACCOUNT;
      case "imported":
        return this.#imported === null ? destination.account : identityOf(this.#imported.connection);
    }
  }

  /** The account that an export was made for; null where it is not there, or not any more. */
  of(account: ExportAccount | null): ClearanceHttp | null {
    if (account === null || account.accountId === this.identity()?.accountId) return this.current();
    if (account.accountId === EMBEDDED_ACCOUNT.accountId) return this.#embedded;
    const opened = this.#opened.get(account.accountId) ?? this.#open(account.accountId);
    if (opened !== null) this.#opened.set(account.accountId, opened);
    return opened;
  }

  /** Why the account that an export was made for is not there now; each of these is waited for. */
  whyAway(account: ExportAccount | null): PortOutcome<never> {
    if (account !== null && account.accountId === EMBEDDED_ACCOUNT.accountId)
      return portFailed("transient", EMBEDDED_STARTING);
    if (account === null || account.accountId === this.identity()?.accountId)
      return portFailed("transient", this.#absence());
    return portFailed("transient", {
      code: "ACCOUNT_AWAY",
      message: `This export was made for another account, ${account.name}, which this console cannot use now.`,
    });
  }

  /** Names of the earlier accounts that are kept because exports need them. */
  keptNames(): string[] {
    return this.#kept.all().map(({ name }) => name);
  }

  embeddedIsAt(connection: Connection): void {
    this.#embedded = this.#httpOf({ ...connection, accountId: EMBEDDED_ACCOUNT.accountId });
    this.#onEmbedded();
  }

  /** @param listener told whenever the embedded service has said where it is: at the start, and after it was renewed */
  watchEmbedded(listener: () => void): void {
    this.#onEmbedded = listener;
  }

  /** @returns CONNECTION_FILE_INVALID with what is wrong with it. Nothing changes. */
  read(json: string): Outcome<ReadConnectionFile> {
    const parsed = parseConnectionFile(json);
    if (!parsed.ok) return parsed;
    return { ok: true, value: { json, connection: parsed.value, identity: identityOf(parsed.value) } };
  }

  /** What is trusted or which proxy is used has changed: new connections, of every account. */
  reconnect(): void {
    if (this.#embedded !== null) this.#embedded = this.#httpOf(this.#embedded.connection);
    this.#opened.clear();
    this.#openImported();
  }

  /** Asks the account of a file for what exports need. Nothing changes. */
  async tryOut({ connection }: ReadConnectionFile): Promise<Outcome<TriedAccount>> {
    return await tryAccount(this.#httpOf(connection));
  }

  async tryEmbedded(): Promise<Outcome<TriedAccount>> {
    return this.#embedded === null ? answerOf(EMBEDDED_STARTING) : await tryAccount(this.#embedded);
  }

  /** From now on exports are made for this account; earlier ones keep theirs. */
  adopt({ json, connection, identity: account }: ReadConnectionFile): void {
    this.#keepImported();
    const sealedConnectionFile = this.#secrets.seal(json);
    const settings = this.#settings.destination();
    this.#settings.saveDestination({
      ...settings,
      destination: { kind: "imported", sealedConnectionFile, account },
    });
    this.#kept.forget(connection.accountId);
    this.#opened.delete(connection.accountId);
    this.#openImported();
  }

  useEmbedded(): void {
    this.#keepImported();
    this.#settings.saveDestination({ ...this.#settings.destination(), destination: { kind: "embedded" } });
    this.#openImported();
  }

  /** Forgets the secrets of every earlier account that is not among these. */
  keepOnly(accountIds: ReadonlySet<string>): void {
    for (const forgotten of this.#kept.keepOnly(accountIds)) this.#opened.delete(forgotten);
  }

  /** Asks the service what time it is; without an answer, what is known of it counts. */
  async askTime(): Promise<ClockDifference | null> {
    const http = this.current();
    if (http === null) return null;
    const call = { signal: AbortSignal.timeout(TIME_TIMEOUT_MS) };
    const measured = await measureServiceClock(http.connection.tokens, call, http.fetch);
    if (measured === null) return http.time.difference();
    return { offsetMs: measured.offsetMs, uncertaintyMs: measured.uncertaintyMs };
  }

  /** Asks the service for what exports need, now. */
  async check(): Promise<DestinationCheck> {
    const http = this.current();
    if (http === null) return { reachable: false, problem: answerOf(this.#absence()).error };
    const tried = await tryAccount(http);
    return tried.ok ? { reachable: true, ...tried.value } : { reachable: false, problem: tried.error };
  }

  #absence(): Absence {
    if (this.kind === "embedded") return EMBEDDED_STARTING;
    return this.kind === "none" ? NO_DESTINATION : NOT_UNSEALED;
  }

  /** First of all: between this and the change of the destination it is there twice, never not at all. */
  #keepImported(): void {
    const { destination } = this.#settings.destination();
    const account = this.identity();
    if (destination.kind !== "imported" || account === null) return;
    const { accountId, name } = account;
    this.#kept.keep({ accountId, name, sealedConnectionFile: destination.sealedConnectionFile });
  }

  #open(accountId: string): ClearanceHttp | null {
    const connection = this.#kept.open(accountId);
    return connection === null ? null : this.#httpOf(connection);
  }

  #openImported(): void {
    const { destination } = this.#settings.destination();
    const json =
      destination.kind === "imported" ? unsealOrNull(this.#secrets, destination.sealedConnectionFile) : null;
    const parsed = json === null ? null : parseConnectionFile(json);
    this.#imported = parsed?.ok === true ? this.#httpOf(parsed.value) : null;
  }

  #httpOf(connection: Connection): ClearanceHttp {
    return new ClearanceHttp(connection, this.#proxyFor);
  }
}

const TIME_TIMEOUT_MS = 5_000;

/** Why there is no account now: an export waits for it, and a button is answered with it. */
type Absence = Pick<Failure, "message"> & { readonly code: AdvisedCode };

const EMBEDDED_STARTING: Absence = {
  code: "EMBEDDED_SERVICE_STARTING",
  message: "The embedded evidence service has not started yet.",
};
const NO_DESTINATION: Absence = {
  code: "DESTINATION_NOT_CONFIGURED",
  message: "There is no destination for evidence yet.",
};
const NOT_UNSEALED: Absence = {
  code: "ACCOUNT_NOT_READABLE",
  message: "The imported connection file cannot be unsealed on this computer any more.",
};

const answerOf = ({ code, message }: Absence) => failed(code, message);

function identityOf({ accountId, tenantId, api }: Connection): ExportAccount {
  const { host, origin } = new URL(api);
  return { accountId, name: `${tenantId} at ${host}`, webAddress: origin };
}
