import { adviceFor, isAdvised } from "#shared/domain/failure-advice.ts";
import type { AdvisedCode } from "#shared/domain/failure-codes.ts";
import { foreignCode } from "#shared/domain/foreign-code.ts";
import type { z } from "zod";
import { type Problem, problemIn } from "#shared/problem/problem.ts";
import { formatRoughDuration } from "#shared/words/durations.ts";
import {
  ABORTED,
  type PortCall,
  type PortFailure,
  type PortOutcome,
  portFailed,
  portSucceeded,
} from "../export-pipeline/ports/port-call.ts";
import { splitProxy } from "./proxy/proxy-address.ts";
import { dropIdleConnections } from "./connections.ts";
import {
  LineRefusal,
  inMidSentence,
  pageInstead,
  proxyWantsLogOn,
  redirected,
  waitedFor,
} from "./trust/line-refusal.ts";
import { Stalled } from "./progress-watch.ts";
import { type AnswerOrigin, identified } from "./request-id.ts";
import { prepareTrust } from "./trust/trusted-authorities.ts";
import { lineExplained } from "./trust/line-explained.ts";
import { answersLikeTls, tlsWanted } from "./trust/tls-mismatch.ts";

/** Words of the other side for the operator, and the code when it cannot be reached. */
export interface Peer {
  readonly name: string;
  readonly unreachableCode: AdvisedCode;
  /** How it is reached, where that is not as anything else. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Through which proxy, for the words when it does not get through. */
  readonly proxyFor?: (url: string) => Promise<string | null>;
}

/** An answer must begin within this time; what follows may take as long as it keeps coming. */
const ANSWER_TIMEOUT_MS = 30_000;

/** What an exchange looks at of an answer; one of `fetch` is more. */
export interface Answer {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: Pick<Headers, "get">;
  /** Of which nothing more is wanted once it is cancelled. */
  readonly body: { cancel(): Promise<void> } | null;
  text(): Promise<string>;
}

/** Sends a request. Rejects when no answer comes, and once the signal aborts. */
export type Reach<A extends Answer> = (url: string, init: RequestInit) => Promise<A>;

/** The other side, and what sends requests to it. */
export interface Line<A extends Answer> {
  readonly peer: Peer;
  readonly reach: Reach<A>;
}

/** What is asked of the other side. */
export interface HttpQuestion extends RequestInit {
  readonly url: string;
  /**
   * Until the answer begins; reading its body is bounded by the call alone, because an hour of footage may take as
   * long as it takes.
   */
  readonly answerTimeoutMs?: number;
}

/** A question whose answer is JSON of this shape. */
export interface JsonQuestion<T> extends HttpQuestion {
  readonly schema: z.ZodType<T>;
}

type Call = Pick<PortCall, "signal">;

/** As `exchangeOver`, in the way of the peer. */
export function exchange(peer: Peer, question: HttpQuestion, call: Call): Promise<PortOutcome<Response>> {
  return exchangeOver({ peer, reach: peer.fetch ?? fetch }, { ...question, redirect: "manual" }, call);
}

/**
 * One HTTP exchange whose expected failures are data.
 * Network trouble, 408, 425, 429 and 5xx are transient; 404 and 410 are `gone`; the rest is permanent.
 * A refusal of which nobody knows whether it belongs to this request is unconfirmed; an answer that belongs to
 * another one is never taken.
 */
export async function exchangeOver<A extends Answer>(
  { peer, reach }: Line<A>,
  { url, answerTimeoutMs = ANSWER_TIMEOUT_MS, ...init }: HttpQuestion,
  call: Call,
): Promise<PortOutcome<A>> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new DOMException("", "TimeoutError")), answerTimeoutMs);
  const request = identified({ ...init, signal: AbortSignal.any([call.signal, late.signal]) });
  try {
    prepareTrust(url);
    const response = await reach(url, request.init);
    const origin = request.originOf(response);
    if (origin === "another's") return await refuseMixedUp(peer, response);
    const inTheWay = inTheWayOf(peer, response);
    if (inTheWay !== null) {
      await response.body?.cancel();
      return waitedFor(inTheWay);
    }
    const wanted = await tlsWantedOf(peer, url, response);
    if (wanted !== null) return waitedFor(wanted);
    return response.ok
      ? portSucceeded(response)
      : { ok: false, error: await refusal(peer, response, origin) };
  } catch (error) {
    if (call.signal.aborted) return brokenOff(peer, { error }, call.signal);
    if (late.signal.aborted) dropIdleConnections();
    const proxy = (await peer.proxyFor?.(url)) ?? null;
    const explained = await lineExplained(error, url, proxy);
    // Node's own client tells of its end alone, and not of the reason.
    const isLate = explained === error && late.signal.aborted;
    return brokenOff(peer, { error: isLate ? late.signal.reason : explained, proxy }, call.signal);
  } finally {
    clearTimeout(timer);
  }
}

