import type { TimeRange } from "#shared/domain/time-range.ts";
import type { ClockFacts, Hole, SegmentRow } from "./footage-index.ts";
import type { IndexDatabase } from "./open-index.ts";
import { withoutHoles, type Stretch } from "./runs.ts";

const SEGMENT_COLUMNS = `g.id AS id, g.session_id AS sessionId, s.name AS sessionName, g.number AS number,
  g.start_us AS startUs, g.end_us AS endUs, g.shown_end_us AS shownEndUs, g.frame_us AS frameUs,
  g.size_bytes AS sizeBytes, g.sequence AS sequence, g.discontinuity AS discontinuity`;

/** No segment is longer than this; bounds how far before a range a segment that touches it may start. */
export const LONGEST_SEGMENT_US = 120_000_000;

/** Reads the tables of segments, and removes segments. */
export function segmentQueries(database: IndexDatabase) {
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
  const recorded = database.prepare<[], string>("SELECT DISTINCT camera_id FROM sessions").pluck();
  // Camera by camera, because the index of times is one of each camera's.
  const oldest = database.prepare<[string, number], SegmentRow & { cameraId: string }>(
    `SELECT ${SEGMENT_COLUMNS}, g.camera_id AS cameraId FROM segments g JOIN sessions s ON s.id = g.session_id
     WHERE g.camera_id = ? AND NOT EXISTS (SELECT 1 FROM locks l WHERE l.camera_id = g.camera_id
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
    stretches: (cameraId: string, range: TimeRange) => {
      const [earliestUs, endUs, startUs] = bounds(range);
      const found = stretches.all(cameraId, earliestUs, endUs, startUs);
      return withoutHoles(found, holes.all(cameraId, earliestUs, endUs));
    },
    segments: (cameraId: string, range: TimeRange) => inRange.all(cameraId, ...bounds(range)),
    newestSegments: (cameraId: string, count: number) => newest.all(cameraId, count).reverse(),
    oldestUnlocked: (count: number) => {
      const ofAll = recorded.all().flatMap((cameraId) => oldest.all(cameraId, count));
      return ofAll.sort((a, b) => a.startUs - b.startUs).slice(0, count);
    },
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
