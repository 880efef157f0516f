import { expect, test } from "vitest";
import { productionFile } from "./production-files.ts";
import { wordBreachesOf } from "./word-breaches.ts";
import type { WordRow } from "./words.ts";

const ROW: WordRow = {
  word: /(?<!media)segment/i,
  rooms: ["archive"],
  allowed: [{ name: "segmentSeconds", under: "archive/retention", because: "it is on the disk" }],
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

test("other folders, longer words, text and comments are left alone", () => {
  expect(breaches("electron/a.ts", "const segment = 1;")).toEqual([]);
  expect(breaches("archive/a.ts", "// a segment\nconst mediaSegment = 'SELECT 1 FROM segments';")).toEqual(
    [],
  );
});

test("a listed name is allowed where the list says, and nowhere else", () => {
  const text = "const { segmentSeconds } = settings;";

  expect(breaches("archive/retention/retention.ts", text)).toEqual([]);
  expect(breaches("archive/retention.ts", text)).toHaveLength(2);
});
