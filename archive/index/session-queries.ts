import type { NewSession, SessionRow } from "./footage-index.ts";
import type { IndexDatabase } from "./open-index.ts";
import { LONGEST_SEGMENT_US } from "./segment-queries.ts";

const SESSION_COLUMNS = `id, camera_id AS cameraId, name, start_us AS startUs, base_time AS baseTime,
  time_scale AS timeScale, codec, width, height, sound_track_id AS soundTrackId,
  sound_base_time AS soundBaseTime, sound_time_scale AS soundTimeScale, sound_codec AS soundCodec`;

/** A row of `sessions`, whose four columns of sound are all null or none is. */
interface StoredSession extends Omit<SessionRow, "sound"> {
  readonly soundTrackId: number | null;
  readonly soundTimeScale: number | null;
  readonly soundBaseTime: number | null;
  readonly soundCodec: string | null;
}

function toSession(row: StoredSession): SessionRow {
  const { soundTrackId: trackId, soundTimeScale: timeScale, soundBaseTime: baseTime, ...rest } = row;
  const { soundCodec: codec, ...session } = rest;
  if (trackId === null || timeScale === null || baseTime === null || codec === null) {
    return { ...session, sound: null };
  }
  return { ...session, sound: { trackId, timeScale, baseTime, codec } };
}

/** Reads and changes the table of sessions. */
export function sessionQueries(database: IndexDatabase) {
  const one = database.prepare<[string, string], StoredSession>(
    `SELECT ${SESSION_COLUMNS} FROM sessions WHERE camera_id = ? AND name = ?`,
  );
  const all = database.prepare<[string], StoredSession>(
    `SELECT ${SESSION_COLUMNS} FROM sessions WHERE camera_id = ? ORDER BY start_us`,
  );
  const add = database.prepare<[Omit<StoredSession, "id">]>(
    `INSERT INTO sessions (camera_id, name, start_us, base_time, time_scale, codec, width, height,
       sound_track_id, sound_base_time, sound_time_scale, sound_codec)
     VALUES (:cameraId, :name, :startUs, :baseTime, :timeScale, :codec, :width, :height,
       :soundTrackId, :soundBaseTime, :soundTimeScale, :soundCodec)`,
  );
  const takeOver = database.prepare<[Pick<NewSession, "cameraId" | "startUs">]>(
    `UPDATE segments SET shown_end_us = max(start_us, :startUs)
     WHERE camera_id = :cameraId AND start_us > :startUs - ${LONGEST_SEGMENT_US} AND shown_end_us > :startUs
       AND session_id IN (SELECT id FROM sessions WHERE camera_id = :cameraId AND start_us < :startUs)`,
  );
  const remove = database.prepare<[number]>("DELETE FROM sessions WHERE id = ?");
  const forget = database.prepare<[]>("DELETE FROM sessions");
  return {
    session: (cameraId: string, name: string) => {
      const row = one.get(cameraId, name);
      return row === undefined ? undefined : toSession(row);
    },
    sessions: (cameraId: string) => all.all(cameraId).map(toSession),
    addSession: ({ sound = null, ...session }: NewSession): SessionRow => {
      const columns = {
        ...{ soundTrackId: sound?.trackId ?? null, soundTimeScale: sound?.timeScale ?? null },
        ...{ soundBaseTime: sound?.baseTime ?? null, soundCodec: sound?.codec ?? null },
      };
      const id = Number(add.run({ ...session, ...columns }).lastInsertRowid);
      takeOver.run({ cameraId: session.cameraId, startUs: session.startUs });
      return { ...session, id, sound };
    },
    removeSession: (sessionId: number) => void remove.run(sessionId),
    inOneStep: (work: () => void) => database.transaction(work)(),
    forgetFootage: () => void forget.run(),
  };
}
