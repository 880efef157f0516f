import { z } from "zod";
import { FOR_OTHERS_TOO, writeWholeNow } from "#runtime/files/whole-file.ts";
import { failed, type Outcome, succeeded } from "#shared/domain/failure.ts";
import { proxyUrlOf, splitProxy, withLogOn } from "../proxy/proxy-address.ts";
import { isLoopback, type ProxyFor } from "../proxy/proxy-choice.ts";
import { type Authority, readAuthorityFile } from "../trust/authority-file.ts";
import { unsealOrNull } from "./kept-accounts.ts";
import type { SecretBox } from "./secret-box.ts";
import type { SettingsStore } from "./settings-store.ts";

const SETTING = "network";

const authoritySchema = z.object({
  fingerprint: z.string(),
  pem: z.string(),
  subject: z.string(),
  issuer: z.string(),
  validFromUtcMs: z.number(),
  validToUtcMs: z.number(),
});
const networkSettingsSchema = z.object({
  authorities: z.array(authoritySchema),
  /** Origin of a proxy that was chosen here; null for the environment's or the system's. */
  proxyAddress: z.string().nullable(),
  proxyUser: z.string(),
  /** null: none. */
  sealedProxyPassword: z.string().nullable(),
});
type Network = z.infer<typeof networkSettingsSchema>;

const UNTOUCHED: Network = {
  authorities: [],
  proxyAddress: null,
  proxyUser: "",
  sealedProxyPassword: null,
};

/** What an administrator enters of a proxy. */
export interface ProxyEntry {
  /** As typed, perhaps with user and password in it; empty for the environment's or the system's. */
  readonly address: string;
  readonly user: string;
  /** null: the one that is kept stays. */
  readonly password: string | null;
}

export interface NetworkParts {
  readonly settings: SettingsStore;
  readonly secrets: SecretBox;
  /** Where the added authorities are written for programs beside the console. */
  readonly authorityFile: string;
  /** The proxy where none is chosen here. */
  readonly otherwise: ProxyFor;
  /** What is reached is reached anew from now on. */
  readonly onChange: () => void;
}

/** How the console reaches others: whose certificates it trusts, and which proxy it logs on to. */
export class NetworkSettings {
  readonly #settings: SettingsStore;
  readonly #secrets: SecretBox;
  readonly #authorityFile: string;
  readonly #otherwise: ProxyFor;
  readonly #onChange: () => void;
  #network: Network;

  constructor({ settings, secrets, authorityFile, otherwise, onChange }: NetworkParts) {
    this.#settings = settings;
    this.#secrets = secrets;
    this.#authorityFile = authorityFile;
    this.#otherwise = otherwise;
    this.#onChange = onChange;
    this.#network = settings.read(SETTING, networkSettingsSchema, UNTOUCHED);
    this.#writeAuthorityFile();
  }

  get authorities(): readonly Authority[] {
    return this.#network.authorities;
  }

  /** Without the password. */
  get proxy() {
    const { proxyAddress: address, proxyUser: user, sealedProxyPassword } = this.#network;
    return { address, user, hasPassword: sealedProxyPassword !== null };
  }

  /** With the log-on, for whoever connects. */
  readonly proxyFor: ProxyFor = async (url) => {
    const { proxyAddress, proxyUser, sealedProxyPassword: sealed } = this.#network;
    const chosen = proxyAddress !== null && !isLoopback(new URL(url).hostname) ? proxyAddress : null;
    const proxy = chosen ?? (await this.#otherwise(url));
    if (proxy === null || proxyUser === "") return proxy;
    return withLogOn(proxy, proxyUser, sealed === null ? "" : (unsealOrNull(this.#secrets, sealed) ?? ""));
  };

  /** @returns what `readAuthorityFile` refuses; nothing is added then */
  addAuthorities(bytes: Uint8Array, nowUtcMs: number): Outcome<void> {
    const read = readAuthorityFile(bytes, nowUtcMs);
    if (!read.ok) return read;
    const added = new Set(read.value.map(({ fingerprint }) => fingerprint));
    const others = this.authorities.filter(({ fingerprint }) => !added.has(fingerprint));
    this.#save({ ...this.#network, authorities: [...others, ...read.value] });
    return succeeded(undefined);
  }

  removeAuthority(fingerprint: string): void {
    const authorities = this.#network.authorities.filter((one) => one.fingerprint !== fingerprint);
    this.#save({ ...this.#network, authorities });
  }

  /** @returns PROXY_ADDRESS_INVALID */
  useProxy(entry: ProxyEntry): Outcome<void> {
    const { address, user, password } = entry;
    const url = address.trim() === "" ? null : proxyUrlOf(address);
    if (address.trim() !== "" && url === null) return ADDRESS_INVALID;
    const written = url === null ? null : splitProxy(url);
    const hasLogOn = written !== null && written.user !== "";
    const logOn = hasLogOn ? { user: written.user, password: written.password } : { user, password };
    this.#save({
      ...this.#network,
      proxyAddress: written === null ? null : written.origin,
      proxyUser: logOn.user,
      sealedProxyPassword: this.#sealedPassword(logOn.user, logOn.password),
    });
    return succeeded(undefined);
  }

  #sealedPassword(user: string, password: string | null): string | null {
    if (user === "") return null;
    return password === null ? this.#network.sealedProxyPassword : this.#secrets.seal(password);
  }

  #save(network: Network): void {
    this.#settings.write(SETTING, network);
    this.#network = network;
    this.#writeAuthorityFile();
    this.#onChange();
  }

  /** Whole or not at all: another program may be reading it. */
  #writeAuthorityFile(): void {
    writeWholeNow(this.#authorityFile, this.authorities.map(({ pem }) => pem).join(""), FOR_OTHERS_TOO);
  }
}

const ADDRESS_INVALID = failed("PROXY_ADDRESS_INVALID", "This is not the address of a proxy.");
