/**
 * One of PostgreSQL's own programs. By itself it waits without end for a server that hangs: the system there goes on
 * acknowledging. So the server is looked at meanwhile, as a service does, and the program is ended where nobody answers.
 */
import { execFile } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { isAnswering } from "../storage/postgres/silence.ts";
import type { WatchedSettings } from "../storage/postgres/watched-client.ts";

const run = promisify(execFile);

/** One alone may be a moment's, and what is cut may have taken hours. */
const LOOKS_IN_VAIN = 2;

export interface Program {
  readonly name: string;
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

export interface Watch {
  /** Of the server that is looked at. */
  readonly settings: WatchedSettings;
  /** How far the program is, as a number: while that changes it goes on, whatever the server says to others. */
  readonly progress: () => Promise<number>;
}

/** The server answers nobody any more; the program was ended. */
export class ServerSilent extends Error {}

/** @throws ServerSilent, and what `execFile` throws, with what the program said as `stderr` */
export async function runWatched({ name, words, environment }: Program, watch: Watch): Promise<void> {
  const over = new AbortController();
  const running = run(name, [...words], { env: { ...process.env, ...environment } });
  let isSilent = false;
  const watching = foundSilent(watch, over.signal).then((found) => {
    isSilent = found;
    // Asked to end, it would first ask the server to cancel, which does not answer that either.
    if (found) running.child.kill("SIGKILL");
  });
  try {
    await Promise.all([running, Promise.race([watching, running])]);
  } catch (error) {
    throw isSilent ? new ServerSilent(`${name} was ended.`, { cause: error }) : error;
  } finally {
    over.abort();
    // Also where looking at how far it is has failed; of one that has ended it does nothing.
    running.child.kill("SIGKILL");
  }
}

/** @returns once the server is silent, or false once the program is over */
async function foundSilent({ settings, progress }: Watch, over: AbortSignal): Promise<boolean> {
  const { suspectedAfterMs } = settings;
  let before = await progress();
  for (let inVain = 0; inVain < LOOKS_IN_VAIN;) {
    await wait(suspectedAfterMs, undefined, { signal: over }).catch(() => undefined); // It is over.
    if (over.aborted) return false;
    const isThere = await isAnswering(settings, 2 * suspectedAfterMs);
    const now = await progress();
    inVain = isThere || now !== before ? 0 : inVain + 1;
    before = now;
  }
  return !over.aborted;
}
