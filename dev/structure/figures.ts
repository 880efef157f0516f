import { functionsOf, type FunctionSize } from "./functions.ts";
import { importsOf } from "./imports.ts";
import type { ProductionFile } from "./production-files.ts";
import { REPEATED_ON_PURPOSE } from "./repeated-on-purpose.ts";
import { repeatedRuns, type RepeatedRun } from "./repeated-runs.ts";
import { circlesOf, type Circle } from "./room-circles.ts";
import type { Wall } from "./walls/wall.ts";

const LONG_FILE_LINES = 400;
const LONG_FUNCTION_LINES = 60;
const MANY_PARAMETERS = 4;

export const FIGURES = [
  "roomsInCircles",
  "filesOver400Lines",
  "functionsOver60LinesPercent",
  "functionsOf4ParametersPercent",
  "repeatedRuns",
] as const;

export type FigureName = (typeof FIGURES)[number];

export interface Figure {
  /** In the words of the table that is printed. */
  says: string;
  value: number;
  /** What the value counts, a place a line: the work for whoever wants it lower. */
  places: string[];
}

export interface Structure {
  figures: Record<FigureName, Figure>;
  /** Of files and of functions, in lines: told, not bounded. */
  sizes: { of: string; count: number; median: number; p90: number }[];
  /** Reasons that nothing needs any more. */
  needlessReasons: string[];
}

export function measure(files: readonly ProductionFile[], walls: readonly Wall[]): Structure {
  const imports = files.flatMap(importsOf);
  const functions = files.flatMap(functionsOf);
  const runs = repeatedRuns(files);
  return {
    figures: {
      roomsInCircles: roomsInCircles(circlesOf(imports, walls)),
      filesOver400Lines: longFiles(files),
      functionsOver60LinesPercent: share(functions, "functions over 60 lines, %", tooLong),
      functionsOf4ParametersPercent: share(
        functions,
        "functions with four or more parameters, %",
        tooManyParameters,
      ),
      repeatedRuns: repeated(runs.filter((run) => reasonFor(run) === undefined)),
    },
    sizes: [
      sizesOf(
        "files",
        files.map((file) => file.lineCount),
      ),
      sizesOf(
        "functions",
        functions.map((one) => one.lineCount),
      ),
    ],
    needlessReasons: REPEATED_ON_PURPOSE.filter(
      (reason) => !runs.some((run) => reasonFor(run) === reason),
    ).map((reason) => reason.files.join(" and ")),
  };
}

function roomsInCircles(circles: readonly Circle[]): Figure {
  return {
    says: "rooms in a circle of imports, types too",
    value: circles.flatMap(({ rooms }) => rooms).length,
    places: circles.flatMap(({ rooms, imports }) => [
      `circle of ${rooms.join(", ")}`,
      ...imports.map((one) => `  ${one.from} -> ${one.to}`),
    ]),
  };
}

function longFiles(files: readonly ProductionFile[]): Figure {
  const long = files.filter((file) => file.lineCount > LONG_FILE_LINES);
  return {
    says: `files over ${LONG_FILE_LINES} lines`,
    value: long.length,
    places: long.map((file) => `${file.path}: ${file.lineCount} lines`),
  };
}

const tooLong = (one: FunctionSize): string | undefined =>
  one.lineCount > LONG_FUNCTION_LINES ? `${one.lineCount} lines` : undefined;

const tooManyParameters = (one: FunctionSize): string | undefined =>
  one.parameterCount >= MANY_PARAMETERS ? `${one.parameterCount} parameters` : undefined;

/** @param fault says what is wrong with a function, or nothing */
function share(
  functions: readonly FunctionSize[],
  says: string,
  fault: (one: FunctionSize) => string | undefined,
): Figure {
  const places = functions.flatMap((one) => {
    const found = fault(one);
    return found === undefined ? [] : [`${one.path}:${one.line}: ${found}`];
  });
  return { says, value: (places.length / Math.max(1, functions.length)) * 100, places };
}

function repeated(runs: readonly RepeatedRun[]): Figure {
  return {
    says: "runs of eight lines or more in two files",
    value: runs.length,
    places: runs.map(
      ({ lineCount, places }) =>
        `${lineCount} lines: ${places.map((one) => `${one.path}:${one.firstLine}-${one.lastLine}`).join(" and ")}`,
    ),
  };
}

function reasonFor(run: RepeatedRun): (typeof REPEATED_ON_PURPOSE)[number] | undefined {
  return REPEATED_ON_PURPOSE.find(({ files }) => run.places.every(({ path }) => files.includes(path)));
}

function sizesOf(of: string, lineCounts: readonly number[]): Structure["sizes"][number] {
  const sorted = lineCounts.toSorted((one, other) => one - other);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? 0;
  return { of, count: sorted.length, median: at(0.5), p90: at(0.9) };
}
