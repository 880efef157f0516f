/** What a network or a service in trouble does to requests. Chosen by count, so that every run is the same. */
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Exchange, passOn, type TargetAnswer, type Treatment } from "./fault-proxy.ts";

/**
 * So many of all requests by a fault, the others as they are. Which ones is drawn, so that no rhythm of the
 * program's falls in with it, but the same in every run.
 * @param share from 0 to 1
 */
export function someOf(share: number, fault: Treatment): Treatment {
  let count = 0;
  return (exchange) => {
    count += 1;
    const drawn = createHash("sha256").update(`request ${count}`).digest().readUInt32BE() / 2 ** 32;
    return drawn < share ? fault(exchange) : passOn(exchange);
  };
}

/** Nobody is there, as with a pulled cable. */
export const cut: Treatment = async (exchange) => exchange.reset();

/** By turns before the request arrives and after it has been carried out. */
export function resets(): Treatment {
  let before = false;
  return async (exchange) => {
    before = !before;
    if (!before) await exchange.forward();
    exchange.reset();
  };
}

/** The time is shared equally between the way there and the way back. */
export function latency(roundTripMs: number): Treatment {
  return async (exchange) => {
    await sleep(roundTripMs / 2);
    const answer = await exchange.forward();
    await sleep(roundTripMs / 2);
    await exchange.answer(answer);
  };
}

/** One line for all requests: bytes wait for those before them. */
export function narrowLine(bitsPerSecond: number): Treatment {
  let freeAtMs = 0;
  const carry = async (bytes: number): Promise<void> => {
    const startMs = Math.max(performance.now(), freeAtMs);
    freeAtMs = startMs + (bytes * 8_000) / bitsPerSecond;
    await sleep(Math.max(0, freeAtMs - performance.now()));
  };
  return async (exchange) => {
    await carry(exchange.request.body.length);
    const answer = await exchange.forward();
    await carry(answer.body.length);
    await exchange.answer(answer);
  };
}

/** The request is carried out; half of the answer's body arrives, or nothing where it has none. */
export const truncatedAnswer: Treatment = async (exchange) => {
  const answer = await exchange.forward();
  if (answer.body.length === 0) exchange.reset();
  else await exchange.truncate(answer, Math.floor(answer.body.length / 2));
};

/** The service gets the request twice; the program gets the later answer, or the first that is no refusal. */
export const duplicatedRequest: Treatment = async (exchange) => {
  const first = await exchange.forward();
  const second = await exchange.forward();
  await exchange.answer(second.status < 400 ? second : first);
};

/** The answer comes a second time on the same connection, where nobody has asked for it. */
export const duplicatedAnswer: Treatment = async (exchange) => {
  const answer = await exchange.forward();
  await exchange.answer(answer);
  if (exchange.socket.writable) exchange.socket.write(asText(answer));
};

/** The same body twice in one answer, as from a cache that wrote it a second time. */
export const doubledBody: Treatment = async (exchange) => {
  const answer = await exchange.forward();
  await exchange.answer({ ...answer, body: Buffer.concat([answer.body, answer.body]) });
};

/** Half of the body in an answer that says it is all: nothing on the connection tells that the rest is missing. */
export const halvedBody: Treatment = async (exchange) => {
  const answer = await exchange.forward();
  await exchange.answer({ ...answer, body: answer.body.subarray(0, Math.floor(answer.body.length / 2)) });
};

/** The request is carried out, and answered with what an earlier one was answered with. */
export function earlierAnswer(): Treatment {
  let earlier: TargetAnswer | null = null;
  return async (exchange) => {
    const answer = await exchange.forward();
    await exchange.answer(earlier ?? answer);
    earlier = answer;
  };
}

function asText({ status, headers, body }: TargetAnswer): Buffer {
  const all = { "content-length": String(body.length), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${String(value)}\r\n`);
  const head = `HTTP/1.1 ${status} \r\n${lines.join("")}\r\n`;
  return Buffer.concat([Buffer.from(head, "latin1"), body]);
}

/** By turns instead of carrying the request out, and after it. */
export function serverErrors(): Treatment {
  let instead = false;
  return async (exchange) => {
    instead = !instead;
    if (!instead) await exchange.forward();
    await exchange.answer(refusal(500));
  };
}

export function tooManyRequests(retryAfterS: number): Treatment {
  return async (exchange: Exchange) => exchange.answer(refusal(429, { "retry-after": String(retryAfterS) }));
}

function refusal(status: number, headers: Record<string, string> = {}): TargetAnswer {
  return { status, headers, body: Buffer.alloc(0) };
}
