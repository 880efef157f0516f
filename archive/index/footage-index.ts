import { cameraSourceSchema, type CameraChange, type CameraSource } from "#shared/archive-api/archive-api.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";
import type { IndexDatabase } from "./open-index.ts";
import { withoutHoles, type Stretch } from "./runs.ts";

export interface IndexedCamera {
  readonly id: string;
  readonly name: string;
  readonly area: string;
  readonly source: CameraSource;
  /** False after the camera was stopped; its footage stays. */
  readonly recorded: boolean;
}

/** A recording session: one life of a recorder process, one initialization segment. */
export interface NewSession {
  readonly cameraId: string;
  readonly name: string;
  readonly startUs: number;
  /** Presentation time of the session's first frame, in its time scale; `startUs` on the wall clock. */
  readonly baseTime: number;
  readonly timeScale: number;
  /** As in RFC 6381, e.g. `avc1.64001e`. */
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  /** Absent or null where the session has none. */
  readonly sound?: SessionSound | null;
}

/** The sound that was recorded with a session's picture. */
export interface SessionSound {
  readonly trackId: number;
  readonly timeScale: number;
  /** Time of the sound, in its own time scale, at the session's `startUs`; may be negative. */
  readonly baseTime: number;
  readonly codec: string;
}

/** Microseconds UTC. */
export interface Hole {
  readonly startUs: number;
  readonly endUs: number;
}

export interface NewSegment {
  readonly number: number;
  readonly startUs: number;
  readonly endUs: number;
  readonly frameUs: number;
  readonly sizeBytes: number;
  readonly arrivalUs: number;
  /** Made by `packSamples`. */
  readonly samples: Buffer;
  /** The packets of sound in the file, made by `packSamples`; absent or null where there are none. */
  readonly soundSamples?: Buffer | null;
  /** Where frames are missing inside the segment. */
  readonly holes: readonly Hole[];
}

export interface SegmentRow extends Stretch {
  readonly id: number;
  readonly sessionId: number;
  readonly sessionName: string;
  readonly number: number;
  readonly sizeBytes: number;
  /** End of what is shown: earlier than `endUs` where a newer session took over. */
  readonly shownEndUs: number;
  /** Counts a camera's segments for ever: the media sequence number of the live playlist. */
  readonly sequence: number;
  /** Counts a camera's discontinuities for ever. */
  readonly discontinuity: number;
}

export interface SessionRow extends NewSession {
  readonly id: number;
  readonly sound: SessionSound | null;
}

/** How the recorded instants of a range and the arrival of its segments relate, microseconds. */
export interface ClockFacts {
  readonly firstArrivalUs: number;
  readonly lastArrivalUs: number;
  /** Arrival less recorded end, of the range's last segment, and the least and the most of all. */
  readonly lastDriftUs: number;
  readonly leastDriftUs: number;
  readonly mostDriftUs: number;
}

export interface FootageIndex {
  cameras(): IndexedCamera[];
  camera(cameraId: string): IndexedCamera | undefined;
  putCamera(cameraId: string, change: CameraChange): void;
  /** Marks a camera as no longer recorded. False when there is no such camera. */
  stopCamera(cameraId: string): boolean;
  /** First and last instant held of a camera, microseconds UTC. */
  extent(cameraId: string): { startUs: number; endUs: number } | undefined;
  session(cameraId: string, name: string): SessionRow | undefined;
  sessions(cameraId: string): SessionRow[];
  addSession(session: NewSession): SessionRow;
  removeSession(sessionId: number): void;
  /** Adds one segment; adding the same session and number again changes nothing. */
  addSegment(session: SessionRow, segment: NewSegment): void;
  removeSegment(segmentId: number): void;
  segmentsOf(sessionId: number): { readonly id: number; readonly number: number }[];
  /** Shown stretches that touch the range, in order of time. */
  stretches(cameraId: string, range: TimeRange): Stretch[];
  /** Segments of which something is shown in the range, in order of time. */
  segments(cameraId: string, range: TimeRange): SegmentRow[];
  /** The newest segments of which something is shown, oldest of them first. */
  newestSegments(cameraId: string, count: number): SegmentRow[];
  /** Oldest segments of all cameras that no lock touches. */
  oldestUnlocked(count: number): (SegmentRow & { readonly cameraId: string })[];
  hasSegment(cameraId: string, sessionName: string, number: number): boolean;
  samples(segmentId: number): Buffer;
  /** The packets of sound of a segment, or null where it has none. */
  soundSamples(segmentId: number): Buffer | null;
  /** Arrival and drift of the segments of which something is shown in the range; undefined where there is none. */
  clockFacts(cameraId: string, range: TimeRange): ClockFacts | undefined;
  /** Runs the function in one transaction. */
  inOneStep(work: () => void): void;
  /** Forgets sessions and segments, never cameras and locks. */
  forgetFootage(): void;
}

