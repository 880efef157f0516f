import { connect as connectTls, type DetailedPeerCertificate } from "node:tls";
import type { Socket } from "node:net";

/** Of the certificate that somebody shows at an address. Texts are its own: they are cut and rid of control characters. */
export interface ShownCertificate {
  readonly names: readonly string[];
  readonly issuer: string;
  /** Who stands behind the issuer, as far as the chain that was shown goes; the issuer itself where it is the last. */
  readonly authority: string;
  readonly validFromUtcMs: number;
  readonly validToUtcMs: number;
}

const NAMES_SHOWN = 5;
const NAME_MAX_CHARACTERS = 80;
const LONGEST_CHAIN = 10;

export interface TlsTarget {
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Who answers an https address. */
export function tlsTargetOf(url: string): TlsTarget {
  const { hostname, port } = new URL(url);
  return { host: hostname.replace(/^\[|\]$/g, ""), port: port === "" ? 443 : Number(port) };
}

/**
 * Looks at the certificate that is shown at a target, without trusting it: nothing is sent over the connection.
 * Only called once it was refused, for the words.
 * @param socket to the target, where it is not reached directly
 * @returns null when it cannot be looked at, or the signal aborts
 */
export async function certificateAt(
  target: TlsTarget,
  signal: AbortSignal,
  socket?: Socket,
): Promise<ShownCertificate | null> {
  const { promise, resolve } = Promise.withResolvers<ShownCertificate | null>();
  const options = { ...(socket === undefined ? target : { socket }), rejectUnauthorized: false };
  const servername = isAddress(target.host) ? "" : target.host;
  const connection = connectTls({ ...options, servername }, () => {
    resolve(factsOf(connection.getPeerCertificate(true)));
    connection.destroy();
  });
  const giveUp = () => {
    connection.destroy();
    resolve(null);
  };
  connection.on("error", giveUp);
  signal.addEventListener("abort", giveUp, { once: true });
  if (signal.aborted) giveUp();
  return await promise;
}

/** The issuer, and whoever stands behind it. */
export function issuerInWords({ issuer, authority }: ShownCertificate): string {
  return issuer === authority ? `“${issuer}”` : `“${issuer}”, of the authority “${authority}”`;
}

function factsOf(certificate: DetailedPeerCertificate): ShownCertificate | null {
  if (certificate.subject === undefined) return null;
  const names = (certificate.subjectaltname ?? "").split(", ").flatMap((name) => {
    const [, text = ""] = /^(?:DNS|IP Address):(.+)$/.exec(name) ?? [];
    return text === "" ? [] : [shown(text)];
  });
  const fallback = certificate.subject.CN;
  return {
    names: (names.length === 0 ? [shown(wordOf(fallback))] : names).slice(0, NAMES_SHOWN),
    issuer: nameOf(certificate.issuer),
    authority: nameOf(lastOf(certificate).issuer),
    validFromUtcMs: Date.parse(certificate.valid_from),
    validToUtcMs: Date.parse(certificate.valid_to),
  };
}

function lastOf(certificate: DetailedPeerCertificate): DetailedPeerCertificate {
  let last = certificate;
  for (let steps = 0; steps < LONGEST_CHAIN; steps += 1) {
    const next = last.issuerCertificate as DetailedPeerCertificate | undefined;
    if (next === undefined || next === last) break;
    last = next;
  }
  return last;
}

function nameOf(issuer: DetailedPeerCertificate["issuer"] | undefined): string {
  return shown(wordOf(issuer?.CN) || wordOf(issuer?.O) || "somebody without a name");
}

function wordOf(value: string | readonly string[] | undefined): string {
  return typeof value === "string" ? value : (value?.[0] ?? "");
}

function shown(text: string): string {
  return text.replaceAll(/\p{C}/gu, "").slice(0, NAME_MAX_CHARACTERS);
}

function isAddress(host: string): boolean {
  return host.includes(":") || /^\d+(\.\d+){3}$/.test(host);
}
