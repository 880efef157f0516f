import { type Import, importsOf, librariesOf, unknownImportsOf } from "./imports.ts";
import { isForTests, isOfProgram, type ProductionFile } from "./production-files.ts";
import { isMeant, isWithin, wallOf } from "./rooms.ts";
import type { Wall } from "./walls/wall.ts";

export interface Breach {
  readonly sentence: string;
  /** The place in the file's text. */
  readonly start: number;
}

/** A sentence for each import that no row allows, and for each file that stands in no room of the table. */
export function breachesOf(files: readonly ProductionFile[], walls: readonly Wall[]): string[] {
  return files.flatMap((file) => breachesIn(file, walls)).map(({ sentence }) => sentence);
}

export function breachesIn(file: ProductionFile, walls: readonly Wall[]): Breach[] {
  const wall = wallOf(file.path, walls);
  if (wall === undefined) {
    return [{ sentence: `${file.path} stands in no room of dev/structure/walls.ts.`, start: 0 }];
  }
  return [
    ...breachesByRooms(file, wall, walls),
    ...breachesByUnknown(file, wall),
    ...breachesByLibraries(file, wall),
  ];
}

const refused = (file: ProductionFile, { because }: Wall, what: string): string =>
  `${file.path} may not import ${what}: ${because}.`;

function breachesByRooms(file: ProductionFile, wall: Wall, walls: readonly Wall[]): Breach[] {
  const ofTests = isForTests(file.path);
  const ships = !ofTests && isOfProgram(file.path);
  const may = (to: string, allowed: readonly string[]): boolean =>
    wallOf(to, walls) === wall || allowed.some((name) => isMeant(name, to, walls));
  const sentenceOf = ({ to, isType }: Import): string | undefined => {
    if (ships && isForTests(to)) return `${file.path} ships and may not import ${to}, which is for tests.`;
    if (may(to, wall.may) || (ofTests && testsMay(to, file.path))) return undefined;
    if (!may(to, wall.types ?? [])) return refused(file, wall, to);
    return isType ? undefined : refused(file, wall, `values of ${to}, only its types`);
  };
  return importsOf(file).flatMap((one) => {
    const sentence = sentenceOf(one);
    return sentence === undefined ? [] : [{ sentence, start: one.start }];
  });
}

function breachesByUnknown(file: ProductionFile, wall: Wall): Breach[] {
  if (wall.importsWhatIsNamed === true) return [];
  return unknownImportsOf(file).map(({ line, start }) => ({
    sentence: `${file.path}:${line} imports what only the run can tell: write it as plain text.`,
    start,
  }));
}

function breachesByLibraries(file: ProductionFile, wall: Wall): Breach[] {
  const { libraries } = wall;
  if (isForTests(file.path) || libraries.includes("*")) return [];
  return librariesOf(file)
    .filter(({ library }) => !libraries.includes(library))
    .map(({ library, start }) => ({
      sentence: refused(file, wall, library === "node:" ? "what comes with Node" : library),
      start,
    }));
}

/** What they test, whole; the contracts by which they ask it; and the ground that everything stands on. */
const testsMay = (to: string, path: string): boolean =>
  [path.split("/")[0] ?? path, "shared", "runtime"].some((room) => isWithin(to, room));
