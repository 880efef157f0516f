import { importsOf, librariesOf, unknownImportsOf } from "./imports.ts";
import { isForTests, isOfProgram, type ProductionFile } from "./production-files.ts";
import { isMeant, isWithin, wallOf } from "./rooms.ts";
import type { Wall } from "./walls/wall.ts";

/** A sentence for each import that no row allows, and for each file that stands in no room of the table. */
export function breachesOf(files: readonly ProductionFile[], walls: readonly Wall[]): string[] {
  return files.flatMap((file) => breachesOfFile(file, walls));
}

function breachesOfFile(file: ProductionFile, walls: readonly Wall[]): string[] {
  const wall = wallOf(file.path, walls);
  if (wall === undefined) return [`${file.path} stands in no room of dev/structure/walls.ts.`];
  const ofTests = isForTests(file.path);
  const ships = !ofTests && isOfProgram(file.path);
  const may = (to: string, allowed: readonly string[]): boolean =>
    wallOf(to, walls) === wall || allowed.some((name) => isMeant(name, to, walls));
  const refused = (what: string): string => `${file.path} may not import ${what}: ${wall.because}.`;
  const rooms = importsOf(file).flatMap(({ to, isType }) => {
    if (ships && isForTests(to)) return [`${file.path} ships and may not import ${to}, which is for tests.`];
    if (may(to, wall.may) || (ofTests && testsMay(to, file.path))) return [];
    if (!may(to, wall.types ?? [])) return [refused(to)];
    return isType ? [] : [refused(`values of ${to}, only its types`)];
  });
  const unknown = wall.importsWhatIsNamed === true ? [] : unknownImportsOf(file);
  const { libraries } = wall;
  const named = ofTests || libraries.includes("*") ? [] : librariesOf(file);
  const foreign = named.filter((library) => !libraries.includes(library));
  return [
    ...rooms,
    ...unknown.map(
      (line) => `${file.path}:${line} imports what only the run can tell: write it as plain text.`,
    ),
    ...foreign.map((library) => refused(library === "node:" ? "what comes with Node" : library)),
  ];
}

/** What they test, whole; the contracts by which they ask it; and the ground that everything stands on. */
const testsMay = (to: string, path: string): boolean =>
  [path.split("/")[0] ?? path, "shared", "runtime"].some((room) => isWithin(to, room));
