import { failed, type Failure, type Outcome, succeeded } from "#shared/domain/failure.ts";
import { ClearanceHttp } from "../clearance-client/clearance-http.ts";
import { clearancePaths } from "../clearance-client/clearance-paths.ts";
import { type Connection, parseConnectionFile } from "../clearance-client/connection.ts";
import { publicKeyAnswerSchema } from "#shared/clearance-api/encryption.ts";
import { DIRECT, type ProxyFor } from "../clearance-client/proxy-choice.ts";
import type { SecretBox } from "./secret-box.ts";
import type { SettingsStore } from "./settings-store.ts";

/** What a test of the destination found. */
export type DestinationCheck =
  | { readonly reachable: true; readonly encryptionProtocol: "1.0" | "2.0" }
  | { readonly reachable: false; readonly problem: Failure };

/** Which account evidence goes to now: the embedded service's or an imported one (S20). */
export class DestinationAccount {
  readonly #settings: SettingsStore;
  readonly #secrets: SecretBox;
  readonly #proxyFor: ProxyFor;
  #embedded: Connection | null = null;
  #http: ClearanceHttp | null = null;

  constructor(settings: SettingsStore, secrets: SecretBox, proxyFor: ProxyFor = DIRECT) {
    this.#proxyFor = proxyFor;
    this.#settings = settings;
    this.#secrets = secrets;
    this.#reopen();
  }

  get kind(): "none" | "embedded" | "imported" {
    return this.#settings.destination().destination.kind;
  }

  /** Null without a destination, and until the embedded service has started. */
  current(): ClearanceHttp | null {
    return this.#http;
  }

  embeddedIsAt(connection: Connection): void {
    this.#embedded = connection;
    this.#reopen();
  }

  /** @returns CONNECTION_FILE_INVALID; nothing changes then */
  importConnectionFile(json: string): Outcome<void> {
    const parsed = parseConnectionFile(json);
    if (!parsed.ok) return parsed;
    const sealedConnectionFile = this.#secrets.seal(json);
    const settings = this.#settings.destination();
    this.#settings.saveDestination({ ...settings, destination: { kind: "imported", sealedConnectionFile } });
    this.#reopen();
    return succeeded(undefined);
  }

  useEmbedded(): void {
    this.#settings.saveDestination({ ...this.#settings.destination(), destination: { kind: "embedded" } });
    this.#reopen();
  }

  /** Asks the service for a token and its key, now. */
  async check(): Promise<DestinationCheck> {
    const http = this.#http;
    if (http === null) {
      return {
        reachable: false,
        problem: failed("DESTINATION_NOT_CONFIGURED", "There is no destination yet.").error,
      };
    }
    const call = { signal: AbortSignal.timeout(CHECK_TIMEOUT_MS) };
    const key = await http.get(clearancePaths(http.connection).publicKey, publicKeyAnswerSchema, call);
    if (!key.ok) return { reachable: false, problem: plain(key.error) };
    return {
      reachable: true,
      encryptionProtocol: key.value.EncryptionProtocols?.includes("2.0") === true ? "2.0" : "1.0",
    };
  }

  /** A keyring that lost its key must not keep the console from starting: the file is imported again. */
  #opened(sealed: string): string | null {
    try {
      return this.#secrets.open(sealed);
    } catch (error) {
      console.error("The imported connection file cannot be unsealed. Import it again.", error);
      return null;
    }
  }

  #reopen(): void {
    const { destination } = this.#settings.destination();
    switch (destination.kind) {
      case "none":
        this.#http = null;
        break;
      case "embedded":
        this.#http = this.#embedded && new ClearanceHttp(this.#embedded, this.#proxyFor);
        break;
      case "imported": {
        const json = this.#opened(destination.sealedConnectionFile);
        const parsed = json === null ? null : parseConnectionFile(json);
        this.#http = parsed?.ok === true ? new ClearanceHttp(parsed.value, this.#proxyFor) : null;
        break;
      }
    }
  }
}

const CHECK_TIMEOUT_MS = 8_000;

function plain(failure: Failure): Failure {
  return { code: failure.code, message: failure.message, action: failure.action };
}
