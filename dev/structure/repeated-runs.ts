import type { ProductionFile } from "./production-files.ts";

/** A run of as many lines of code that stands in two files is one thing written twice. */
export const RUN_LINES = 8;

interface Place {
  path: string;
  firstLine: number;
  lastLine: number;
}

export interface RepeatedRun {
  lineCount: number;
  places: [Place, Place];
}

interface CodeLine {
  text: string;
  line: number;
}

/**
 * The runs of {@link RUN_LINES} lines or more that stand alike in two files. Blank lines, comments and imports are
 * left out, and how far a line is indented does not count.
 */
export function repeatedRuns(files: readonly ProductionFile[]): RepeatedRun[] {
  const codes = files.map((file) => ({ path: file.path, lines: codeLines(file) }));
  const windows = new Map<string, { file: number; at: number }[]>();
  const runs: RepeatedRun[] = [];
  for (const [file, { lines }] of codes.entries()) {
    for (let at = 0; at + RUN_LINES <= lines.length; at++) {
      const key = lines
        .slice(at, at + RUN_LINES)
        .map((line) => line.text)
        .join("\n");
      const earlier = windows.get(key) ?? [];
      for (const place of earlier) {
        if (place.file === file) continue;
        const run = runFrom(codes[place.file]!, place.at, codes[file]!, at);
        if (run !== undefined) runs.push(run);
      }
      windows.set(key, [...earlier, { file, at }]);
    }
  }
  return runs.toSorted((one, other) => other.lineCount - one.lineCount);
}

interface Code {
  path: string;
  lines: CodeLine[];
}

/** The whole run that begins at two places, or nothing when it began a line before. */
function runFrom(one: Code, at: number, other: Code, otherAt: number): RepeatedRun | undefined {
  const alike = (offset: number): boolean => {
    const line = one.lines[at + offset]?.text;
    return line !== undefined && line === other.lines[otherAt + offset]?.text;
  };
  if (alike(-1)) return undefined;
  let lineCount = RUN_LINES;
  while (alike(lineCount)) lineCount++;
  return { lineCount, places: [placeOf(one, at, lineCount), placeOf(other, otherAt, lineCount)] };
}

function placeOf({ path, lines }: Code, at: number, count: number): Place {
  return { path, firstLine: lines[at]?.line ?? 0, lastLine: lines[at + count - 1]?.line ?? 0 };
}

function codeLines(file: ProductionFile): CodeLine[] {
  const lines = blanked(file).split("\n");
  return lines
    .map((text, index) => ({ text: text.trim(), line: index + 1 }))
    .filter(({ text }) => text !== "");
}

/** A file's text with spaces where comments and imports stand, so that every line keeps its number. */
function blanked(file: ProductionFile): string {
  const blank = (text: string): string => text.replaceAll(/[^\n]/g, " ");
  if (file.parsed === undefined) return file.text.replaceAll(/\/\*[\s\S]*?\*\//g, blank);
  let text = file.text;
  for (const { start, end } of [...file.parsed.comments, ...file.parsed.module.staticImports]) {
    text = text.slice(0, start) + blank(text.slice(start, end)) + text.slice(end);
  }
  return text;
}