/** Neither side of an exchange answers with a page, or sends anyone elsewhere: whoever does stands between them. */
function inTheWayOf(peer: Peer, { ok, status, headers }: Answer): LineRefusal | null {
  if (status === 407) return proxyWantsLogOn(null);
  if (status >= 300 && status < 400) return redirected(peer.name, headers.get("location"));
  const isPage = /^\s*text\/html\b/i.test(headers.get("content-type") ?? "");
  return status === 511 || (ok && isPage) ? pageInstead(peer.name) : null;
}

/** What speaks TLS only may say so with a page, which is none of the other side's answers. */
async function tlsWantedOf(
  peer: Peer,
  url: string,
  { status, headers, body }: Answer,
): Promise<LineRefusal | null> {
  if (!answersLikeTls(status, headers.get("content-type"))) return null;
  const wanted = await tlsWanted(url, (await peer.proxyFor?.(url)) ?? null, true);
  if (wanted !== null) await body?.cancel();
  return wanted;
}

/**
 * As `exchange`, with the answer parsed: what is no JSON, or does not fit the schema, is a failure and not a
 * surprise. It is unconfirmed: a proxy may have doubled or damaged it on the way.
 */
export async function exchangeJson<T>(
  peer: Peer,
  { schema, ...question }: JsonQuestion<T>,
  call: Call,
): Promise<PortOutcome<T>> {
  const response = await exchange(peer, question, call);
  if (!response.ok) return response;
  try {
    const json = jsonIn(await response.value.text());
    const parsed = json === null ? null : schema.safeParse(json.value);
    return parsed?.success === true ? portSucceeded(parsed.data) : notUnderstood(peer);
  } catch (error) {
    return brokenOff(peer, { error }, call.signal);
  }
}

