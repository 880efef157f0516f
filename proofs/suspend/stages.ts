import type { ConsoleOrder } from "#proofs/crash-matrix/console-process.ts";
import type { Exchange, TargetAnswer } from "#proofs/fault-proxy/fault-proxy.ts";

/** Where an export stands when everything stops. */
export interface Stage {
  readonly name: string;
  /** The request that it stands at: none of this kind is answered from then on, until everything goes on. */
  readonly stands: RegExp;
  /** How often it has been made when the export has come to its stage. */
  readonly atRequest?: number;
  /** What becomes of such requests meanwhile; without it nothing at all. @param count of them, from 1 */
  readonly meanwhile?: (exchange: Exchange, count: number) => Promise<void>;
  /** It has gone on once such requests are answered well, so many; where left out, the one that it stands at, once. */
  readonly goesOn?: { readonly with: RegExp; readonly times?: number };
  readonly order?: (order: ConsoleOrder) => ConsoleOrder;
  /** What it waits for is an hour: in another network it stands as before. */
  readonly waitsForTime?: true;
  /** Played in the normal run of the tests too. */
  readonly isShort?: true;
}

const FOOTAGE = /\/export\.mp4$/;
const ANNOUNCE = /^POST .*\/evidence\/ID\/resource$/;
const BLOCK = /^PUT \/blobs\/.* block$/;
const COMMIT = /^PUT \/blobs\/.* blocklist$/;
const COMPLETE_FILE = /\/resource\/ID\/complete$/;
const COMPLETE = /\/evidence\/ID\/complete$/;
const LIFECYCLE = /^GET .*\/evidence\/ID\/$/;

/** Of one export of the desk under test. */
const ALL_PARTS = 3;
const REFUSED_TRIES = 6;
const HOUR_S = 3_600;
/** A file of a few kilobytes would take hours. */
const CAP_BYTES_PER_SECOND = 1;
const CAP_LASTS_MS = 5 * 60_000;

export const STAGES: readonly Stage[] = [
  { name: "asking for a token", stands: /^POST \/connect\/token$/ },
  { name: "asking for the service's key", stands: /\/publickey$/ },
  { name: "locking the footage", stands: /^PUT \/locks\/ID$/ },
  { name: "creating the case", stands: /^POST \/cases\// },
  { name: "creating the evidence", stands: /^POST .*\/evidence$/ },
  { name: "reading, no byte yet", stands: FOOTAGE },
  { name: "reading, half of the footage there", stands: FOOTAGE, meanwhile: halfThenSilence, isShort: true },
  { name: "encrypting and spooling", stands: FOOTAGE, meanwhile: inDrops },
  { name: "waiting for others to be read", stands: FOOTAGE, goesOn: { with: FOOTAGE, times: ALL_PARTS } },
  { name: "waiting for room in the spool", stands: BLOCK, goesOn: { with: FOOTAGE }, order: oneByte },
  { name: "announcing a file", stands: ANNOUNCE },
  { name: "waiting to try again", stands: ANNOUNCE, meanwhile: busyForAnHour, isShort: true },
  {
    name: "on its way with one more try of many",
    stands: ANNOUNCE,
    atRequest: REFUSED_TRIES + 1,
    meanwhile: refusedSixTimes,
  },
  { name: "looking what the service has", stands: /^HEAD \/blobs\//, goesOn: { with: BLOCK } },
  {
    name: "asking for the blocks that are there",
    stands: /^GET \/blobs\/.* blocklist$/,
    goesOn: { with: BLOCK },
  },
  { name: "sending a block", stands: BLOCK, isShort: true },
  { name: "sending a block, answer lost", stands: BLOCK, meanwhile: doneUnheard, goesOn: { with: COMMIT } },
  {
    name: "capped until a later hour",
    stands: ANNOUNCE,
    meanwhile: passed,
    goesOn: { with: COMMIT },
    order: capped,
    waitsForTime: true,
    isShort: true,
  },
  { name: "committing", stands: COMMIT },
  {
    name: "committing, answer lost",
    stands: COMMIT,
    meanwhile: doneUnheard,
    goesOn: { with: COMPLETE_FILE },
  },
  { name: "completing a file", stands: COMPLETE_FILE },
  { name: "completing the evidence", stands: COMPLETE },
  { name: "completing the evidence, answer lost", stands: COMPLETE, meanwhile: doneUnheard },
  { name: "asking whether it is consolidated", stands: LIFECYCLE },
  { name: "being consolidated", stands: LIFECYCLE, meanwhile: stillProcessing, isShort: true },
  { name: "freeing the lock", stands: /^DELETE \/locks\/ID$/ },
];

async function passed(exchange: Exchange): Promise<void> {
  await exchange.answer(await exchange.forward());
}

async function doneUnheard(exchange: Exchange): Promise<void> {
  await exchange.forward();
}

function startOf({ status, headers, body }: TargetAnswer): string {
  const all = Object.entries({ ...headers, "content-length": String(body.length) });
  return `HTTP/1.1 ${status} OK\r\n${all.map(([name, value]) => `${name}: ${String(value)}\r\n`).join("")}\r\n`;
}

async function halfThenSilence(exchange: Exchange): Promise<void> {
  const answer = await exchange.forward();
  exchange.socket.write(startOf(answer));
  exchange.socket.write(answer.body.subarray(0, answer.body.length >> 1));
}

/** A line so slow that the part is being encrypted and written all the time; it would take some minutes. */
async function inDrops(exchange: Exchange): Promise<void> {
  const answer = await exchange.forward();
  exchange.socket.write(startOf(answer));
  const dropBytes = Math.ceil(answer.body.length / 1_000);
  let sentBytes = 0;
  const timer = setInterval(() => {
    if (exchange.socket.destroyed || sentBytes >= answer.body.length) clearInterval(timer);
    else exchange.socket.write(answer.body.subarray(sentBytes, (sentBytes += dropBytes)));
  }, 200).unref();
}

async function busyForAnHour(exchange: Exchange): Promise<void> {
  const headers = { "retry-after": String(HOUR_S) };
  await exchange.answer({ status: 503, headers, body: Buffer.alloc(0) });
}

/** Refused so often that the next pause would be long; the next try hears nothing. */
async function refusedSixTimes(exchange: Exchange, count: number): Promise<void> {
  if (count <= REFUSED_TRIES) await exchange.answer({ status: 503, headers: {}, body: Buffer.alloc(0) });
}

async function stillProcessing(exchange: Exchange): Promise<void> {
  const answer = await exchange.forward();
  const record = JSON.parse(answer.body.toString()) as Record<string, unknown>;
  const body = Buffer.from(JSON.stringify({ ...record, LifecycleState: "Processing" }));
  await exchange.answer({ ...answer, body });
}

function oneByte(order: ConsoleOrder): ConsoleOrder {
  return { ...order, quotaBytes: 1 };
}

function capped(order: ConsoleOrder): ConsoleOrder {
  return { ...order, cap: { bytesPerSecond: CAP_BYTES_PER_SECOND, lastsMs: CAP_LASTS_MS } };
}
