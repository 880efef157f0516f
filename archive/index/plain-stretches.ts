import type { Stretch } from "./index-rows.ts";
import type { IndexDatabase } from "./open-index.ts";
import type { PlainRow } from "./table-rows.ts";

/** When footage files must start, and where they must reach, to have to do with a range. Microseconds. */
interface Reach {
  readonly firstStartUs: number;
  readonly startUs: number;
  readonly endUs: number;
}

/**
 * The stretches of a range whose footage is plain: no session was taken over at a frame, no two overlap, and no frames
 * are missing within a footage file. Most days are, and are told in a quarter of the time that it takes to lay sessions
 * over each other.
 */
export function plainStretches(database: IndexDatabase) {
  const rows = database
    .prepare<[string, number, number, number], PlainRow>(
      `SELECT start_us, end_us, frame_us, session_id FROM segments
       WHERE camera_id = ? AND start_us >= ? AND start_us < ? AND end_us > ? ORDER BY start_us`,
    )
    .raw();
  const hasHole = database
    .prepare<[string, number, number], number>(
      "SELECT 1 FROM holes WHERE camera_id = ? AND start_us >= ? AND start_us < ? LIMIT 1",
    )
    .pluck();
  const takenOver = database
    .prepare<[string], number>(
      `SELECT s.id FROM sessions n JOIN sessions s ON s.camera_id = n.camera_id AND s.name = n.seam_session
       WHERE n.camera_id = ? AND n.seam_session IS NOT NULL`,
    )
    .pluck();
  /** @returns those that touch the instants between, in order; null where the footage is not plain */
  return (cameraId: string, reach: Reach, fromUs: number, toUs: number): Stretch[] | null => {
    const { firstStartUs, startUs, endUs } = reach;
    if (hasHole.get(cameraId, firstStartUs, endUs) !== undefined) return null;
    const seamed = new Set(takenOver.all(cameraId));
    const stretches: Stretch[] = [];
    let [reachedUs, reachedBy] = [-Infinity, 0];
    for (const [rowStartUs, rowEndUs, frameUs, sessionId] of rows.all(
      cameraId,
      firstStartUs,
      endUs,
      startUs,
    )) {
      if ((rowStartUs < reachedUs && sessionId !== reachedBy) || seamed.has(sessionId)) return null;
      if (rowEndUs > reachedUs) [reachedUs, reachedBy] = [rowEndUs, sessionId];
      if (rowStartUs < toUs && rowEndUs > fromUs)
        stretches.push({ startUs: rowStartUs, endUs: rowEndUs, frameUs });
    }
    return stretches;
  };
}