const SEGMENT_COLUMNS = `g.id AS id, g.session_id AS sessionId, s.name AS sessionName, g.number AS number,
  g.start_us AS startUs, g.end_us AS endUs, g.shown_end_us AS shownEndUs, g.frame_us AS frameUs,
  g.size_bytes AS sizeBytes, g.sequence AS sequence, g.discontinuity AS discontinuity`;

const SESSION_COLUMNS = `id, camera_id AS cameraId, name, start_us AS startUs, base_time AS baseTime,
  time_scale AS timeScale, codec, width, height, sound_track_id AS soundTrackId,
  sound_base_time AS soundBaseTime, sound_time_scale AS soundTimeScale, sound_codec AS soundCodec`;

/** No segment is longer than this; bounds how far before a range a segment that touches it may start. */
const LONGEST_SEGMENT_US = 120_000_000;

interface CameraRow {
  readonly id: string;
  readonly name: string;
  readonly area: string;
  readonly source: string;
  readonly recorded: number;
}

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

/** The index over an open database. Every method is synchronous and touches no media file. */
export function footageIndex(database: IndexDatabase): FootageIndex {
  return { ...cameraQueries(database), ...sessionQueries(database), ...segmentQueries(database) };
}

function cameraQueries(database: IndexDatabase) {
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
    "SELECT shown_end_us AS endUs FROM segments WHERE camera_id = ? ORDER BY start_us DESC LIMIT 1",
  );
  return {
    cameras: () => all.all().map(toCamera),
    camera: (cameraId: string) => {
      const row = one.get(cameraId);
      return row === undefined ? undefined : toCamera(row);
    },
    putCamera: (cameraId: string, change: CameraChange) => {
      put.run(cameraId, change.name, change.area, JSON.stringify(change.source));
    },
    stopCamera: (cameraId: string) => stop.run(cameraId).changes > 0,
    extent: (cameraId: string) => {
      const oldest = first.get(cameraId);
      const newest = last.get(cameraId);
      if (oldest === undefined || newest === undefined) return undefined;
      return { startUs: oldest.startUs, endUs: newest.endUs };
    },
  };
}

function toCamera(row: CameraRow): IndexedCamera {
  return { ...row, source: cameraSourceSchema.parse(JSON.parse(row.source)), recorded: row.recorded === 1 };
}

