import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { idleIn } from "./idle-rows.ts";
import { productionFile } from "./production-files.ts";
import { breachesOf } from "./wall-breaches.ts";
import { WALLS as TABLE } from "./walls.ts";
import type { Wall } from "./walls/wall.ts";
import wallsInLint from "./walls-in-lint.ts";

const WALLS: readonly Wall[] = [
  { room: "app", may: ["app/low"], libraries: ["zod"], because: "it puts the rest together" },
  {
    room: "app/low",
    may: ["app", "app/low/deep.ts"],
    types: ["words"],
    libraries: ["node:"],
    because: "it lies below",
  },
  { room: "app/low/deep.ts", may: [], libraries: [], because: "it stands on nothing" },
  { room: "app/side", may: [], libraries: [], because: "nobody asked for it" },
  { room: "words", may: [], libraries: [], because: "all know them" },
];

const breaches = (path: string, text: string): string[] => breachesOf([productionFile(path, text)], WALLS);

test("what a row does not allow is refused by the file that an import leads to, however it is written", () => {
  for (const text of [
    'import { a } from "#words/a.ts";',
    'import "../words/a.ts";',
    'import { a } from "./low/../../words/a.ts";',
    'export { a } from "../words/a.ts";',
    'export * from "#words/a.ts";',
    'import type { A } from "#words/a.ts";',
    'const later = await import("../words/a.ts");',
  ]) {
    expect(breaches("app/main.ts", text), text).toEqual([
      "app/main.ts may not import words/a.ts: it puts the rest together.",
    ]);
  }
  expect(breaches("app/main.ts", 'import { a } from "./low/a.ts"; import { b } from "./beside.ts";')).toEqual(
    [],
  );
});

test("a room that has a row of its own is not allowed with the folder around it to whoever lies in that folder", () => {
  expect(breaches("app/low/a.ts", 'import { b } from "../beside.ts";')).toEqual([]);
  expect(breaches("app/low/a.ts", 'import { c } from "../side/c.ts";')).toHaveLength(1);
  expect(breaches("app/low/deep.ts", 'import { a } from "./a.ts";')).toHaveLength(1);
});

test("where types alone may be named, values are refused", () => {
  expect(breaches("app/low/a.ts", 'import type { A } from "#words/a.ts";')).toEqual([]);
  expect(breaches("app/low/a.ts", 'import { type A, a } from "#words/a.ts";')).toEqual([
    "app/low/a.ts may not import values of words/a.ts, only its types: it lies below.",
  ]);
});

test("libraries are named by their package, what comes with Node by one word", () => {
  expect(
    breaches("app/main.ts", 'import { z } from "zod/v4"; import fs from "node:fs"; import os from "os";'),
  ).toEqual(["app/main.ts may not import what comes with Node: it puts the rest together."]);
  expect(
    breaches("app/low/a.ts", 'import "fs"; import "node:fs/promises"; import "@azure/storage-blob/x";'),
  ).toEqual(["app/low/a.ts may not import @azure/storage-blob: it lies below."]);
});

test("tests reach their own program and the contracts, and not another program", () => {
  const text = (room: string): string => `import { a } from "#${room}/a.ts"; import { b } from "anything";`;
  expect(breaches("app/low/a.test.ts", text("app/side"))).toEqual([]);
  expect(breaches("app/low/a.test.ts", text("shared/any"))).toEqual([]);
  expect(breaches("app/side/a.test.ts", text("words"))).toHaveLength(1);
});

test("a folder that is in no row of the table is told, though the folder around it has one", () => {
  for (const room of ["new", "app/new", "app/low/new", "app/low/new/deeper"]) {
    expect(breaches(`${room}/a.ts`, "")).toEqual([
      `${room}/a.ts stands in no room of dev/structure/walls.ts.`,
    ]);
    expect(breaches("app/low/a.ts", `import { a } from "#${room}/a.ts";`), room).toHaveLength(1);
  }
});

test("every room of the table but those that cover their folders fails with a folder that it does not name", () => {
  const folders = TABLE.filter(({ room }) => !/\.tsx?$/.test(room));
  for (const { room, withFolders } of folders) {
    const told = breachesOf([productionFile(`${room}/newroom/a.ts`, "")], TABLE);
    expect(told, room).toHaveLength(withFolders === true ? 0 : 1);
  }
});

