import * as tls from "node:tls";

let added: readonly string[] = [];
/** What came with Node, the system's store, and the file of NODE_EXTRA_CA_CERTS: as they were when they were read. */
let known: readonly string[] | null = null;

/**
 * Whether this runtime can be told what to trust, as Node can from 24.5 on. One that cannot trusts what it came with,
 * and what NODE_EXTRA_CA_CERTS names where it reads that.
 */
export function canChooseTrust(): boolean {
  return typeof tls.setDefaultCACertificates === "function" && typeof tls.getCACertificates === "function";
}

/**
 * Makes every new TLS connection of this thread trust the system's authorities and these. Worker threads have a
 * store of their own each. Connections that are open stay.
 * @param pems of authorities that an administrator added
 */
export function trustAuthorities(pems: readonly string[]): void {
  added = pems;
  if (known !== null) apply(known);
}

/** PEM of each that an administrator added. */
export const addedAuthorities = (): readonly string[] => added;

/**
 * To be called before a TLS connection. Reading the system's store takes a tenth of a second and more, and a console
 * that sends to the service beside it needs none of it.
 * @param url nothing is done for one without TLS
 */
export function prepareTrust(url: string): void {
  if (known !== null || !url.startsWith("https:") || !canChooseTrust()) return;
  known = (["bundled", "system", "extra"] as const).flatMap((source) => tls.getCACertificates(source));
  apply(known);
}

export function systemAuthorityCount(): number {
  return canChooseTrust() ? new Set(tls.getCACertificates("system")).size : 0;
}

function apply(pems: readonly string[]): void {
  tls.setDefaultCACertificates([...new Set([...pems, ...added])]);
}