function sessionQueries(database: IndexDatabase) {
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
     WHERE camera_id = :cameraId AND shown_end_us > :startUs
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

function segmentQueries(database: IndexDatabase) {
  const stretches = database.prepare<[string, number, number, number], Stretch>(
    `SELECT start_us AS startUs, shown_end_us AS endUs, frame_us AS frameUs FROM segments
     WHERE camera_id = ? AND start_us >= ? AND start_us < ? AND shown_end_us > max(start_us, ?) ORDER BY start_us`,
  );
  const inRange = database.prepare<[string, number, number, number], SegmentRow>(
    `SELECT ${SEGMENT_COLUMNS} FROM segments g JOIN sessions s ON s.id = g.session_id
     WHERE g.camera_id = ? AND g.start_us >= ? AND g.start_us < ? AND g.shown_end_us > max(g.start_us, ?)
     ORDER BY g.start_us`,
  );
  const newest = database.prepare<[string, number], SegmentRow>(
    `SELECT ${SEGMENT_COLUMNS} FROM segments g JOIN sessions s ON s.id = g.session_id
     WHERE g.camera_id = ? AND g.shown_end_us > g.start_us ORDER BY g.start_us DESC LIMIT ?`,
  );
  const oldest = database.prepare<[number], SegmentRow & { cameraId: string }>(
    `SELECT ${SEGMENT_COLUMNS}, g.camera_id AS cameraId FROM segments g JOIN sessions s ON s.id = g.session_id
     WHERE NOT EXISTS (SELECT 1 FROM locks l WHERE l.camera_id = g.camera_id
       AND l.start_ms * 1000 < g.end_us AND l.end_ms * 1000 > g.start_us)
     ORDER BY g.start_us LIMIT ?`,
  );
  const known = database.prepare<[string, string, number]>(
    `SELECT 1 FROM segments g JOIN sessions s ON s.id = g.session_id
     WHERE s.camera_id = ? AND s.name = ? AND g.number = ?`,
  );
  const ofSession = database.prepare<[number], { id: number; number: number }>(
    "SELECT id, number FROM segments WHERE session_id = ? ORDER BY number",
  );
  const samples = database.prepare<[number], { samples: Buffer }>(
    "SELECT samples FROM segment_samples WHERE segment_id = ?",
  );
  const soundSamples = database.prepare<[number], { samples: Buffer }>(
    "SELECT samples FROM segment_sound WHERE segment_id = ?",
  );
  const clock = database.prepare<[string, number, number, number], Omit<ClockFacts, "lastDriftUs">>(
    `SELECT min(arrival_us) AS firstArrivalUs, max(arrival_us) AS lastArrivalUs, min(drift_us) AS leastDriftUs,
       max(drift_us) AS mostDriftUs FROM segments
     WHERE camera_id = ? AND start_us >= ? AND start_us < ? AND shown_end_us > max(start_us, ?)`,
  );
  const lastDrift = database.prepare<[string, number, number, number], { driftUs: number }>(
    `SELECT drift_us AS driftUs FROM segments
     WHERE camera_id = ? AND start_us >= ? AND start_us < ? AND shown_end_us > max(start_us, ?)
     ORDER BY start_us DESC LIMIT 1`,
  );
  const remove = database.prepare<[number]>("DELETE FROM segments WHERE id = ?");
  const holes = database.prepare<[string, number, number], Hole>(
    `SELECT start_us AS startUs, end_us AS endUs FROM holes
     WHERE camera_id = ? AND start_us >= ? AND start_us < ? ORDER BY start_us`,
  );
  return {
    ...segmentWriter(database),
    stretches: (cameraId: string, range: TimeRange) => {
      const [earliestUs, endUs, startUs] = bounds(range);
      const found = stretches.all(cameraId, earliestUs, endUs, startUs);
      return withoutHoles(found, holes.all(cameraId, earliestUs, endUs));
    },
    segments: (cameraId: string, range: TimeRange) => inRange.all(cameraId, ...bounds(range)),
    newestSegments: (cameraId: string, count: number) => newest.all(cameraId, count).reverse(),
    oldestUnlocked: (count: number) => oldest.all(count),
    hasSegment: (cameraId: string, sessionName: string, number: number) =>
      known.get(cameraId, sessionName, number) !== undefined,
    segmentsOf: (sessionId: number) => ofSession.all(sessionId),
    samples: (segmentId: number) => samples.get(segmentId)?.samples ?? Buffer.alloc(8),
    soundSamples: (segmentId: number) => soundSamples.get(segmentId)?.samples ?? null,
    clockFacts: (cameraId: string, range: TimeRange): ClockFacts | undefined => {
      const last = lastDrift.get(cameraId, ...bounds(range));
      const facts = clock.get(cameraId, ...bounds(range));
      // An aggregate of no row is a row of nulls.
      if (last === undefined || facts === undefined) return undefined;
      return { ...facts, lastDriftUs: last.driftUs };
    },
    removeSegment: (segmentId: number) => void remove.run(segmentId),
  };
}

function bounds(range: TimeRange): [number, number, number] {
  const startUs = range.startUtcMs * 1000;
  return [startUs - LONGEST_SEGMENT_US, range.endUtcMs * 1000, startUs];
}

function segmentWriter(database: IndexDatabase) {
  const previous = database.prepare<
    [string],
    { sessionId: number; endUs: number; sequence: number; discontinuity: number }
  >(
    `SELECT session_id AS sessionId, end_us AS endUs, sequence, discontinuity FROM segments
     WHERE camera_id = ? AND shown_end_us > start_us ORDER BY start_us DESC LIMIT 1`,
  );
  const successor = database.prepare<[string, number], { startUs: number | null }>(
    "SELECT min(start_us) AS startUs FROM sessions WHERE camera_id = ? AND start_us > ?",
  );
  const add = database.prepare<[Record<string, unknown>]>(
    `INSERT INTO segments (camera_id, session_id, number, start_us, end_us, shown_end_us, frame_us, size_bytes,
       arrival_us, sequence, discontinuity)
     VALUES (:cameraId, :sessionId, :number, :startUs, :endUs, :shownEndUs, :frameUs, :sizeBytes, :arrivalUs,
       :sequence, :discontinuity)
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
  const addSegment = (session: SessionRow, segment: NewSegment): void => {
    const before = previous.get(session.cameraId);
    const continues =
      before !== undefined &&
      before.sessionId === session.id &&
      segment.startUs - before.endUs <= segment.frameUs;
    const takenOverUs = successor.get(session.cameraId, session.startUs)?.startUs ?? segment.endUs;
    const shownEndUs = Math.max(segment.startUs, Math.min(segment.endUs, takenOverUs));
    const { samples, soundSamples = null, holes, ...columns } = segment;
    const added = add.run({
      ...columns,
      cameraId: session.cameraId,
      sessionId: session.id,
      shownEndUs,
      sequence: before === undefined ? 0 : before.sequence + 1,
      discontinuity: before === undefined ? 0 : before.discontinuity + (continues ? 0 : 1),
    });
    if (added.changes === 0) return;
    addSamples.run(added.lastInsertRowid, samples);
    if (soundSamples !== null) addSound.run(added.lastInsertRowid, soundSamples);
    for (const hole of holes) addHole.run(added.lastInsertRowid, session.cameraId, hole.startUs, hole.endUs);
  };
  return { addSegment: database.transaction(addSegment) };
}
