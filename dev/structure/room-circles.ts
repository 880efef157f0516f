import type { Import } from "./imports.ts";

export interface Tie {
  from: string;
  to: string;
  imports: Import[];
}

/**
 * The rooms that import each other in a circle. In each folder its folders are rooms, and so is each file that lies in
 * it beside them: what is put together at the top (`main.ts`) may lie there, and what everything stands on as well.
 * @returns one list of rooms for each circle
 */
export function circlesOf(imports: readonly Import[]): string[][] {
  const ties = tiesOf(imports);
  return connected(new Map([...ties].map(([room, reached]) => [room, [...reached.keys()]])));
}

/** The imports that hold a circle together, for whoever wants to open it. */
export function tiesWithin(circle: readonly string[], imports: readonly Import[]): Tie[] {
  const rooms = new Set(circle);
  return [...tiesOf(imports)].flatMap(([from, reached]) =>
    [...reached]
      .filter(([to]) => rooms.has(from) && rooms.has(to))
      .map(([to, carried]) => ({ from, to, imports: carried })),
  );
}

function tiesOf(imports: readonly Import[]): Map<string, Map<string, Import[]>> {
  const ties = new Map<string, Map<string, Import[]>>();
  for (const one of imports) {
    const [from, to] = roomsOf(one);
    if (from === to) continue;
    const reached = ties.get(from) ?? new Map<string, Import[]>();
    ties.set(from, reached.set(to, [...(reached.get(to) ?? []), one]));
  }
  return ties;
}

/** The two rooms that an import ties: where the two paths part. */
function roomsOf({ from, to }: Import): [string, string] {
  const there = from.split("/");
  const here = to.split("/");
  let depth = 0;
  while (depth < there.length && there[depth] === here[depth]) depth++;
  return [there.slice(0, depth + 1).join("/"), here.slice(0, depth + 1).join("/")];
}

/** Tarjan's strongly connected components, of more than one room each. */
function connected(reached: ReadonlyMap<string, string[]>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  const visit = (room: string): number => {
    const place = order.size;
    order.set(room, place);
    lowest.set(room, place);
    open.push(room);
    for (const next of reached.get(room) ?? []) {
      const back = order.has(next) ? (open.includes(next) ? order.get(next) : undefined) : visit(next);
      if (back !== undefined) lowest.set(room, Math.min(lowest.get(room) ?? place, back));
    }
    const low = lowest.get(room) ?? place;
    if (low === place) {
      const circle = open.splice(open.indexOf(room));
      if (circle.length > 1) circles.push(circle.toSorted());
    }
    return low;
  };
  for (const room of reached.keys()) {
    if (!order.has(room)) visit(room);
  }
  return circles;
}
