/**
 * `node:tls` as Node has had it since 24.5, for a runtime whose Node cannot be told whom to trust: the bundles for the
 * test runtime take this module in its place (program-for-node-20.ts). Like Node's own, what is set holds for every new
 * connection of its thread that names no authorities itself, whichever module opens it: `tls.connect`, `https` and
 * `fetch` all make their context by `tls.createSecureContext`.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as named from "node:tls";
import type { SecureContext, SecureContextOptions } from "node:tls";

export * from "node:tls";

/** The module itself, whose members Node looks up at each use; what is imported by name is a copy. */
const tls = process.getBuiltinModule("node:tls");
const makeContext = tls.createSecureContext;

/** For whoever takes the whole of it. */
export default Object.assign(tls, { getCACertificates, setDefaultCACertificates });

type Source = "default" | "system" | "bundled" | "extra";

/** Where OpenSSL looks on Linux, as Debian and Fedora have it. */
const STORES = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/cert.pem",
];
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

let chosen: readonly string[] | null = null;
let system: readonly string[] | null = null;

/** PEM of those that a source has. */
export function getCACertificates(source: Source = "default"): string[] {
  if (source === "bundled") return [...tls.rootCertificates];
  if (source === "system") return [...(system ??= ofSystem())];
  if (source === "extra") return certificatesIn(process.env["NODE_EXTRA_CA_CERTS"] ?? "");
  return [...(chosen ?? [...tls.rootCertificates, ...getCACertificates("extra")])];
}

/**
 * Trusts these and no others, in this thread.
 * @throws Error for what is no certificate, and keeps what was trusted before
 */
export function setDefaultCACertificates(pems: readonly string[]): void {
  const ca = [...new Set(pems)];
  // The context that most connections share: to read some three hundred certificates takes its time.
  const plain = makeContext({ ca });
  chosen = ca;
  tls.createSecureContext = (options = {}) => contextOf(options, ca, plain);
}

function contextOf(options: SecureContextOptions, ca: string[], plain: SecureContext): SecureContext {
  if (options.ca) return makeContext(options);
  return isPlain(options) ? plain : makeContext({ ...options, ca });
}

/** What makes a context different from one that has authorities alone. */
const OF_A_CONTEXT = [
  ...["cert", "key", "pfx", "passphrase", "crl", "dhparam", "ecdhCurve", "sigalgs", "honorCipherOrder"],
  ...["minVersion", "maxVersion", "secureProtocol", "secureOptions", "sessionIdContext", "sessionTimeout"],
  ...["ticketKeys", "clientCertEngine", "privateKeyEngine", "privateKeyIdentifier", "allowPartialTrustChain"],
] as const;

function isPlain(options: SecureContextOptions): boolean {
  const { ciphers = named.DEFAULT_CIPHERS, ...rest } = options;
  const others = rest as Readonly<Record<string, unknown>>;
  return ciphers === named.DEFAULT_CIPHERS && OF_A_CONTEXT.every((name) => others[name] === undefined);
}

function ofSystem(): string[] {
  const folder = process.env["SSL_CERT_DIR"];
  const files = process.env["SSL_CERT_FILE"] ? [process.env["SSL_CERT_FILE"]] : STORES;
  const first = files.map(certificatesIn).find((found) => found.length > 0) ?? [];
  const beside =
    folder === undefined ? [] : namesIn(folder).flatMap((name) => certificatesIn(join(folder, name)));
  return [...new Set([...first, ...beside])];
}

function certificatesIn(path: string): string[] {
  try {
    return readFileSync(path, "utf8").match(CERTIFICATE) ?? [];
  } catch {
    // As OpenSSL does with a store that is not there.
    return [];
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
