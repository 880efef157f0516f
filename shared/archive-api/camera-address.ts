import { secretPlaces } from "./secret-values.ts";

/** Stands in a shown address where a value is kept apart and sealed. */
export const HIDDEN_VALUE = "{hidden}";

/** A value in an address that is a secret by its name, e.g. `password=…`, or by where it stands, e.g. `/NAME:WORD`. */
export interface HiddenValue {
  readonly name: string;
  readonly value: string;
}

/** An address taken apart: what may be shown, and what may not. */
export interface SplitAddress {
  /** Without user name and password; secret values in it are replaced by `HIDDEN_VALUE`. */
  readonly url: string;
  /** Null where the address names none. */
  readonly user: string | null;
  readonly password: string | null;
  /** In the order of their places in `url`. */
  readonly hidden: readonly HiddenValue[];
}

const SCHEME = /^rtsps?:\/\//i;
const HOST = /^(?:\[[\da-f:.%]+\]|[\p{L}\p{N}._-]+)(?::\d{1,5})?(?=[/?#]|$)/iu;
/** Hosts need not be told from user names here: what stands before the first slash and ends in a number is no password. */
const HOST_AND_PORT = /^(?:\[[^\]]*\]|[^:]*)(?::\d{0,5})?$/;

/**
 * Takes user name, password and values that are secret by their name out of an RTSP address. What stands for
 * the password may hold any character, also those that an address should have written as `%40`.
 * @returns null where the text is no RTSP address; "unclear" where an @ could belong to the password or to the path
 */
export function splitAddress(text: string): SplitAddress | "unclear" | null {
  const scheme = SCHEME.exec(text)?.[0];
  if (scheme === undefined) return null;
  const end = endOfCredentials(text.slice(scheme.length));
  if (end === "unclear") return end;
  return taken(scheme.toLowerCase(), text.slice(scheme.length), end);
}

/** As `splitAddress`, for addresses of older archives: where it is unclear, as ffmpeg understood it. */
export function splitKnownAddress(text: string): SplitAddress | null {
  const split = splitAddress(text);
  if (split !== "unclear") return split;
  const [scheme = ""] = SCHEME.exec(text) ?? [];
  const rest = text.slice(scheme.length);
  return taken(scheme.toLowerCase(), rest, rest.slice(0, authorityEnd(rest)).lastIndexOf("@"));
}

/** Puts sealed values back into their places. Null where the address has a place without a value. */
export function withHiddenValues(url: string, hidden: readonly HiddenValue[]): string | null {
  const left = [...hidden];
  let isWhole = true;
  const filled = withValues(url, (name, value) => {
    if (value !== HIDDEN_VALUE) return value;
    const at = left.findIndex((known) => known.name === name);
    const [known] = at < 0 ? [] : left.splice(at, 1);
    isWhole &&= known !== undefined;
    return known?.value ?? "";
  });
  return isWhole && !filled.includes(HIDDEN_VALUE) ? filled : null;
}

/** Names of the places in a shown address in which a value is hidden. */
export function hiddenNames(url: string): string[] {
  const names: string[] = [];
  withValues(url, (name, value) => {
    if (value === HIDDEN_VALUE) names.push(name);
    return value;
  });
  return names;
}

/** Host and port as the address writes them, lower case. */
export function hostOf(url: string): string {
  const rest = url.replace(SCHEME, "");
  return (HOST.exec(rest)?.[0] ?? "").toLowerCase();
}

function taken(scheme: string, rest: string, credentialsEnd: number): SplitAddress | null {
  const place = rest.slice(credentialsEnd + 1);
  const host = HOST.exec(place)?.[0];
  if (host === undefined) return null;
  const hidden: HiddenValue[] = [];
  const url = withValues(scheme + place, (name, value) => {
    if (value === HIDDEN_VALUE || value === "") return value;
    hidden.push({ name, value });
    return HIDDEN_VALUE;
  });
  return { url, ...credentialsOf(rest.slice(0, Math.max(credentialsEnd, 0))), hidden };
}

/** An address without log-on, in which each secret value is put anew. */
function withValues(url: string, valueOf: (name: string, value: string) => string): string {
  const rest = url.replace(SCHEME, "");
  const pathStart = url.length - rest.length + (HOST.exec(rest)?.[0].length ?? 0);
  const path = url.slice(pathStart);
  let at = 0;
  const parts = secretPlaces(path).map(({ name, start, end }) => {
    const part = path.slice(at, start) + valueOf(name, path.slice(start, end));
    at = end;
    return part;
  });
  return url.slice(0, pathStart) + parts.join("") + path.slice(at);
}

function credentialsOf(text: string): Pick<SplitAddress, "user" | "password"> {
  if (text === "") return { user: null, password: null };
  const colon = text.indexOf(":");
  if (colon < 0) return { user: decoded(text), password: null };
  return { user: decoded(text.slice(0, colon)), password: decoded(text.slice(colon + 1)) };
}

/** Index of the @ behind the credentials, -1 where there are none. */
function endOfCredentials(rest: string): number | "unclear" {
  const end = authorityEnd(rest);
  const inAuthority = rest.slice(0, end).lastIndexOf("@");
  const lastAt = lastAtBeforeHost(rest);
  if (lastAt < end) return inAuthority;
  // Not even within `?name=value`: all of that may be the password's.
  if (inAuthority >= 0) return "unclear";
  const authority = rest.slice(0, end);
  if (!authority.includes(":") || authority.startsWith("[")) return -1;
  if (!HOST_AND_PORT.test(authority)) return lastAt;
  return isInQuery(rest, end, lastAt) ? -1 : "unclear";
}

function authorityEnd(rest: string): number {
  const end = rest.search(/[/?#]/);
  return end < 0 ? rest.length : end;
}

function lastAtBeforeHost(rest: string): number {
  for (let at = rest.lastIndexOf("@"); at > 0; at = rest.lastIndexOf("@", at - 1)) {
    if (HOST.test(rest.slice(at + 1))) return at;
  }
  return rest.startsWith("@") ? 0 : -1;
}

/** An @ within `?name=value` belongs to the value. */
function isInQuery(rest: string, from: number, at: number): boolean {
  const query = rest.indexOf("?", from);
  return query >= 0 && query < at && rest.slice(query, at).includes("=");
}

/** A text that is no proper percent-encoding stands for itself. */
function decoded(text: string): string {
  try {
    return /%(?![\da-f]{2})/i.test(text) ? text : decodeURIComponent(text);
  } catch {
    return text;
  }
}
