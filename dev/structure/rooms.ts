import { posix } from "node:path";
import type { Wall } from "./walls/wall.ts";

const OF_TESTS = "/testing/";

/**
 * The row that a file stands in: its own, or that of its folder. A folder below is another room, unless the row says
 * that it covers its folders too; only what tests use lies in a folder of the room that it serves (decision 141).
 */
export function wallOf(path: string, walls: readonly Wall[]): Wall | undefined {
  const rowOf = (room: string): Wall | undefined => walls.find((wall) => wall.room === room);
  const own = rowOf(path) ?? rowOf(posix.dirname(path));
  if (own !== undefined) return own;
  const around = walls.filter(({ room, withFolders }) => withFolders === true && isWithin(path, room));
  const longest = around.toSorted((one, other) => other.room.length - one.room.length)[0];
  return longest ?? rowServed(path, walls);
}

/** The row of the room that a folder of what tests use serves, where that folder is no room of its own. */
function rowServed(path: string, walls: readonly Wall[]): Wall | undefined {
  const end = path.indexOf(OF_TESTS);
  if (end < 0 || walls.some(({ room }) => `${room}/` === path.slice(0, end + OF_TESTS.length)))
    return undefined;
  return walls.find(({ room }) => room === path.slice(0, end));
}

/** Whether a name of a room, as rows write it, means a file: `a/b` is the room alone, `a/b/*` with all rooms in it. */
export function isMeant(name: string, path: string, walls: readonly Wall[]): boolean {
  if (name.endsWith("/*")) return isWithin(path, name.slice(0, -2));
  return path === name || wallOf(path, walls)?.room === name;
}

export const isWithin = (path: string, room: string): boolean => path === room || path.startsWith(`${room}/`);
