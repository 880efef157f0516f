import { uptime } from "node:os";
import type { ClockFacts, Hole, Overlap, FootageFileRow, Stretch } from "./index-rows.ts";
import type { FootageQuery } from "./footage-query.ts";
import type { IndexDatabase } from "./open-index.ts";
import type { RecordedRow, SeamRow } from "./table-rows.ts";
import { plainStretches } from "./plain-stretches.ts";
import { withoutHoles } from "./runs.ts";
import { MOST_DRAWN_US, overlapsOf, shownPieces, type Recordings } from "./shown-pieces.ts";

const FILE_COLUMNS = `g.id AS id, g.session_id AS sessionId, s.name AS sessionName, g.number AS number,
  g.start_us AS startUs, g.end_us AS endUs, g.frame_us AS frameUs, g.size_bytes AS sizeBytes,
  g.arrival_us AS arrivalUs, g.sequence AS sequence, g.discontinuity AS discontinuity, s.ordinal AS ordinal`;

/** Of all recordings. */
type CameraRange = Omit<FootageQuery, "recording">;

/** Reads the tables of footage files, and removes footage files. */
export function footageFileQueries(database: IndexDatabase) {
  const inTime = database.prepare<[string, number, number, number], RecordedRow>(
    `SELECT ${FILE_COLUMNS} FROM segments g JOIN sessions s ON s.id = g.session_id
     WHERE g.camera_id = ? AND g.start_us >= ? AND g.start_us < ? AND g.end_us > ? ORDER BY g.start_us`,
  );
  const longest = database
    .prepare<[string], number>(
      "SELECT end_us - start_us FROM segments WHERE camera_id = ? ORDER BY (end_us - start_us) DESC LIMIT 1",
    )
    .pluck();
  const seams = database.prepare<[string], SeamRow>(
    `SELECT seam_session AS name, seam_number AS number, seam_us AS atUs, seam_from_us AS fromUs, id AS nextId,
       start_us AS startUs FROM sessions WHERE camera_id = ? AND seam_session IS NOT NULL`,
  );
  const endOf = database
    .prepare<[number], number | null>("SELECT max(end_us) FROM segments WHERE session_id = ?")
    .pluck();
  const newest = database.prepare<[string, number], RecordedRow>(
    `SELECT ${FILE_COLUMNS} FROM segments g JOIN sessions s ON s.id = g.session_id
     WHERE g.camera_id = ? ORDER BY g.sequence DESC LIMIT ?`,
  );
  const allOfSession = database.prepare<[number], RecordedRow>(
    `SELECT ${FILE_COLUMNS} FROM segments g JOIN sessions s ON s.id = g.session_id
     WHERE g.session_id = ? ORDER BY g.number`,
  );
  const holes = database.prepare<[string, number, number], Hole & { footageFileId: number }>(
    `SELECT segment_id AS footageFileId, start_us AS startUs, end_us AS endUs FROM holes
     WHERE camera_id = ? AND start_us >= ? AND start_us < ? ORDER BY start_us`,
  );
  const recorded = database.prepare<[], string>("SELECT DISTINCT camera_id FROM sessions").pluck();
  // What is drawn to the start of the next session is shown that much earlier or later than it was recorded, and is
  // locked at either. The footage file that the first locked one follows may be needed to decode what that begins with.
  const drawnUs = "coalesce(abs(n.start_us - n.seam_us), 0)";
  const isUnlocked = `NOT EXISTS (SELECT 1 FROM locks l WHERE l.camera_id = g.camera_id
       AND l.start_ms * 1000 - ${drawnUs} < coalesce(
         (SELECT max(f.end_us) FROM segments f WHERE f.camera_id = g.camera_id AND f.start_us > g.start_us
           AND f.start_us BETWEEN g.end_us - ${drawnUs} AND g.end_us + ${drawnUs}), g.end_us)
       AND l.end_ms * 1000 + ${drawnUs} > g.start_us)`;
  // Camera by camera, because the index of ages is one of each camera's.
  const oldest = database.prepare<[string, number], RecordedRow & { cameraId: string; agedUs: number }>(
    `SELECT ${FILE_COLUMNS}, g.camera_id AS cameraId, g.aged_us AS agedUs FROM segments g JOIN sessions s ON s.id = g.session_id
     LEFT JOIN sessions n ON n.camera_id = s.camera_id AND n.seam_session = s.name
     WHERE g.camera_id = ? AND ${isUnlocked}
     ORDER BY g.aged_us LIMIT ?`,
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
  const remove = database.prepare<[number]>("DELETE FROM segments WHERE id = ?");
  const removeUnlocked = database.prepare<[number]>(
    `DELETE FROM segments WHERE id = (SELECT g.id FROM segments g JOIN sessions s ON s.id = g.session_id
     LEFT JOIN sessions n ON n.camera_id = s.camera_id AND n.seam_session = s.name
     WHERE g.id = ? AND ${isUnlocked})`,
  );
  const plain = plainStretches(database);
  /** Where other sessions took over; a query of a range needs it as a whole. */
  const recordingsOf = (query: CameraRange): Recordings => {
    const byName = new Map(seams.all(query.cameraId).map((row) => [row.name, row]));
    // Asked for each footage file of a session.
    const found = new Map<string, ReturnType<Recordings["seamOf"]>>();
    const seamOf: Recordings["seamOf"] = (name) => {
      const row = byName.get(name);
      if (row === undefined) return null;
      const { number, atUs, fromUs, nextId, startUs } = row;
      const seam = { session: name, number, atUs, fromUs };
      return { seam, startUs, endUs: endOf.get(nextId) ?? startUs };
    };
    return {
      seamOf: (name) => {
        const known = found.get(name);
        if (known !== undefined) return known;
        const seam = seamOf(name);
        found.set(name, seam);
        return seam;
      },
      holesOf: holesIn(query),
    };
  };
  const longestUs = (cameraId: string): number => longest.get(cameraId) ?? 0;
  /** From where to where something can lie that has to do with what is shown in the range. */
  const reachOf = ({ cameraId, range }: CameraRange) => {
    const reachUs = longestUs(cameraId) + MOST_DRAWN_US;
    const [startUs, endUs] = [range.startUtcMs * 1000 - reachUs, range.endUtcMs * 1000 + reachUs];
    return { firstStartUs: startUs - reachUs, startUs, endUs };
  };
  const holesIn = (query: CameraRange): ((footageFileId: number) => readonly Hole[]) => {
    let found: Map<number, Hole[]> | undefined;
    const read = (): Map<number, Hole[]> => {
      const { firstStartUs, endUs } = reachOf(query);
      return Map.groupBy(
        holes.all(query.cameraId, firstStartUs, endUs),
        ({ footageFileId }) => footageFileId,
      );
    };
    return (footageFileId) => (found ??= read()).get(footageFileId) ?? [];
  };
  const recordedIn = (query: CameraRange): RecordedRow[] => {
    const { firstStartUs, startUs, endUs } = reachOf(query);
    return inTime.all(query.cameraId, firstStartUs, endUs, startUs);
  };
  const footageFiles = (query: FootageQuery): FootageFileRow[] => {
    const { range, recording } = query;
    const rows = recordedIn(query);
    const pieces =
      recording === undefined
        ? shownPieces(rows, recordingsOf(query))
        : rows.filter(({ sessionName }) => sessionName === recording).map(asRecorded);
    const [startUs, endUs] = [range.startUtcMs * 1000, range.endUtcMs * 1000];
    return pieces.filter((row) => row.shownStartUs < endUs && row.shownEndUs > startUs);
  };
  /** By a clock that counts sleep and that nobody can set, as whatever clock the footage was dated by can step. */
  const addedAt = new Map<string, number>();
  return {
    longestUs,
    footageFiles,
    overlaps: (query: CameraRange): Overlap[] => {
      const [startUs, endUs] = [query.range.startUtcMs * 1000, query.range.endUtcMs * 1000];
      return overlapsOf(recordedIn(query), recordingsOf(query))
        .filter((overlap) => overlap.startUs < endUs && overlap.endUs > startUs)
        .map((overlap) => ({
          ...overlap,
          ...{ startUs: Math.max(startUs, overlap.startUs), endUs: Math.min(endUs, overlap.endUs) },
        }));
    },
    stretches: (query: FootageQuery): Stretch[] => {
      const { cameraId, range, recording } = query;
      const [startUs, endUs] = [range.startUtcMs * 1000, range.endUtcMs * 1000];
      const all = recording === undefined ? plain(cameraId, reachOf(query), startUs, endUs) : null;
      if (all !== null) return all;
      const holesOf = holesIn(query);
      return footageFiles(query).flatMap((row) =>
        withoutHoles([asStretch(row)], shownHoles(row, holesOf(row.id))),
      );
    },
    footageFileRowsOf: (sessionId: number) => allOfSession.all(sessionId).map(asRecorded),
    newestFootageFiles: (cameraId: string, count: number) =>
      newest.all(cameraId, count).reverse().map(asRecorded),
    addedAgoMs: (cameraId: string) => {
      const at = addedAt.get(cameraId);
      return at === undefined ? null : (uptime() - at) * 1000;
    },
    noteAdded: (cameraId: string) => void addedAt.set(cameraId, uptime()),
    forgetArrivals: () => addedAt.clear(),
    oldestUnlocked: (count: number) => {
      const ofAll = recorded
        .all()
        .flatMap((cameraId) =>
          oldest.all(cameraId, count).map((row) => ({ ...asRecorded(row), cameraId, agedUs: row.agedUs })),
        );
      return ofAll.sort((a, b) => a.agedUs - b.agedUs).slice(0, count);
    },
    hasFootageFile: (cameraId: string, sessionName: string, number: number) =>
      known.get(cameraId, sessionName, number) !== undefined,
    footageFilesOf: (sessionId: number) => ofSession.all(sessionId),
    samples: (footageFileId: number) => samples.get(footageFileId)?.samples ?? Buffer.alloc(8),
    soundSamples: (footageFileId: number) => soundSamples.get(footageFileId)?.samples ?? null,
    clockFacts: (query: FootageQuery) => factsOf(footageFiles(query)),
    removeFootageFile: (footageFileId: number) => void remove.run(footageFileId),
    removeUnlocked: (footageFileId: number) => removeUnlocked.run(footageFileId).changes > 0,
  };
}

/** As if it were the only recording. */
const asRecorded = (row: RecordedRow): FootageFileRow => {
  const { startUs, endUs } = row;
  return { ...row, shownStartUs: startUs, shownEndUs: endUs, fromUs: startUs, toUs: endUs };
};

const asStretch = ({ shownStartUs, shownEndUs, frameUs }: FootageFileRow): Stretch => {
  return { startUs: shownStartUs, endUs: shownEndUs, frameUs };
};

/** Where frames are missing in what is shown of a footage file, on the wall clock. */
function shownHoles(row: FootageFileRow, holes: readonly Hole[]): Hole[] {
  if (holes.length === 0) return [];
  const pace = (row.shownEndUs - row.shownStartUs) / (row.toUs - row.fromUs);
  const shown = (us: number): number => Math.round(row.shownStartUs + (us - row.fromUs) * pace);
  return holes.map(({ startUs, endUs }) => ({ startUs: shown(startUs), endUs: shown(endUs) }));
}

function factsOf(rows: readonly FootageFileRow[]): ClockFacts | undefined {
  const last = rows.at(-1);
  if (last === undefined) return undefined;
  const driftOf = ({ arrivalUs, endUs }: FootageFileRow): number => arrivalUs - endUs;
  const least = (of: (row: FootageFileRow) => number): number =>
    rows.reduce((value, row) => Math.min(value, of(row)), Infinity);
  return {
    firstArrivalUs: least((row) => row.arrivalUs),
    lastArrivalUs: -least((row) => -row.arrivalUs),
    lastDriftUs: driftOf(last),
    leastDriftUs: least(driftOf),
    mostDriftUs: -least((row) => -driftOf(row)),
  };
}
