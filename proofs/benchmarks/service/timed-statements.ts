/** How long each statement of SQLite keeps the thread that runs it, in processor time: a busy machine changes that little. */
import SqliteDatabase from "better-sqlite3";

/** What better-sqlite3 runs statements with; Kysely uses the first three. */
const WAYS = ["all", "run", "get"] as const;

export interface StatementTime {
  readonly text: string;
  readonly runs: number;
  readonly longestMs: number;
}

const threadMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};

/** From now on all statements of this thread are timed. @returns the longest first; what was timed before is forgotten */
export function timeStatements(): () => StatementTime[] {
  const times = new Map<string, { runs: number; longestMs: number }>();
  const probe = new SqliteDatabase(":memory:");
  const prototype: unknown = Object.getPrototypeOf(probe.prepare("SELECT 1"));
  probe.close();
  if (typeof prototype !== "object" || prototype === null) throw new Error("Statements have no prototype.");
  for (const way of WAYS) timeCalls(prototype, way, times);
  return () => {
    const rows = [...times].map(([text, { runs, longestMs }]) => ({ text, runs, longestMs }));
    times.clear();
    return rows.toSorted((a, b) => b.longestMs - a.longestMs);
  };
}

function timeCalls(
  prototype: object,
  way: string,
  times: Map<string, { runs: number; longestMs: number }>,
): void {
  const original: unknown = Reflect.get(prototype, way);
  if (typeof original !== "function") throw new Error(`Statements have no ${way}.`);
  Reflect.set(prototype, way, function timed(this: SqliteDatabase.Statement, ...parameters: unknown[]) {
    const beganMs = threadMs();
    const answer: unknown = Reflect.apply(original, this, parameters);
    const tookMs = threadMs() - beganMs;
    const before = times.get(this.source);
    times.set(this.source, {
      runs: (before?.runs ?? 0) + 1,
      longestMs: Math.max(before?.longestMs ?? 0, tookMs),
    });
    return answer;
  });
}