function jsonIn(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

const NOT_UNDERSTOOD = "ANSWER_NOT_UNDERSTOOD";
const MIXED_UP = "ANSWER_MIXED_UP";

function notUnderstood(peer: Peer): PortOutcome<never> {
  return unconfirmed(peer, NOT_UNDERSTOOD, `${peer.name} gave an answer that does not fit its interface.`);
}

/**
 * An answer to another request, as a broken proxy gives that repeats one on a connection in use. Believed, it
 * would put one camera's footage into another's evidence.
 */
export function mixedUp(peer: Peer): PortOutcome<never> {
  return unconfirmed(peer, MIXED_UP, `${peer.name} answered something else than it was asked.`);
}

function unconfirmed(peer: Peer, code: AdvisedCode, message: string): PortOutcome<never> {
  const action = `If it stays so, have what lies between the console and ${inMidSentence(peer.name)} checked, such as a proxy.`;
  return { ok: false, error: { kind: "permanent", unconfirmed: true, code, message, action } };
}

/** Whether an answer came of which nobody knows what it says. */
export function isUnreadableAnswer({ code }: PortFailure): boolean {
  return code === NOT_UNDERSTOOD || code === MIXED_UP;
}

async function refuseMixedUp(peer: Peer, response: Answer): Promise<PortOutcome<never>> {
  await response.body?.cancel();
  return mixedUp(peer);
}

/** What an exchange ended with that had no answer. */
export interface BrokenExchange {
  readonly error: unknown;
  /** As `ProxyFor` tells it: it may be what does not answer. */
  readonly proxy?: string | null;
}

/** A caller that gives up knows why; one whose time is over is told that no answer came. */
export function brokenOff(
  peer: Peer,
  { error, proxy = null }: BrokenExchange,
  signal: AbortSignal,
): PortOutcome<never> {
  const timedOut = signal.reason instanceof DOMException && signal.reason.name === "TimeoutError";
  return signal.aborted && !timedOut ? ABORTED : unreachable(peer, timedOut ? signal.reason : error, proxy);
}

/** @param proxy as `ProxyFor` tells it: it may be what does not answer */
export function unreachable(peer: Peer, error: unknown, proxy: string | null = null): PortOutcome<never> {
  if (error instanceof LineRefusal) return waitedFor(error);
  if (error instanceof Stalled) return noProgress(peer, error);
  const reason = reasonOf(error);
  const way = proxy === null ? "" : ` through the proxy ${splitProxy(proxy).shown}`;
  return portFailed("transient", {
    code: peer.unreachableCode,
    message: `${peer.name} cannot be reached${way} (${reason}).`,
    action: "It is tried again by itself.",
  });
}

function noProgress(peer: Peer, { limitMs }: Stalled): PortOutcome<never> {
  return portFailed("transient", {
    code: "NO_PROGRESS",
    message: `Nothing has come from ${inMidSentence(peer.name)} for ${formatRoughDuration(limitMs)}, and nothing has gone there.`,
    action: "It is tried again by itself, on a new connection.",
  });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "no answer";
  for (const one of [error, error.cause]) {
    if (one instanceof Error && "code" in one && typeof one.code === "string") return one.code;
  }
  return error.name === "TimeoutError" ? "no answer in time" : error.message;
}

async function refusal(peer: Peer, response: Answer, origin: AnswerOrigin): Promise<PortFailure> {
  const problem = problemIn(jsonIn(await response.text().catch(() => ""))?.value);
  const code = foreignCode(problem?.code ?? `HTTP_${response.status}`);
  const { action } = adviceFor(code);
  const detail = detailOf(peer, response.status, problem);
  return {
    kind: code === "NO_FOOTAGE" ? "no-footage" : kindOfStatus(response.status),
    code,
    message: `${peer.name}: ${detail}`,
    // Where the console has advice of its own, that is written for its operator.
    action: isAdvised(code) ? action : (problem?.action ?? action),
    atUtcMs: problem?.atUtcMs,
    retryAfterMs: retryAfterIn(response.headers),
    unconfirmed: origin === "unknown",
  };
}

/** What does not fit an interface is a matter of programs: its details are for the log. */
function detailOf(peer: Peer, status: number, problem: Problem | null): string {
  if (problem === null) return `It answered with status ${status}.`;
  if (problem.code !== "BAD_REQUEST") return problem.detail;
  console.error(`${peer.name} does not take a request: ${problem.detail}`, problem.errors ?? []);
  return "It does not take what the console asked.";
}

function kindOfStatus(status: number): PortFailure["kind"] {
  if (status === 408 || status === 425 || status === 429 || status >= 500) return "transient";
  return status === 404 || status === 410 ? "gone" : "permanent";
}

/** How long whoever answered wants to be left alone. Its Retry-After means its own clock, which its Date tells. */
export function retryAfterIn(headers: { get(name: string): string | null | undefined }): number | undefined {
  const dateUtcMs = Date.parse(headers.get("date") ?? "");
  return retryAfterMs(headers.get("retry-after") ?? null, Number.isNaN(dateUtcMs) ? undefined : dateUtcMs);
}

/** As RFC 9110, 5.6.7 has dates; other words that happen to be read as one are none. */
const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*\d\d:\d\d:\d\d/;
/** Whoever names more means for ever. */
const LONGEST_NAMED_MS = 366 * 24 * 3_600_000;

/**
 * The header Retry-After, which tells seconds or a date (RFC 9110, 10.2.3).
 * @returns milliseconds from now, a year at most, or undefined where it tells neither
 */
export function retryAfterMs(header: string | null, nowUtcMs: number = Date.now()): number | undefined {
  const told = header?.trim() ?? "";
  if (/^\d+$/.test(told)) return Math.min(Number(told) * 1000, LONGEST_NAMED_MS);
  const dateUtcMs = HTTP_DATE.test(told) ? Date.parse(told) : Number.NaN;
  if (Number.isNaN(dateUtcMs)) return undefined;
  return Math.min(Math.max(0, dateUtcMs - nowUtcMs), LONGEST_NAMED_MS);
}
