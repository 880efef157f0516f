import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { parseSync, type ParseResult } from "vite";

/** Top-level folders that hold nothing which ships; a new folder counts as production until it is named here. */
const NOT_SHIPPED = new Set([
  "assets",
  "bench",
  "dev",
  "docs",
  "e2e",
  "node_modules",
  "out",
  "proofs",
  "release",
]);

/** What only tests use lies beside what it tests: rooms, suites and doubles are known by their names. */
const FOR_TESTS = [/(^|\/)test-[^/]+\//, /\.test\.tsx?$/, /\.test-process\.ts$/, /-suite\.ts$/, /\/fake-/];

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
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && !NOT_SHIPPED.has(entry.name))
    .flatMap((folder) => readdirSync(join(root, folder.name), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter(isProduction)
    .toSorted()
    .map((path) => productionFile(path, readFileSync(join(root, path), "utf8")));
}

function isProduction(path: string): boolean {
  return /(?<!\.d)\.(tsx?|css)$/.test(path) && !FOR_TESTS.some((sign) => sign.test(path));
}

/** @throws Error when the parser cannot read it: what is not understood is not measured as if it were nothing */
export function productionFile(path: string, text: string): ProductionFile {
  const parsed = path.endsWith(".css") ? undefined : parseSync(path, text);
  if (parsed !== undefined && parsed.errors.length > 0) {
    throw new Error(`${path} cannot be parsed: ${parsed.errors[0]?.message}`);
  }
  return { path, text, lineCount: text.replace(/\n$/, "").split("\n").length, parsed };
}
