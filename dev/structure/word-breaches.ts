import { Visitor } from "vite";
import { lineFinder } from "./functions.ts";
import type { ProductionFile } from "./production-files.ts";
import type { WordRow } from "./words.ts";

interface Name {
  readonly name: string;
  /** Where it stands, as characters from the file's start. */
  readonly start: number;
}

/** A sentence for each name, of a file or in it, that uses a word where it would have a second meaning. */
export function wordBreachesOf(files: readonly ProductionFile[], words: readonly WordRow[]): string[] {
  return files.flatMap((file) => {
    const rows = words.filter(({ rooms }) => rooms.some((room) => isWithin(file.path, room)));
    return rows.length === 0 ? [] : breachesOfFile(file, rows);
  });
}

function breachesOfFile(file: ProductionFile, rows: readonly WordRow[]): string[] {
  const lineAt = lineFinder(file.text);
  const names = namesIn(file);
  return rows.flatMap((row) => {
    const allowed = row.allowed.filter(({ under }) => isWithin(file.path, under)).map(({ name }) => name);
    const isRefused = (name: string): boolean => row.word.test(name) && !allowed.includes(name);
    const ofFile = isRefused(file.path.slice(file.path.lastIndexOf("/"))) ? [file.path] : [];
    const inFile = names
      .filter(({ name }) => isRefused(name))
      .map(({ name, start }) => `${name} in ${file.path}:${lineAt(start)}`);
    return [...ofFile, ...inFile].map((what) => `${what}: ${row.instead}.`);
  });
}

const isWithin = (path: string, room: string): boolean => path === room || path.startsWith(`${room}/`);

function namesIn(file: ProductionFile): Name[] {
  if (file.parsed === undefined) return [];
  const found: Name[] = [];
  const add = (name: Name): void => void found.push(name);
  new Visitor({ Identifier: add, PrivateIdentifier: add, JSXIdentifier: add }).visit(file.parsed.program);
  return found;
}
