import { posix } from "node:path";
import type { Import } from "./imports.ts";
import { wallOf } from "./rooms.ts";
import type { Wall } from "./walls/wall.ts";

export interface Circle {
  rooms: string[];
  /** The imports that hold it together, for whoever wants to open it. */
  imports: Import[];
}

/**
 * The rooms that import each other in a circle, seen in two ways: rooms as the table of walls names them, where a file
 * beside folders is in one room with those beside it; and whole folders beside each other, with all that lies in them.
 */
export function circlesOf(imports: readonly Import[], walls: readonly Wall[]): Circle[] {
  const room = (path: string): string => wallOf(path, walls)?.room ?? posix.dirname(path);
  const ofTable = circlesBetween(imports, ({ from, to }) => [room(from), room(to)]);
  const told = new Set(ofTable.flatMap((circle) => circle.imports));
  const ofFolders = circlesBetween(imports, foldersOf);
  return [...ofTable, ...ofFolders.filter((circle) => circle.imports.some((one) => !told.has(one)))];
}

function circlesBetween(imports: readonly Import[], roomsOf: (one: Import) => [string, string]): Circle[] {
  const reached = new Map<string, string[]>();
  for (const one of imports) {
    const [from, to] = roomsOf(one);
    if (from !== to) reached.set(from, [...(reached.get(from) ?? []), to]);
  }
  return connected(reached).map((rooms) => ({
    rooms,
    imports: imports.filter((one) => {
      const [from, to] = roomsOf(one);
      return from !== to && rooms.includes(from) && rooms.includes(to);
    }),
  }));
}

/** Where the two paths of an import part: the folders, and what lies beside them. */
function foldersOf({ from, to }: Import): [string, string] {
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
