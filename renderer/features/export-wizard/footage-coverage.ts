import { coveredMs, type Footage, type Run } from "#shared/domain/footage.ts";
import type { ExportPlanSummary } from "#shared/ipc-contract/camera-contract.ts";
import { durationMs, HOUR_MS, intersect, MINUTE_MS, type TimeRange } from "#shared/domain/time-range.ts";
import { formatRoughDuration } from "#shared/words/durations.ts";
import { formatCount } from "#shared/words/amounts.ts";

/** A piece of the coverage bar, in fractions of its width. */
export interface CoveragePiece {
  readonly kind: "footage" | "gap";
  readonly from: number;
  readonly to: number;
}

/** The bar's pieces in order; they fill it without holes. */
export function coveragePieces(range: TimeRange, footage: Footage): CoveragePiece[] {
  const pieces = [
    ...footage.runs.map((run) => pieceOf("footage", run, range)),
    ...footage.gaps.map((gap) => pieceOf("gap", gap, range)),
  ];
  return pieces.filter((piece) => piece !== null).toSorted((a, b) => a.from - b.from);
}

function pieceOf(kind: CoveragePiece["kind"], part: TimeRange, range: TimeRange): CoveragePiece | null {
  const inside = intersect(part, range);
  if (inside === null) return null;
  return {
    kind,
    from: (inside.startUtcMs - range.startUtcMs) / durationMs(range),
    to: (inside.endUtcMs - range.startUtcMs) / durationMs(range),
  };
}

interface CoveredRange {
  readonly range: TimeRange;
  readonly runs: readonly Run[];
  readonly gaps: readonly TimeRange[];
}

/**
 * Says in words what is missing.
 * @param inWords writes a duration, e.g. "4 min 10 s"
 * @param atTime writes an instant in the site's zone
 */
export function gapSentence(
  { range, runs, gaps }: CoveredRange,
  inWords: (ms: number) => string,
  atTime: (utcMs: number) => string,
): string | null {
  const [first] = gaps;
  if (first === undefined) return null;
  const missing = inWords(durationMs(range) - coveredMs(range, runs));
  if (gaps.length > 1)
    return `${formatCount(gaps.length, "gap")}: ${missing} of the range were not recorded.`;
  return `1 gap: ${missing} not recorded, from ${atTime(first.startUtcMs)} to ${atTime(first.endUtcMs)}.`;
}

/** Sessions that take over from each other overlap for some seconds; that is no clock that was set back. */
const OVERLAP_MIN_MS = 15_000;

export type RecordedTwice = ExportPlanSummary["overlaps"][number];

/** Those that a clock that was set back leaves. */
const longOf = (overlaps: readonly RecordedTwice[]): RecordedTwice[] =>
  overlaps.filter((overlap) => durationMs(overlap) >= OVERLAP_MIN_MS);

/** Recordings that can be sent in place of what the archive shows, each once. */
export function hiddenRecordings(overlaps: readonly RecordedTwice[]): string[] {
  return [...new Set(longOf(overlaps).map(({ hidden }) => hidden))];
}

/** An archive names a recording by the millisecond at which it began by the archive's clock. */
export const begunUtcMs = (recording: string): number => Number(recording);

/** Says that a stretch was recorded twice, and which recording is sent. */
export function overlapSentence(
  overlaps: readonly RecordedTwice[],
  atTime: (utcMs: number) => string,
): string | null {
  const long = longOf(overlaps);
  const [first] = long;
  if (first === undefined) return null;
  const where =
    long.length > 1
      ? `${long.length} stretches of the range were`
      : `${atTime(first.startUtcMs)} to ${atTime(first.endUtcMs)} was`;
  return `${where} recorded twice, as when the archive's clock is set back: the later recording is sent, the other stays in the archive.`;
}

/** What of a range is about to go is said when it goes within a day. */
const EXPIRES_SOON_MS = 24 * HOUR_MS;

export interface Retention {
  readonly oldestUtcMs: number | null;
  /** How long footage is kept that no export holds; null while that is not known. */
  readonly keptMs: number | null;
  readonly nowUtcMs: number;
}

/**
 * Retention eats from the oldest end: a range that starts before the oldest footage has lost its beginning already, and
 * what follows is the next to go. Finish holds what is left.
 * @param atTime writes an instant in the site's zone
 * @returns the sentence, or null where the range is not at risk
 */
export function retentionSentence(
  range: TimeRange,
  { oldestUtcMs, keptMs, nowUtcMs }: Retention,
  atTime: (utcMs: number) => string,
): string | null {
  if (oldestUtcMs === null) return null;
  const oldestAskedUtcMs = Math.max(range.startUtcMs, oldestUtcMs);
  const leftMs = keptMs === null ? null : oldestAskedUtcMs + keptMs - nowUtcMs;
  const expires =
    leftMs === null || leftMs > EXPIRES_SOON_MS ? null : `oldest footage expires ${inRoughly(leftMs)}`;
  if (range.startUtcMs >= oldestUtcMs) return expires && `${capital(expires)}; Finish keeps it.`;
  const lost = `Footage of this camera starts at ${atTime(oldestUtcMs)}: anything before was not recorded or has expired`;
  return expires === null
    ? `${lost}, and what follows expires next.`
    : `${lost}; ${expires}; Finish keeps it.`;
}

/** "in 3 h 10 min": rounded down, because it must not be sooner than is said. */
function inRoughly(leftMs: number): string {
  if (leftMs < MINUTE_MS) return "now";
  return `in ${formatRoughDuration(Math.floor(leftMs / MINUTE_MS) * MINUTE_MS)}`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
