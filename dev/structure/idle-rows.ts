import { importsOf, librariesOf, type Import } from "./imports.ts";
import type { ProductionFile } from "./production-files.ts";
import { isMeant, wallOf } from "./rooms.ts";
import type { Wall } from "./walls/wall.ts";

/** A sentence for each row without a file, and for each thing that a row allows and nobody does: a wall says no more than is so. */
export function idleIn(files: readonly ProductionFile[], walls: readonly Wall[]): string[] {
  return walls.flatMap((wall) => {
    const own = files.filter(({ path }) => wallOf(path, walls) === wall);
    if (own.length === 0) return [`${wall.room} has a row in dev/structure/walls and no file.`];
    const outward = own.flatMap(importsOf).filter(({ to }) => wallOf(to, walls) !== wall);
    return [...idleNames(wall, outward, walls), ...idleLibraries(wall, own)];
  });
}

function idleNames(wall: Wall, imports: readonly Import[], walls: readonly Wall[]): string[] {
  const uses = (name: string): Import[] => imports.filter(({ to }) => isMeant(name, to, walls));
  return [
    ...wall.may
      .filter((name) => !uses(name).some(({ isType }) => !isType))
      .map((name) =>
        uses(name).length > 0
          ? `${wall.room} may import ${name}, and names only its types: its row says so under types.`
          : `${wall.room} may import ${name}, and does not: its row allows too much.`,
      ),
    ...(wall.types ?? [])
      .filter((name) => uses(name).length === 0)
      .map((name) => `${wall.room} may name types of ${name}, and does not: its row allows too much.`),
  ];
}

function idleLibraries(wall: Wall, files: readonly ProductionFile[]): string[] {
  const used = new Set(files.flatMap(librariesOf).map(({ library }) => library));
  return wall.libraries
    .filter((library) => library !== "*" && !used.has(library))
    .map((library) => `${wall.room} may import ${library}, and does not: its row allows too much.`);
}
