import { expect, test } from "vitest";
import { lowered, overBound, type Bounds } from "./bounds.ts";
import { measure, type FigureName } from "./figures.ts";
import { functionsOf } from "./functions.ts";
import { productionFile } from "./production-files.ts";
import { repeatedRuns } from "./repeated-runs.ts";
import type { Wall } from "./walls/wall.ts";

const files = (texts: Record<string, string>) =>
  Object.entries(texts).map(([path, text]) => productionFile(path, text));

const measured = (texts: Record<string, string>, walls: readonly Wall[] = []) => measure(files(texts), walls);

test("two rooms that import each other by value are a circle, whatever way the import is written", () => {
  const back = (text: string) =>
    measured({ "app/one/a.ts": 'import { b } from "#app/two/b.ts";', "app/two/b.ts": text }).figures
      .roomsInCircles;

  expect(back('import "../one/a.ts";').value).toBe(2);
  expect(back('export * from "../one/a.ts";').value).toBe(2);
  expect(back('const later = await import("../one/a.ts");').value).toBe(2);
  expect(back('import { type A, a } from "../one/a.ts";').places).toContain("  app/two/b.ts -> app/one/a.ts");
  expect(back('import { a } from "one/a.ts";').value).toBe(0);
});

test("a circle by types alone is one", () => {
  const structure = measured({
    "app/one/a.ts": 'import { b } from "../two/b.ts";',
    "app/two/b.ts": 'import type { A } from "../one/a.ts"; import { type B } from "../one/a.ts";',
  });

  expect(structure.figures.roomsInCircles.places[0]).toBe("circle of app/one, app/two");
});

test("a circle of three rooms is found, and files beside folders are one room", () => {
  const start = { "app/main.ts": 'import "./one/a.ts";', "app/one/a.ts": 'import "../two/b.ts";' };

  expect(measured({ ...start, "app/two/b.ts": "" }).figures.roomsInCircles.value).toBe(0);
  expect(
    measured({ ...start, "app/two/b.ts": 'import "../main.ts";' }).figures.roomsInCircles.places[0],
  ).toBe("circle of app, app/one, app/two");
});

test("a circle through files of a folder that do not import each other is one, unless the table has a file apart", () => {
  const texts = {
    "app/main.ts": 'import "./one/a.ts";',
    "app/one/a.ts": 'import "../ground.ts";',
    "app/ground.ts": "",
  };
  const apart: Wall = { room: "app/ground.ts", may: [], libraries: [], because: "all stand on it" };

  expect(measured(texts).figures.roomsInCircles.places[0]).toBe("circle of app, app/one");
  expect(measured(texts, [apart]).figures.roomsInCircles.value).toBe(0);
});

test("folders with their rooms are a circle as well, where no two rooms of theirs are one", () => {
  const { roomsInCircles } = measured({
    "app/one/high/a.ts": 'import "../../two/low/b.ts";',
    "app/two/high/c.ts": 'import "../../one/low/d.ts";',
    "app/two/low/b.ts": "",
    "app/one/low/d.ts": "",
  }).figures;

  expect(roomsInCircles.places[0]).toBe("circle of app/one, app/two");
});

test("functions with a name are measured with the callbacks in them, and a receiver is no parameter", () => {
  const [file] = files({
    "a.ts": [
      "function one(a: string, b = 1, { c, d }: Both, ...rest: string[]) {",
      "  return rest.map((x) =>",
      "    x);",
      "}",
      "const two = (a: number) => a;",
      "class Three { four(this: Three, a: number): void {} declare(a: number): void; field = async () => 1 }",
      "declare function five(a: 1, b: 2, c: 3, d: 4): void;",
    ].join("\n"),
  });

  expect(functionsOf(file!).map((found) => [found.line, found.lineCount, found.parameterCount])).toEqual([
    [1, 4, 4],
    [5, 1, 1],
    [6, 1, 1],
    [6, 1, 0],
  ]);
});

test("eight lines alike in two files are one run, without comments, imports and indents; seven are none", () => {
  const lines = (count: number) => Array.from({ length: count }, (_, index) => `const n${index} = ${index};`);
  const pair = (count: number) =>
    repeatedRuns(
      files({
        "a.ts": `import { x } from "./x.ts";\n${lines(count).join("\n")}\nexport const a = 1;`,
        "b.ts": `export const b = 2;\nexport function f() {\n${lines(count).join("\n  // why\n\n  ")}\n}`,
      }),
    );

  expect(pair(7)).toEqual([]);
  expect(pair(8)).toMatchObject([
    { lineCount: 8, places: [{ path: "a.ts", firstLine: 2, lastLine: 9 }, {}] },
  ]);
  expect(pair(12)).toMatchObject([{ lineCount: 12 }]);
});

test("a bound falls with its figure to what is wanted, and never rises", () => {
  const { figures } = measured({ "a.ts": "const a = () => 1;\nconst b = (c, d, e, f) => 2;\n" });
  const at = (bound: number, wanted: number) => ({ bound, wanted });
  const bounds: Bounds = {
    roomsInCircles: at(3, 0),
    filesOver400Lines: at(0, 0),
    functionsOver60LinesPercent: at(0.6, 0.5),
    functionsOf4ParametersPercent: at(49.9, 2),
    repeatedRuns: at(0, 0),
  };

  expect(overBound(figures, bounds)).toEqual<FigureName[]>(["functionsOf4ParametersPercent"]);
  expect(lowered(figures, bounds)).toEqual({
    ...bounds,
    roomsInCircles: at(0, 0),
    functionsOver60LinesPercent: at(0.5, 0.5),
  });
});

test("what the parser does not understand is refused, not counted as nothing", () => {
  expect(() => productionFile("a.ts", "export const = ;")).toThrow("a.ts cannot be parsed");
});
