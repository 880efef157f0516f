import { type FileHandle, open } from "node:fs/promises";

/** What commits are written to, and has to be on stable storage before anybody is told of one. */
export interface FlushedLog {
  flush(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The write-ahead log of a database that this process has open. SQLite flushes it within the commit, on the thread that
 * answers everybody; here the threads that write files do it. No lock lies on this file that closing it would take away
 * (SQLite's are on the database and on its `-shm`).
 */
export class LogFile implements FlushedLog {
  readonly #path: string;
  #handle: Promise<FileHandle> | null = null;

  /** @param database its path */
  constructor(database: string) {
    this.#path = `${database}-wal`;
  }

  async flush(): Promise<void> {
    // Windows flushes only what may be written to.
    const handle = await (this.#handle ??= open(this.#path, "r+"));
    await handle.datasync();
  }

  async close(): Promise<void> {
    const handle = await this.#handle?.catch(() => undefined); // Whoever waited for it was told.
    this.#handle = null;
    await handle?.close();
  }
}
