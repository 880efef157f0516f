/**
 * What stands between the console and the other side and does not let it through: a certificate, a proxy, a network
 * that wants a log-on first. Each is waited for like a line that is away: once somebody has put it right, what waits
 * goes on by itself (docs/decisions/0024).
 */
import type { AdvisedCode } from "#shared/domain/failure-codes.ts";
import { portFailed, type PortOutcome } from "../../export-pipeline/ports/port-call.ts";

/** Rejects a request that did not get through, with words for the operator. */
export class LineRefusal extends Error {
  readonly code: AdvisedCode;
  readonly action: string;

  constructor(code: AdvisedCode, message: string, action: string) {
    super(message);
    this.name = "LineRefusal";
    this.code = code;
    this.action = action;
  }
}

export function waitedFor({ code, message, action }: LineRefusal): PortOutcome<never> {
  return portFailed("transient", { code, message, action });
}

/** A captive portal, or a filter with a page of its own: the other side never answers with one. */
export function pageInstead(name: string): LineRefusal {
  return new LineRefusal(
    "NETWORK_PAGE_INSTEAD",
    `A web page came in place of an answer of ${inMidSentence(name)}: the network wants a log-on, or a filter holds the console back.`,
    "Log on to the network in a browser, or have an administrator let the console through; it goes on by itself.",
  );
}

/** @param location as the header Location has it; only its host is told: the rest may hold what is nobody's business */
export function redirected(name: string, location: string | null): LineRefusal {
  const host = location !== null && URL.canParse(location) ? new URL(location).host : "";
  const where = host === "" ? "to another address" : `to ${host}`;
  return new LineRefusal(
    "REDIRECTED",
    `Something on the way sends the console ${where} in place of ${inMidSentence(name)}, as a network does that wants a log-on.`,
    "Log on to the network in a browser, or have an administrator check the address in the connection file; it goes on by itself.",
  );
}

/** @param proxy host and port, or null where it is not known which one asks */
export function proxyWantsLogOn(proxy: string | null): LineRefusal {
  return new LineRefusal(
    "PROXY_LOG_ON_NEEDED",
    `The proxy${proxy === null ? "" : ` ${proxy}`} asks for a log-on, or does not take the one it was given.`,
    "An administrator enters the proxy's user and password in the settings, under Network; it goes on by itself.",
  );
}

export function proxyRefuses(proxy: string, target: string, status: number | undefined): LineRefusal {
  const why = status === undefined ? "" : ` (status ${status})`;
  return new LineRefusal(
    "PROXY_REFUSED",
    `The proxy ${proxy} does not connect the console with ${target}${why}.`,
    "Have an administrator of the network let the console through; it goes on by itself.",
  );
}

/** @param why a code of the system, or words */
export function proxyUnreachable(proxy: string, target: string, why: string): LineRefusal {
  return new LineRefusal(
    "PROXY_UNREACHABLE",
    `The proxy ${proxy}, through which ${target} is reached, cannot be reached itself (${why}).`,
    "Check the network, or have an administrator check the proxy in the settings, under Network; it goes on by itself.",
  );
}

/** In the middle of a sentence. */
export function inMidSentence(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
