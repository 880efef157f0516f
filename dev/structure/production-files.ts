import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { parseSync, type ParseResult } from "vite";

/** Folders of other things than code, or of what was made from it. */
const NO_CODE = new Set(["assets", "docs", "node_modules", "out", "release", "test-results", "coverage"]);

/** Top-level folders that hold nothing which ships; a new folder counts as production until it is named here. */
const NOT_SHIPPED = new Set([...NO_CODE, "dev", "e2e", "proofs"]);

/** Every file that holds code, types of code or style. */
const CODE = /\.([cm]?[jt]sx?|css)$/;

/** What only tests use lies beside what it tests: rooms, suites and doubles are known by their names. */
const FOR_TESTS = [
  ...[/(^|\/)testing\//, /\.test\.[cm]?[jt]sx?$/, /\.test-process\.[cm]?[jt]s$/],
  /-suite\.[cm]?[jt]s$/,
];

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
    .filter((path) => isOfProgram(path) && !isForTests(path))
    .map((path) => productionFile(path, readFileSync(join(root, path), "utf8")));
}

/** Every other file of code: of tests, of what developers run, of benchmarks and specs, configurations at the top. */
export function readOtherFiles(root: string): ProductionFile[] {
  return pathsIn(root, (folder) => !NO_CODE.has(folder))
    .filter((path) => !isOfProgram(path) || isForTests(path))
    .map((path) => productionFile(path, readFileSync(join(root, path), "utf8")));
}

/** Whether a file lies in a folder that ships, with its tests beside it; nothing ships that lies in none. */
export const isOfProgram = (path: string): boolean =>
  path.includes("/") && !NOT_SHIPPED.has(path.split("/")[0] ?? "");

export const isForTests = (path: string): boolean => FOR_TESTS.some((sign) => sign.test(path));

function pathsIn(root: string, isWanted: (folder: string) => boolean): string[] {
  const top = readdirSync(root, { withFileTypes: true });
  const folders = top.filter(
    (entry) => entry.isDirectory() && !entry.name.startsWith(".") && isWanted(entry.name),
  );
  return [
    ...top,
    ...folders.flatMap((one) => readdirSync(join(root, one.name), { recursive: true, withFileTypes: true })),
  ]
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((path) => CODE.test(path) && !/(^|\/)node_modules\//.test(path))
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
