import type { FootageLock } from "#shared/archive-api/archive-api.ts";
import type { IndexDatabase } from "./open-index.ts";

/** Ranges that retention never touches. Durable when the call returns; both calls are idempotent. */
export interface FootageLocks {
  put(id: string, lock: FootageLock): void;
  remove(id: string): void;
}

export function footageLocks(database: IndexDatabase): FootageLocks {
  const put = database.prepare<[string, string, number, number]>(
    `INSERT INTO locks (id, camera_id, start_ms, end_ms) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET camera_id = excluded.camera_id, start_ms = excluded.start_ms, end_ms = excluded.end_ms`,
  );
  const remove = database.prepare<[string]>("DELETE FROM locks WHERE id = ?");
  /** A lock's promise outlives a power cut, unlike an index row, which can be rebuilt from the files. */
  const durably = (work: () => void): void => {
    database.pragma("synchronous = FULL");
    try {
      work();
    } finally {
      database.pragma("synchronous = NORMAL");
    }
  };
  return {
    put: (id, lock) => durably(() => put.run(id, lock.cameraId, lock.startUtcMs, lock.endUtcMs)),
    remove: (id) => durably(() => remove.run(id)),
  };
}
