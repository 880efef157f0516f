import { type ClientRequest, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import { connect as connectTls, type DetailedPeerCertificate } from "node:tls";
import { splitProxy } from "../clearance-client/proxy-address.ts";

/** Of the certificate that somebody shows at an address. Texts are its own: they are cut and rid of control characters. */
export interface ShownCertificate {
  readonly names: readonly string[];
  readonly issuer: string;
  /** Who stands behind the issuer, as far as the chain that was shown goes; the issuer itself where it is the last. */
  readonly authority: string;
  readonly validFromUtcMs: number;
  readonly validToUtcMs: number;
}

const LOOK_TIMEOUT_MS = 5_000;
const NAMES_SHOWN = 5;
const NAME_MAX_CHARACTERS = 80;
const LONGEST_CHAIN = 10;

/**
 * Looks at the certificate that is shown for an https address, without trusting it: nothing is sent over the connection.
 * Only called once it was refused, for the words.
 * @param proxy as `ProxyFor` tells it
 * @returns null when it cannot be looked at
 */
export async function shownCertificate(url: string, proxy: string | null): Promise<ShownCertificate | null> {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, "");
  const target = { host, port: port === "" ? 443 : Number(port) };
  const { promise, resolve } = Promise.withResolvers<ShownCertificate | null>();
  const signal = AbortSignal.timeout(LOOK_TIMEOUT_MS);
  signal.addEventListener("abort", () => resolve(null));
  const look = (socket?: Socket) => {
    const options = { ...(socket === undefined ? target : { socket }), rejectUnauthorized: false };
    const connection = connectTls({ ...options, servername: isAddress(host) ? "" : host }, () => {
      resolve(factsOf(connection.getPeerCertificate(true)));
      connection.destroy();
    });
    connection.on("error", () => resolve(null));
    signal.addEventListener("abort", () => connection.destroy());
  };
  if (proxy === null) look();
  else tunnelled(proxy, target, signal, look).on("error", () => resolve(null));
  return await promise;
}

function tunnelled(
  proxy: string,
  target: { readonly host: string; readonly port: number },
  signal: AbortSignal,
  onOpen: (socket: Socket) => void,
): ClientRequest {
  const { protocol, host, port, user, password } = splitProxy(proxy);
  const start = protocol === "https:" ? httpsRequest : httpRequest;
  const path = `${target.host.includes(":") ? `[${target.host}]` : target.host}:${target.port}`;
  const logOn = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  const headers = user === "" ? undefined : { "proxy-authorization": logOn };
  const options = { host, port, method: "CONNECT", path, signal, agent: false as const, headers };
  const asked = start({ ...options, rejectUnauthorized: false });
  asked.on("connect", (answer, socket) => {
    if (answer.statusCode === 200) onOpen(socket);
    else asked.destroy(new Error("The proxy does not connect."));
  });
  return asked.end();
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
