import { readFileSync, watchFile } from "node:fs";
import * as tls from "node:tls";
import { saysMissing } from "#runtime/files/missing-file.ts";

const LOOK_MS = 2_000;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/**
 * Trusts the system's authorities and those of a file, for every new connection of this process; again whenever the
 * file changes. A runtime that cannot be told what to trust (Node before 24.5) keeps what it came with.
 * @param path of a PEM file; none, or one that is not there or empty, adds nothing
 */
export function followAuthorities(path: string | undefined): void {
  if (typeof tls.setDefaultCACertificates !== "function") return;
  const known = (["bundled", "system", "extra"] as const).flatMap((source) => tls.getCACertificates(source));
  const added = () => (path === undefined ? [] : certificatesIn(path));
  const read = () => tls.setDefaultCACertificates([...new Set([...known, ...added()])]);
  read();
  if (path === undefined) return;
  const follow = () => {
    try {
      read();
    } catch (error) {
      process.stderr.write(`The authorities in ${path} cannot be used: ${String(error)}\n`);
    }
  };
  watchFile(path, { interval: LOOK_MS, persistent: false }, follow);
}

function certificatesIn(path: string): string[] {
  try {
    return readFileSync(path, "utf8").match(CERTIFICATE) ?? [];
  } catch (error) {
    if (saysMissing(error)) return [];
    throw error;
  }
}