test("every row of the table has a reason of its own", () => {
  const reasons = TABLE.map(({ because }) => because);
  expect(reasons.filter((reason, index) => reasons.indexOf(reason) !== index)).toEqual([]);
});

test("a row covers the folders in its own where it says so, but those with rows, and always what tests use", () => {
  const wide: Wall = { room: "wide", withFolders: true, may: [], libraries: [], because: "it is one room" };
  const inner: Wall = { room: "wide/inner", may: ["wide"], libraries: [], because: "it is another" };
  const walls = [...WALLS, wide, inner];
  const told = (path: string, text: string) => breachesOf([productionFile(path, text)], walls);
  expect(told("wide/a.ts", 'import "./deep/deeper/b.ts";')).toEqual([]);
  expect(told("wide/deep/deeper/b.ts", 'import "../../a.ts";')).toEqual([]);
  expect(told("wide/a.ts", 'import "./inner/c.ts";')).toHaveLength(1);
  expect(told("wide/inner/c.ts", 'import "../deep/b.ts";')).toEqual([]);
  expect(told("wide/inner/new/d.ts", 'import "#app/a.ts";')).toHaveLength(1);
  expect(told("app/low/testing/deeper/a.ts", 'import { b } from "../../b.ts";')).toEqual([]);
});

test("a name in a row is one room; all rooms of a folder are named as such", () => {
  const row = (...may: string[]): Wall[] => [
    ...WALLS,
    { room: "top", may, libraries: [], because: "it stands above" },
  ];
  const file = productionFile("top/a.ts", 'import "#app/a.ts"; import "#app/low/a.ts";');
  expect(breachesOf([file], row("app"))).toEqual(["top/a.ts may not import app/low/a.ts: it stands above."]);
  expect(breachesOf([file], row("app/*"))).toEqual([]);
});

test("a row without a file, and what a row allows and nobody does, are told", () => {
  const files = [
    productionFile("app/main.ts", 'import { z } from "zod"; import { a } from "./low/a.ts";'),
    productionFile("app/low/a.ts", 'import type { B } from "../beside.ts"; import "node:fs";'),
  ];
  const side = WALLS.filter(({ room }) => room === "app" || room === "app/low" || room === "words");
  expect(idleIn(files, side)).toEqual([
    "app/low may import app, and names only its types: its row says so under types.",
    "app/low may import app/low/deep.ts, and does not: its row allows too much.",
    "app/low may name types of words, and does not: its row allows too much.",
    "words has a row in dev/structure/walls and no file.",
  ]);
});

test("what ships may use nothing that is for tests, not even of its own room; what proves and what tests may", () => {
  const text = 'import { double } from "./testing/double.ts"; import type { S } from "./a-suite.ts";';
  expect(breaches("app/low/a.ts", text)).toEqual([
    "app/low/a.ts ships and may not import app/low/testing/double.ts, which is for tests.",
    "app/low/a.ts ships and may not import app/low/a-suite.ts, which is for tests.",
  ]);
  for (const path of ["app/low/a.test.ts", "app/low/testing/another.ts"]) {
    expect(breaches(path, 'import { double } from "#app/low/testing/double.ts";'), path).toEqual([]);
  }
  const proofs: Wall = { room: "proofs", may: ["app/*"], libraries: [], because: "it proves" };
  const proof = productionFile("proofs/a.ts", 'import { double } from "#app/low/testing/double.ts";');
  expect(breachesOf([proof], [...WALLS, proofs])).toEqual([]);
});

test("the linter reads the table, and tells a breach at its place", () => {
  const root = join(import.meta.dirname, "..", "..");
  const told: unknown[] = [];
  const text = 'export const a = 1;\nimport "#electron/main.ts";';
  wallsInLint.rules.table
    .create({
      filename: join(root, "archive", "index", "a.ts"),
      sourceCode: { text, getLocFromIndex: (index) => ({ line: 0, column: index }) },
      report: (found) => told.push(found),
    })
    .Program();
  expect(told).toEqual([
    {
      message: expect.stringContaining("archive/index/a.ts may not import electron/main.ts: "),
      loc: { line: 0, column: text.indexOf("import") },
    },
  ]);
  expect(JSON.parse(readFileSync(join(root, ".oxlintrc.json"), "utf8"))).toMatchObject({
    jsPlugins: ["./dev/structure/walls-in-lint.ts"],
    rules: { "walls/table": "error" },
  });
});
