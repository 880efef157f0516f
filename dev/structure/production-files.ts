import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { parseSync, type ParseResult } from "vite";

/** Top-level folders that hold nothing which ships; a new folder counts as production until it is named here. */
const NOT_SHIPPED = new Set(["assets", "dev", "docs", "e2e", "node_modules", "out", "proofs", "release"]);

/** Folders of other things than code, or of what was made from it. */
const NO_CODE = new Set(["assets", "docs", "node_modules", "out", "release"]);

/** What only tests use lies beside what it tests: rooms, suites and doubles are known by their names. */
const FOR_TESTS = [/(^|\/)testing\//, /\.test\.tsx?$/, /\.test-process\.ts$/, /-suite\.ts$/];

export interface ProductionFile {
  /** From the repository's root, with `/` on every system. */
  path: string;
  text: string;
  lineCount: number;
  /** Nothing for a style sheet. */
  parsed: ParseResult | undefined;
}

/** Every file of code and style that ships, in the order of their paths. */
export function readProductionFiles(root: string): ProductionFile[] {
  return pathsIn(root, (folder) => !NOT_SHIPPED.has(folder))
    .filter((path) => !isForTests(path))
    .map((path) => productionFile(path, readFileSync(join(root, path), "utf8")));
}

/** Every other file of code: of tests, of what developers run, of benchmarks and specs. */
export function readOtherFiles(root: string): ProductionFile[] {
  return pathsIn(root, (folder) => !NO_CODE.has(folder))
    .filter((path) => !path.endsWith(".css"))
    .filter((path) => !isOfProgram(path) || isForTests(path))
    .map((path) => productionFile(path, readFileSync(join(root, path), "utf8")));
}

/** Whether a file lies in a folder that ships, with its tests beside it. */
export const isOfProgram = (path: string): boolean => !NOT_SHIPPED.has(path.split("/")[0] ?? "");

export const isForTests = (path: string): boolean => FOR_TESTS.some((sign) => sign.test(path));

function pathsIn(root: string, isWanted: (folder: string) => boolean): string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && isWanted(entry.name))
    .flatMap((folder) => readdirSync(join(root, folder.name), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((path) => /(?<!\.d)\.(tsx?|css)$/.test(path))
    .toSorted();
}

/** @throws Error when the parser cannot read it: what is not understood is not measured as if it were nothing */
export function productionFile(path: string, text: string): ProductionFile {
  const parsed = path.endsWith(".css") ? undefined : parseSync(path, text);
  if (parsed !== undefined && parsed.errors.length > 0) {
    throw new Error(`${path} cannot be parsed: ${parsed.errors[0]?.message}`);
  }
  return { path, text, lineCount: text.replace(/\n$/, "").split("\n").length, parsed };
}
