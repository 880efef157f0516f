import { expect, test } from "vitest";
import { productionFile } from "./production-files.ts";
import { wordBreachesOf } from "./word-breaches.ts";
import type { WordRow } from "./words.ts";

const ROW: WordRow = {
  word: /(?<!media)segment/i,
  rooms: ["archive"],
  allowed: { segmentSeconds: "on the disk" },
  instead: "say footage file",
};
const breaches = (path: string, text: string) => wordBreachesOf([productionFile(path, text)], [ROW]);

test("a name that uses a word for something else is told with its line", () => {
  const text = "class A {\n  #openSegment = 1;\n  b(row: SegmentRow) { return row.segmentId; }\n}";

  expect(breaches("archive/a.ts", text)).toEqual([
    "openSegment in archive/a.ts:2: say footage file.",
    "SegmentRow in archive/a.ts:3: say footage file.",
    "segmentId in archive/a.ts:3: say footage file.",
  ]);
});

test("so is a file", () => {
  expect(breaches("archive/index/segment-queries.ts", "")).toEqual([
    "archive/index/segment-queries.ts: say footage file.",
  ]);
});

test("other folders, listed names, longer words, text and comments are left alone", () => {
  expect(breaches("electron/a.ts", "const segment = 1;")).toEqual([]);
  expect(
    breaches(
      "archive/a.ts",
      "// a segment\nconst mediaSegment = { segmentSeconds: 'SELECT 1 FROM segments' };",
    ),
  ).toEqual([]);
});
