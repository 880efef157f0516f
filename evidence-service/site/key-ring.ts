/** The keys that a service holds: of each kind one that it uses, and all that it still reads or verifies with. */
import { createPrivateKey, createSecretKey, type KeyObject } from "node:crypto";
import { KEY_KINDS, type KeyKind, type PrivateJwk, type ServiceKeys } from "./service-keys.ts";

export interface RingKey {
  readonly kind: KeyKind;
  /** Unique among those of its kind. */
  readonly keyId: string;
  readonly jwk: PrivateJwk;
  /** Null for the first of its kind. */
  readonly madeUtc: string | null;
  /** The same object as long as the key is held. */
  readonly secret: KeyObject;
}

/** What a service's first secret for addresses is called, which was made without a name. */
export const FIRST_SECRET = "first";

export class KeyRing {
  readonly tenantId: string;
  readonly serviceAccount: ServiceKeys["serviceAccount"];
  #keys: readonly RingKey[];
  readonly #used = new Map<KeyKind, string>();

  constructor(keys: ServiceKeys) {
    this.tenantId = keys.tenantId;
    this.serviceAccount = keys.serviceAccount;
    this.#keys = keysIn(keys, []);
  }

  /** What is written, signed and wrapped with: the oldest until `use` says otherwise. */
  current(kind: KeyKind): RingKey {
    const used = this.find(kind, this.#used.get(kind) ?? "");
    const [oldest] = this.all(kind);
    const key = used ?? oldest;
    if (key === undefined) throw new Error(`There is no key of the kind ${kind}.`);
    return key;
  }

  /** Oldest first. */
  all(kind: KeyKind): readonly RingKey[] {
    return this.#keys.filter((key) => key.kind === kind);
  }

  newest(kind: KeyKind): RingKey {
    return this.all(kind).at(-1) ?? this.current(kind);
  }

  find(kind: KeyKind, keyId: string): RingKey | undefined {
    return this.#keys.find((key) => key.kind === kind && key.keyId === keyId);
  }

  /** From now on; one that is not held changes nothing. */
  use(kind: KeyKind, keyId: string): void {
    if (this.find(kind, keyId) !== undefined) this.#used.set(kind, keyId);
  }

  /** The bytes that sign addresses, those in use first. */
  addressSecrets(): readonly Buffer[] {
    const current = this.current("address");
    const others = this.all("address").filter((key) => key !== current);
    return [current, ...others].map(({ secret }) => secret.export());
  }

  /** Every one that is held. */
  held(): readonly RingKey[] {
    return this.#keys;
  }

  /** Holds what the file has from now on. */
  take(keys: ServiceKeys): void {
    this.#keys = keysIn(keys, this.#keys);
  }
}

const isKind = (kind: string): kind is KeyKind => KEY_KINDS.some((known) => known === kind);

function keysIn(keys: ServiceKeys, held: readonly RingKey[]): readonly RingKey[] {
  const { keyStoreKey, tokenKey, sasSecret, sasSecretId = FIRST_SECRET, auditKey, laterKeys = [] } = keys;
  const address = { kty: "oct", kid: sasSecretId, k: Buffer.from(sasSecret, "base64").toString("base64url") };
  const first = [
    { kind: "content", madeUtc: null, key: keyStoreKey },
    { kind: "token", madeUtc: null, key: tokenKey },
    { kind: "address", madeUtc: null, key: address },
    { kind: "audit", madeUtc: null, key: auditKey },
  ];
  return [...first, ...laterKeys.toSorted(byAge)].flatMap(({ kind, madeUtc, key: jwk }) => {
    if (!isKind(kind)) return [];
    const known = held.find((one) => one.kind === kind && one.keyId === jwk.kid);
    return [known ?? { kind, keyId: jwk.kid, jwk, madeUtc, secret: secretOf(jwk) }];
  });
}

type LaterKey = NonNullable<ServiceKeys["laterKeys"]>[number];

/** The same on every machine, also where two were made at once. */
function byAge(a: LaterKey, b: LaterKey): number {
  if (a.madeUtc !== b.madeUtc) return a.madeUtc < b.madeUtc ? -1 : 1;
  return a.key.kid < b.key.kid ? -1 : 1;
}

function secretOf(jwk: PrivateJwk): KeyObject {
  if (jwk.kty === "oct") return createSecretKey(String(jwk["k"]), "base64url");
  return createPrivateKey({ key: jwk, format: "jwk" });
}
