import type { NewFootageFile, SessionRow } from "./index-rows.ts";
import type { IndexDatabase } from "./open-index.ts";

/** Adds footage files, and works out where each stands in the live numbering. */
export function footageFileWriter(database: IndexDatabase, noteAdded: (cameraId: string) => void) {
  const previous = database.prepare<
    [string],
    { sessionId: number; endUs: number; sequence: number; discontinuity: number }
  >(
    `SELECT session_id AS sessionId, end_us AS endUs, sequence, discontinuity FROM segments
     WHERE camera_id = ? ORDER BY sequence DESC LIMIT 1`,
  );
  const add = database.prepare<[Record<string, unknown>]>(
    `INSERT INTO segments (camera_id, session_id, number, start_us, end_us, frame_us, size_bytes,
       arrival_us, sequence, discontinuity, aged_us)
     SELECT :cameraId, id, :number, :startUs, :endUs, :frameUs, :sizeBytes, :arrivalUs,
       :sequence, :discontinuity, :endUs + aged_offset_us FROM sessions WHERE id = :sessionId
     ON CONFLICT DO NOTHING`,
  );
  const addSamples = database.prepare<[number | bigint, Buffer]>(
    "INSERT INTO segment_samples (segment_id, samples) VALUES (?, ?)",
  );
  const addSound = database.prepare<[number | bigint, Buffer]>(
    "INSERT INTO segment_sound (segment_id, samples) VALUES (?, ?)",
  );
  const addHole = database.prepare<[number | bigint, string, number, number]>(
    "INSERT INTO holes (segment_id, camera_id, start_us, end_us) VALUES (?, ?, ?, ?)",
  );
  const addFootageFile = (session: SessionRow, footageFile: NewFootageFile): void => {
    const before = previous.get(session.cameraId);
    const continues =
      before !== undefined &&
      before.sessionId === session.id &&
      footageFile.startUs - before.endUs <= footageFile.frameUs;
    const { samples, soundSamples = null, holes, ...columns } = footageFile;
    const added = add.run({
      ...columns,
      cameraId: session.cameraId,
      sessionId: session.id,
      sequence: before === undefined ? 0 : before.sequence + 1,
      discontinuity: before === undefined ? 0 : before.discontinuity + (continues ? 0 : 1),
    });
    if (added.changes === 0) return;
    noteAdded(session.cameraId);
    addSamples.run(added.lastInsertRowid, samples);
    if (soundSamples !== null) addSound.run(added.lastInsertRowid, soundSamples);
    for (const hole of holes) addHole.run(added.lastInsertRowid, session.cameraId, hole.startUs, hole.endUs);
  };
  return {
    addFootageFile: (session: SessionRow, footageFile: NewFootageFile): void =>
      database.transaction(() => addFootageFile(session, footageFile))(),
  };
}
