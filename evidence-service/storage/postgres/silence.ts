/**
 * Whether a database answers at all. A statement may take as long as it takes, so its time alone says nothing: whoever waits
 * for long has the database asked for a new connection, once for all who wait.
 */
import pg from "pg";

/** Whoever comes right after a look does without one of its own. */
const GOOD_FOR_MS = 1_000;

interface Look {
  readonly answer: Promise<boolean>;
  readonly ended: { atMs: number; isAnswering: boolean } | null;
}

/** The latest of each address; all connections of a process to it have the same to fear. */
const looks = new Map<string, Look>();

/** @param withinMs a new connection is there by then, however busy the server is @returns also where it answers that it takes no connection now: it is there */
export async function isAnswering(settings: pg.ClientConfig, withinMs: number): Promise<boolean> {
  const address = settings.connectionString ?? "";
  const latest = looks.get(address);
  if (latest !== undefined && (latest.ended === null || isGood(latest.ended.atMs))) return latest.answer;
  const answer = look(settings, withinMs).then((answers) => {
    keep(address, answers);
    return answers;
  });
  looks.set(address, { answer, ended: null });
  return answer;
}

/** Whether somebody has just waited in vain: the next one need not. */
export function isSilent({ connectionString = "" }: pg.ClientConfig): boolean {
  const ended = looks.get(connectionString)?.ended;
  return ended !== undefined && ended !== null && !ended.isAnswering && isGood(ended.atMs);
}

export function noteSilence({ connectionString = "" }: pg.ClientConfig): void {
  keep(connectionString, false);
}

/** The client library's own words have no code. */
export function silence(): Error {
  return Object.assign(new Error("The database does not answer."), { code: "ETIMEDOUT" });
}

function keep(address: string, answers: boolean): void {
  const ended = { atMs: performance.now(), isAnswering: answers };
  looks.set(address, { answer: Promise.resolve(answers), ended });
}

const isGood = (atMs: number): boolean => performance.now() - atMs < GOOD_FOR_MS;

async function look(settings: pg.ClientConfig, withinMs: number): Promise<boolean> {
  const client = new pg.Client({ ...settings, connectionTimeoutMillis: withinMs });
  client.on("error", () => undefined); // Its answer tells.
  try {
    await client.connect();
    return true;
  } catch (error) {
    return error instanceof pg.DatabaseError;
  } finally {
    // Nobody waits for the goodbye of a server that may say none.
    void client.end().catch(() => undefined);
  }
}
