import { storedSourceSchema } from "../cameras/stored-source.ts";
import type { IndexedCamera, StoredCamera } from "./index-rows.ts";
import type { IndexDatabase } from "./open-index.ts";
import type { CameraRow } from "./table-rows.ts";

/** Reads and changes the table of cameras. */
export function cameraQueries(database: IndexDatabase) {
  const all = database.prepare<[], CameraRow>("SELECT * FROM cameras ORDER BY area, name, id");
  const one = database.prepare<[string], CameraRow>("SELECT * FROM cameras WHERE id = ?");
  const put = database.prepare<[string, string, string, string]>(
    `INSERT INTO cameras (id, name, area, source, recorded) VALUES (?, ?, ?, ?, 1)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, area = excluded.area, source = excluded.source, recorded = 1`,
  );
  const stop = database.prepare<[string]>("UPDATE cameras SET recorded = 0 WHERE id = ?");
  const first = database.prepare<[string], { startUs: number }>(
    "SELECT start_us AS startUs FROM segments WHERE camera_id = ? ORDER BY start_us LIMIT 1",
  );
  const last = database.prepare<[string], { endUs: number }>(
    `SELECT g.end_us AS endUs FROM segments g JOIN sessions s ON s.id = g.session_id
     WHERE s.camera_id = ? ORDER BY s.ordinal DESC, g.number DESC LIMIT 1`,
  );
  /** Read anew after a change only: the list is asked for every other second, and may have thousands. */
  let known: readonly IndexedCamera[] | null = null;
  return {
    cameras: () => (known ??= all.all().map(toCamera)),
    camera: (cameraId: string) => {
      const row = one.get(cameraId);
      return row === undefined ? undefined : toCamera(row);
    },
    putCamera: (cameraId: string, change: StoredCamera) => {
      known = null;
      put.run(cameraId, change.name, change.area, JSON.stringify(change.source));
    },
    stopCamera: (cameraId: string) => {
      known = null;
      return stop.run(cameraId).changes > 0;
    },
    extent: (cameraId: string) => {
      const oldest = first.get(cameraId);
      const newest = last.get(cameraId);
      if (oldest === undefined || newest === undefined) return undefined;
      return { startUs: oldest.startUs, endUs: newest.endUs };
    },
  };
}

function toCamera(row: CameraRow): IndexedCamera {
  return { ...row, source: storedSourceSchema.parse(JSON.parse(row.source)), recorded: row.recorded === 1 };
}
