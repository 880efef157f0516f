/** What a console's processes are, as far as they are watched. */
export const PARTS = ["main", "page", "archive", "evidence service", "browser", "recorders"] as const;
export type Part = (typeof PARTS)[number];

/** Resident memory of each part at a moment, megabytes; a part of several processes is their sum. */
export interface MemorySample {
  readonly atMs: number;
  readonly residentMB: Readonly<Record<Part, number>>;
}

/** Slope of the straight line that lies nearest to the samples (least squares), megabytes an hour. */
export function slopeMBAnHour(samples: readonly MemorySample[], part: Part): number {
  const points = samples.map(({ atMs, residentMB }) => ({ x: atMs / 3_600_000, y: residentMB[part] }));
  const mean = (of: (point: { x: number; y: number }) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const meanX = mean(({ x }) => x);
  const meanY = mean(({ y }) => y);
  const spread = mean(({ x }) => (x - meanX) ** 2);
  return spread === 0 ? 0 : mean(({ x, y }) => (x - meanX) * (y - meanY)) / spread;
}
