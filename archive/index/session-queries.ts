import type { NewSession, Seam, SessionRow } from "./index-rows.ts";
import type { IndexDatabase } from "./open-index.ts";
import type { StoredSessionRow } from "./table-rows.ts";

const SESSION_COLUMNS = `id, camera_id AS cameraId, name, start_us AS startUs, base_time AS baseTime,
  time_scale AS timeScale, codec, width, height, sound_track_id AS soundTrackId,
  sound_base_time AS soundBaseTime, sound_time_scale AS soundTimeScale, sound_codec AS soundCodec, ordinal,
  seam_session AS seamSession, seam_number AS seamNumber, seam_us AS seamUs, seam_from_us AS seamFromUs,
  boot_id AS bootId, boot_uptime_ms AS bootUptimeMs, aged_offset_us AS agedOffsetUs`;

function toSession(row: StoredSessionRow): SessionRow {
  const { soundTrackId: trackId, soundTimeScale: timeScale, soundBaseTime: baseTime, ...rest } = row;
  const { soundCodec: codec, seamSession, seamNumber, seamUs, seamFromUs, ...others } = rest;
  const { bootId, bootUptimeMs: uptimeMs, agedOffsetUs: laterUs, ...plain } = others;
  const begun = bootId === null || uptimeMs === null ? null : { bootId, uptimeMs, laterUs };
  const session = { ...plain, begun, seam: toSeam({ seamSession, seamNumber, seamUs, seamFromUs }) };
  if (trackId === null || timeScale === null || baseTime === null || codec === null) {
    return { ...session, sound: null };
  }
  return { ...session, sound: { trackId, timeScale, baseTime, codec } };
}

function toSeam(row: Pick<StoredSessionRow, SeamColumn>): Seam | null {
  const { seamSession: session, seamNumber: number, seamUs: atUs, seamFromUs: fromUs } = row;
  if (session === null || number === null || atUs === null || fromUs === null) return null;
  return { session, number, atUs, fromUs };
}

type SeamColumn = "seamSession" | "seamNumber" | "seamUs" | "seamFromUs";
type AddedSession = Omit<StoredSessionRow, "id" | SeamColumn>;

/** Reads and changes the table of sessions. */
export function sessionQueries(database: IndexDatabase) {
  const one = database.prepare<[string, string], StoredSessionRow>(
    `SELECT ${SESSION_COLUMNS} FROM sessions WHERE camera_id = ? AND name = ?`,
  );
  const all = database.prepare<[string], StoredSessionRow>(
    `SELECT ${SESSION_COLUMNS} FROM sessions WHERE camera_id = ? ORDER BY ordinal`,
  );
  const add = database.prepare<[AddedSession]>(
    `INSERT INTO sessions (camera_id, name, start_us, base_time, time_scale, codec, width, height,
       sound_track_id, sound_base_time, sound_time_scale, sound_codec, ordinal, boot_id, boot_uptime_ms,
       aged_offset_us)
     VALUES (:cameraId, :name, :startUs, :baseTime, :timeScale, :codec, :width, :height,
       :soundTrackId, :soundBaseTime, :soundTimeScale, :soundCodec, :ordinal, :bootId, :bootUptimeMs,
       :agedOffsetUs)`,
  );
  const next = database
    .prepare<[string], number>("SELECT coalesce(max(ordinal), 0) + 1 FROM sessions WHERE camera_id = ?")
    .pluck();
  const putSeam = database.prepare<[string, number, number, number, number]>(
    "UPDATE sessions SET seam_session = ?, seam_number = ?, seam_us = ?, seam_from_us = ? WHERE id = ?",
  );
  const dateBoot = database.prepare<[number, string]>(
    "UPDATE sessions SET aged_offset_us = (? + boot_uptime_ms) * 1000 - start_us WHERE boot_id = ?",
  );
  const dateFootageFiles = database.prepare<[string]>(
    `UPDATE segments SET aged_us = end_us + s.aged_offset_us FROM sessions s
     WHERE s.boot_id = ? AND segments.session_id = s.id`,
  );
  const remove = database.prepare<[number]>("DELETE FROM sessions WHERE id = ?");
  const forget = database.prepare<[]>("DELETE FROM sessions");
  return {
    session: (cameraId: string, name: string) => {
      const row = one.get(cameraId, name);
      return row === undefined ? undefined : toSession(row);
    },
    sessions: (cameraId: string) => all.all(cameraId).map(toSession),
    putSeam: (sessionId: number, { session, number, atUs, fromUs }: Seam) =>
      void putSeam.run(session, number, atUs, fromUs, sessionId),
    putBoot: (bootId: string, beganUtcMs: number): void =>
      database.transaction(() => {
        if (dateBoot.run(Math.round(beganUtcMs), bootId).changes > 0) dateFootageFiles.run(bootId);
      })(),
    addSession: ({ sound = null, begun = null, ...added }: NewSession): SessionRow => {
      const session = { ...added, ordinal: added.ordinal ?? next.get(added.cameraId) ?? 1 };
      const columns = {
        ...{ soundTrackId: sound?.trackId ?? null, soundTimeScale: sound?.timeScale ?? null },
        ...{ soundBaseTime: sound?.baseTime ?? null, soundCodec: sound?.codec ?? null },
        ...{ bootId: begun?.bootId ?? null, bootUptimeMs: begun?.uptimeMs ?? null },
        agedOffsetUs: begun?.laterUs ?? 0,
      };
      const id = Number(add.run({ ...session, ...columns }).lastInsertRowid);
      return { ...session, id, sound, begun, seam: null };
    },
    removeSession: (sessionId: number) => void remove.run(sessionId),
    inOneStep: (work: () => void) => database.transaction(work)(),
    forgetFootage: () => void forget.run(),
  };
}
