/** What only tests use lies in a room called `testing`, within what it serves (decision 141). */
import { importsOf } from "./imports.ts";
import { isForTests, isOfProgram, type ProductionFile } from "./production-files.ts";

const ROOM = "testing";

const WORDS_OF_TESTS = new Set([
  ...["test", "tests", ROOM, "__tests__", "mock", "mocks", "__mocks__", "fake", "fakes"],
  ...["stub", "stubs", "double", "doubles", "fixture", "fixtures"],
]);

/** Doubles by their names; the suites of ports and processes of tests lie beside what they try. */
const DOUBLE = /^(fake|mock|stub)-/;

/** A sentence for each room of tests with another name, and for each file among those that ship which only tests reach. */
export function testRoomOffences(files: readonly ProductionFile[]): string[] {
  return [...misnamedRooms(files), ...reachedByTestsAlone(files)];
}

function misnamedRooms(files: readonly ProductionFile[]): string[] {
  const places = files.filter(({ path }) => isOfProgram(path)).flatMap(({ path }) => misnamedIn(path));
  return [...new Set(places)].map((place) => `${place}: what tests use lies in a room called ${ROOM}.`);
}

function misnamedIn(path: string): string[] {
  const parts = path.split("/");
  const folders = parts.slice(0, -1);
  const misnamed = folders.findIndex(
    (folder) => folder !== ROOM && folder.split("-").some((word) => WORDS_OF_TESTS.has(word)),
  );
  if (misnamed >= 0) return [parts.slice(0, misnamed + 1).join("/")];
  return DOUBLE.test(parts.at(-1) ?? "") && !folders.includes(ROOM) ? [path] : [];
}

function reachedByTestsAlone(files: readonly ProductionFile[]): string[] {
  const shipped = files.filter(({ path, parsed }) => isOfProgram(path) && !isForTests(path) && parsed);
  // What is started by its address is imported by nobody: tests start programs so.
  const imported = new Set(files.flatMap(importsOf).flatMap(({ to, byAddress }) => (byAddress ? [] : to)));
  const byPath = new Map(shipped.map((file) => [file.path, file]));
  const reached = new Set<string>();
  const reach = (file: ProductionFile): void => {
    if (reached.has(file.path)) return;
    reached.add(file.path);
    for (const { to } of importsOf(file)) {
      const next = byPath.get(to);
      if (next !== undefined) reach(next);
    }
  };
  // A program begins with what nobody imports, a thread with what is named where it is started.
  for (const file of shipped) {
    if (!imported.has(file.path) || isStartedByName(file.path, shipped)) reach(file);
  }
  return shipped
    .filter(({ path }) => !reached.has(path))
    .map(({ path }) => `${path}: nothing that ships reaches it; it belongs into a room called ${ROOM}.`);
}

function isStartedByName(path: string, shipped: readonly ProductionFile[]): boolean {
  const built = `"${(path.split("/").at(-1) ?? path).replace(/\.tsx?$/, ".js")}"`;
  return shipped.some(({ text }) => text.includes(built));
}
