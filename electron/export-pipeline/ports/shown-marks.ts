/**
 * The most bytes of each segment that an operator has seen, which outlives the program however it ends: what is shown is
 * kept first, and never runs back. Nothing else depends on it.
 */
export interface ShownMarks {
  /** Bytes that may be shown; 0 where nothing was kept. */
  of(segmentId: string): number;
  /** This many are to be shown. Whoever made the marks is told once they may be. */
  want(cameraExportId: string, segmentId: string, bytes: number): void;
  /** What the journal says of it is as much. */
  forget(segmentId: string): void;
}

/** For programs without anyone to look at them twice. */
export function marksInMemory(): ShownMarks {
  const marks = new Map<string, number>();
  return {
    of: (segmentId) => marks.get(segmentId) ?? 0,
    want: (_cameraExportId, segmentId, bytes) => void marks.set(segmentId, bytes),
    forget: (segmentId) => void marks.delete(segmentId),
  };
}
