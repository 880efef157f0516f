export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Line {
  readonly slope: number;
  readonly at: (x: number) => number;
  /** How far a point usually is from it. */
  readonly usuallyOff: number;
}

/** The middle one of some values; 0 of none. */
export const medianOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** The straight line through some points, of which a few may lie anywhere: the middle one of all slopes (Theil, Sen). */
export function lineThrough(points: readonly Point[]): Line {
  const slopes = points.flatMap((first, place) =>
    points.slice(place + 1).flatMap(({ x, y }) => (x > first.x ? [(y - first.y) / (x - first.x)] : [])),
  );
  const slope = medianOf(slopes);
  const zero = medianOf(points.map(({ x, y }) => y - slope * x));
  const at = (x: number): number => zero + slope * x;
  return { slope, at, usuallyOff: medianOf(points.map(({ x, y }) => Math.abs(y - at(x)))) };
}
