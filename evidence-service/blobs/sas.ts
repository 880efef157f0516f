/**
 * Shared access signatures in Azure's shape (service SAS of one blob, version 2020-12-06 and later),
 * signed with this service's own secret. Source of the string to sign: Azure Storage REST
 * reference, "Create a service SAS".
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { BlobError } from "./blob-error.ts";

const SAS_VERSION = "2022-11-02";
/** First part of the path: what an IP-style address has instead of an account's host name. */
export const BLOB_ACCOUNT = "blobs";

export interface BlobAddress {
  readonly container: string;
  readonly blobName: string;
}

/** The signed fields in the order of the string to sign, after permissions, start, expiry and resource. */
const TRAILING_FIELDS = [
  "si",
  "sip",
  "spr",
  "sv",
  "sr",
  "snapshot",
  "ses",
  "rscc",
  "rscd",
  "rsce",
  "rscl",
  "rsct",
];

function signature(address: BlobAddress, query: ReadonlyMap<string, string>, secret: Uint8Array): string {
  const field = (name: string): string => query.get(name) ?? "";
  const resource = `/blob/${BLOB_ACCOUNT}/${address.container}/${address.blobName}`;
  const lines = [field("sp"), field("st"), field("se"), resource, ...TRAILING_FIELDS.map(field)];
  return createHmac("sha256", secret).update(lines.join("\n"), "utf8").digest("base64");
}

/** What an address lets do: upload the blob and see how far that is, or read its bytes; never both. */
export type BlobPermissions = "cw" | "r";

/** The account whose address it is, as `service:ID`; null of an address that names none. */
export function accountOfSas(query: ReadonlyMap<string, string>): string | null {
  const field = query.get(CLIENT_FIELD) ?? "";
  return field.startsWith(ACCOUNT_PREFIX) ? field.slice(ACCOUNT_PREFIX.length) : null;
}

/** Whose address it is, as far as that can be told: of an address without a client, the address itself. */
export function clientOfSas(query: ReadonlyMap<string, string>): string {
  return query.get(CLIENT_FIELD) ?? query.get("sig") ?? "";
}

/** Azure's name of a stored access policy, of which there are none here: signed, and passed on by every client. */
const CLIENT_FIELD = "si";
/** Addresses of earlier versions name their client by another sign. */
const ACCOUNT_PREFIX = "account-";

/** What a client may do, and for how long. */
export interface SasGrant {
  readonly permissions: BlobPermissions;
  /** When it stops working; whole seconds count. */
  readonly expiresUtcMs: number;
  /** Whose address it is. */
  readonly client: string;
}

/** A query string that allows one thing with one blob. */
export function blobSas(
  address: BlobAddress,
  { permissions, expiresUtcMs, client }: SasGrant,
  secret: Uint8Array,
): string {
  const query = new Map([
    ["sv", SAS_VERSION],
    ["sr", "b"],
    ["sp", permissions],
    ["se", new Date(expiresUtcMs).toISOString().replace(/\.\d+Z$/, "Z")],
    [CLIENT_FIELD, ACCOUNT_PREFIX + client],
  ]);
  query.set("sig", signature(address, query, secret));
  return new URLSearchParams([...query]).toString();
}

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/**
 * Checks a request's SAS; one of the needed permission letters has to be there, and one of the secrets has signed it.
 * @throws BlobError AuthenticationFailed (bad or expired signature), AuthorizationPermissionMismatch
 */
export function checkSas(
  address: BlobAddress,
  query: ReadonlyMap<string, string>,
  {
    needed,
    secrets,
    nowUtcMs,
  }: { readonly needed: string; readonly secrets: readonly Uint8Array[]; readonly nowUtcMs: number },
): void {
  const given = query.get("sig");
  if (given === undefined || query.get("sr") !== "b")
    throw refused("The address carries no signature of a blob.");
  const isSigned = secrets.some((secret) => sameText(given, signature(address, query, secret)));
  if (!isSigned) throw refused("The signature does not match.");
  const expires = Date.parse(query.get("se") ?? "");
  if (!(expires > nowUtcMs)) throw refused("The signature has expired.");
  const starts = query.get("st");
  if (starts !== undefined && !(Date.parse(starts) <= nowUtcMs))
    throw refused("The signature is not valid yet.");
  const permissions = query.get("sp") ?? "";
  if ([...needed].some((letter) => permissions.includes(letter))) return;
  throw new BlobError("AuthorizationPermissionMismatch", "The signature does not allow this operation.");
}

function refused(reason: string): BlobError {
  return new BlobError("AuthenticationFailed", reason);
}
