/** Where one side speaks TLS and the other does not, or not one that both know. */
import { issuerInWords } from "#runtime/tls/shown-certificate.ts";
import { splitProxy } from "../proxy/proxy-address.ts";
import { LineRefusal } from "./line-refusal.ts";
import { shownCertificate } from "./shown-certificate.ts";

/** What OpenSSL says of bytes that are no TLS. Node's `http` has it in the message of an EPROTO alone. */
const NO_TLS_WORDS =
  /wrong version number|packet length too long|unknown protocol|http request|https proxy request/i;
const OF_TLS = /^(?:EPROTO$|ERR_SSL_)/;
/**
 * How a server ends that expects TLS and is sent plain HTTP, and what a client makes of the alert that some answer with;
 * Azure's client has one code for whatever became of a proxy.
 */
const ENDED = /^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET|HPE_.+|REQUEST_SEND_ERROR)$/;

interface AskedLine {
  /** That was asked, in words. */
  readonly host: string;
  readonly proxy: string | null;
}

/** @returns null where the code is of something else */
export function tlsRefusal(code: string, message: string, { host, proxy }: AskedLine) {
  if (!OF_TLS.test(code)) return null;
  return isNoTls(`${code.replaceAll("_", " ")} ${message}`)
    ? notSpoken(host, proxy)
    : notAgreed(host, whyIn(message));
}

/** The console speaks TLS, and what answers does not. */
function notSpoken(host: string, proxy: string | null): LineRefusal {
  const who = proxy !== null && splitProxy(proxy).protocol === "https:" ? proxyOr(proxy, host) : host;
  return new LineRefusal(
    "TLS_NOT_SPOKEN",
    `What answers at ${who} does not speak TLS, and the address says https.`,
    "Have an administrator check the address, its port and the proxy; it goes on by itself.",
  );
}

/** Which of the two it was is not told. */
function proxyOr(proxy: string, host: string): string {
  return `${host}, or the proxy ${splitProxy(proxy).shown},`;
}

/** Both speak TLS, and one of them wants what the other does not have. */
function notAgreed(host: string, why: string): LineRefusal {
  return new LineRefusal(
    "TLS_NOT_AGREED",
    `The console and what answers at ${host} cannot agree on TLS (${why}).`,
    "Have an administrator look at what answers there: it may know no TLS from 1.2 on, or ask for a certificate of the console's own; it goes on by itself.",
  );
}

/**
 * Plain HTTP was sent to where TLS is spoken: such a server ends the connection without a word. Whether it is one is seen
 * from whether it shows a certificate.
 * @param isSuspect whether its answer is already like that of one
 * @returns null where it is something else
 */
export async function tlsWanted(
  url: string,
  proxy: string | null,
  isSuspect: boolean,
): Promise<LineRefusal | null> {
  const { protocol, host, hostname, port } = new URL(url);
  if (!isSuspect) return null;
  if (proxy !== null) return await proxyWantsTls(proxy);
  if (protocol !== "http:") return null;
  const seen = await shownCertificate(`https://${hostname}:${port === "" ? 80 : port}`, null);
  if (seen === null) return null;
  return new LineRefusal(
    "TLS_WANTED",
    `What answers at ${host} speaks TLS only, and the address says http. It shows a certificate for ${seen.names.join(", ")}, issued by ${issuerInWords(seen)}.`,
    "Have an administrator enter the address with https, or with the port for http; it goes on by itself.",
  );
}

/** A proxy whose address says http and that speaks TLS itself. */
export async function proxyWantsTls(proxy: string): Promise<LineRefusal | null> {
  const { protocol, shown } = splitProxy(proxy);
  const seen = protocol === "http:" ? await shownCertificate(`https://${shown}`, null) : null;
  if (seen === null) return null;
  return new LineRefusal(
    "TLS_WANTED",
    `The proxy ${shown} speaks TLS only, and its address says http. It shows a certificate for ${seen.names.join(", ")}, issued by ${issuerInWords(seen)}.`,
    "An administrator enters its address with https in the settings, under Network; it goes on by itself.",
  );
}

/** Whether a connection ended as one does that is spoken to in the wrong way. */
export function endsLikeTls(code: string): boolean {
  return ENDED.test(code);
}

/** Servers that know what happened answer it with a page: nginx and Apache with 400. */
export function answersLikeTls(status: number, contentType: string | null | undefined): boolean {
  return status === 400 && /^\s*text\/html\b/i.test(contentType ?? "");
}

function isNoTls(text: string): boolean {
  return NO_TLS_WORDS.test(text);
}

/** "tlsv1 alert protocol version", of all that OpenSSL says. */
function whyIn(message: string): string {
  const [, why = ""] = /:SSL routines:[^:]*:([^:]+):/.exec(message) ?? [];
  return why === "" ? "it ended the handshake" : why.replaceAll(/\p{C}/gu, "").slice(0, 80);
}
