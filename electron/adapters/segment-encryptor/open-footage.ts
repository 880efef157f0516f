import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { text } from "node:stream/consumers";
import { type PortOutcome, portSucceeded } from "../../export-pipeline/ports/port-call.ts";
import { ANSWER_TIMEOUT_MS, brokenOff, type Peer, refusalOf } from "../http-outcome.ts";

/** What waits in memory between the connection and the cipher: more only costs pauses of the connection less. */
const BUFFERED_BYTES = 1024 * 1024;

/**
 * Asks an archive for footage. As `exchange`, with Node's own client: `fetch` takes twice its processor time for
 * bytes in bulk (docs/decisions/0013).
 * @returns the answer, of status 200, its body yet to be read; reading it fails when the signal aborts
 */
export async function openFootage(
  peer: Peer,
  url: string,
  token: string,
  signal: AbortSignal,
): Promise<PortOutcome<IncomingMessage>> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new DOMException("", "TimeoutError")), ANSWER_TIMEOUT_MS);
  try {
    const answer = await ask(url, token, AbortSignal.any([signal, late.signal]));
    const status = answer.statusCode ?? 0;
    if (status === 200) return portSucceeded(answer);
    const retryAfter = answer.headers["retry-after"];
    const headers = retryAfter === undefined ? {} : { "retry-after": retryAfter };
    return {
      ok: false,
      error: await refusalOf(peer, new Response(await text(answer), { status, headers })),
    };
  } catch (error) {
    return brokenOff(peer, error, signal);
  } finally {
    clearTimeout(timer);
  }
}

function ask(url: string, token: string, signal: AbortSignal): Promise<IncomingMessage> {
  const request = url.startsWith("https:") ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const options = {
      ...{ signal, agent: false, highWaterMark: BUFFERED_BYTES },
      headers: { authorization: `Bearer ${token}` },
    };
    request(url, options, resolve).on("error", reject).end();
  });
}
