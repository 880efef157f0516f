import { expect, test } from "vitest";
import { importsOf, librariesOf, unknownImportsOf } from "./imports.ts";
import { productionFile } from "./production-files.ts";
import { breachesOf } from "./wall-breaches.ts";
import type { Wall } from "./walls/wall.ts";

const reached = (text: string, path = "app/low/a.ts") => {
  const file = productionFile(path, text);
  const kind = (isType: boolean) => importsOf(file).flatMap((one) => (one.isType === isType ? one.to : []));
  return {
    values: kind(false),
    types: kind(true),
    libraries: librariesOf(file).map(({ library }) => library),
    unknown: unknownImportsOf(file).map(({ line }) => line),
  };
};
const NOTHING = { values: [], types: [], libraries: [], unknown: [] };

test("modules are read that are imported as the program runs, in quotes of any kind", () => {
  for (const text of [
    'import("../b.ts")',
    "import('../b.ts')",
    "import(`../b.ts`)",
    'import("../b.ts?worker")',
  ]) {
    expect(reached(`await ${text};`), text).toEqual({ ...NOTHING, values: ["app/b.ts"] });
  }
  expect(reached('await import(isOld ? "../b.ts" : "../c.ts");').values).toEqual(["app/b.ts", "app/c.ts"]);
});

test("what is imported by a name that only the run knows is told with its line", () => {
  for (const text of [
    "await import(`../${name}.ts`);",
    "await import(name);",
    'await import(isOld ? "../b.ts" : name);',
    "require(name);",
    "createRequire(import.meta.url)(name);",
    "import.meta.resolve(name);",
    'import.meta.glob("../*.ts");',
    "new Worker(new URL(`../${name}.ts`, import.meta.url));",
  ]) {
    expect(reached(`\n${text}`).unknown, text).toEqual([2]);
  }
});

test("types that are named where they stand are types of the file they come from", () => {
  const types = ["app/b.ts"];
  expect(reached('type B = import("../b.ts").B<string>;')).toEqual({ ...NOTHING, types });
  expect(
    reached('const of = async (load: () => Promise<typeof import("../b.ts")>) => await load();'),
  ).toEqual({
    ...NOTHING,
    types,
  });
  expect(reached('let server: import("node:http").Server | null;').libraries).toEqual(["node:"]);
  expect(reached('/// <reference path="../b.ts" />').types).toEqual(types);
  expect(reached('/// <reference types="vite/client" />').libraries).toEqual(["vite"]);
});

test("types of JavaScript are read in its comments, and comments of TypeScript are prose", () => {
  const text = '/** @param {import("../b.ts").B} b */\nexport function f(b) {}';
  expect(reached(text, "app/low/a.mjs")).toEqual({ ...NOTHING, types: ["app/b.ts"] });
  expect(reached('/** As import("../b.ts") does. */')).toEqual(NOTHING);
  for (const tag of ['@import { B } from "../b.ts"', "@import * as b from '../b.ts'"]) {
    expect(reached(`/** ${tag} */`, "app/low/a.mjs"), tag).toEqual({ ...NOTHING, types: ["app/b.ts"] });
    expect(reached(`/** ${tag} */`), tag).toEqual(NOTHING);
  }
});

test("require is an import, under whatever name, and so is the question where something is", () => {
  for (const text of [
    'require("../b.ts");',
    'import b = require("../b.ts");',
    'const load = createRequire(import.meta.url); load("../b.ts");',
    'createRequire(import.meta.url)("../b.ts");',
    'import { createRequire as make } from "node:module"; make(import.meta.url)("../b.ts");',
    'createRequire(import.meta.url).resolve("../b.ts");',
    'require.resolve("../b.ts");',
    'import.meta.resolve("../b.ts");',
  ]) {
    expect(reached(text).values, text).toEqual(["app/b.ts"]);
  }
  expect(reached('import fs = require("node:fs");').libraries).toEqual(["node:"]);
  expect(reached('const load = module.createRequire(file); load("pg");').libraries).toEqual(["pg"]);
  expect(reached('process.getBuiltinModule("node:fs");').libraries).toEqual(["node:"]);
});

test("code that is started by its address is an import, and what is only read is none", () => {
  for (const text of [
    'new Worker(new URL("../b.ts", import.meta.url));',
    "fileURLToPath(new URL(`../b.ts`, import.meta.url));",
    'fork(join(import.meta.dirname, "..", "b.ts"));',
    'fork(path.resolve(import.meta.dirname, "../b.ts"));',
  ]) {
    expect(importsOf(productionFile("app/low/a.ts", text)), text).toMatchObject([
      { from: "app/low/a.ts", to: "app/b.ts", isType: false, byAddress: true },
    ]);
  }
  expect(reached('new URL("b.test-process.ts", import.meta.url);').values).toEqual([
    "app/low/b.test-process.ts",
  ]);
  expect(reached('join(import.meta.dirname, isBuilt ? "b.js" : "b.ts");').values).toEqual([
    "app/low/b.js",
    "app/low/b.ts",
  ]);
  for (const text of [
    'new URL("../b.json", import.meta.url);',
    'new URL("../", import.meta.url);',
    'new URL("/b.ts", address);',
    "join(import.meta.dirname, name);",
  ]) {
    expect(reached(text), text).toEqual(NOTHING);
  }
});

test("a text that leads to code is an address, whatever is made of it", () => {
  for (const text of [
    'const here = import.meta.url; new Worker(new URL("../b.ts", here));',
    'fork(join(dirname(fileURLToPath(import.meta.url)), "../b.ts"));',
    'fork(import.meta.dirname + "/../b.ts");',
    "fork(`${import.meta.dirname}/../b.ts`);",
    'this.#load("../b.ts");',
    'module.require("../b.ts");',
    'declare module "../b.ts" {}',
  ]) {
    expect(importsOf(productionFile("app/low/a.ts", text)), text).toMatchObject([
      { from: "app/low/a.ts", to: "app/b.ts", isType: false, byAddress: true },
    ]);
  }
  expect(reached('const shown = "../b.json or ../b.ts";')).toEqual(NOTHING);
  expect(reached('import type { B } from "../b.ts"; run("../b.ts");')).toMatchObject({
    types: ["app/b.ts"],
    values: ["app/b.ts"],
  });
});

test("style sheets are read: what they import, and whose classes and values they take", () => {
  const sheet = (text: string) => reached(text, "app/low/a.css");
  for (const text of [
    '@import "../b.css";',
    "@import url(../b.css);",
    "@import url('../b.css') layer(base);",
    '.a { composes: b c from "../b.css"; }',
    '@value small from "../b.css";',
  ]) {
    expect(sheet(text), text).toEqual({ ...NOTHING, values: ["app/b.css"] });
  }
  expect(sheet('@import "b.css";').values).toEqual(["app/low/b.css"]);
  expect(sheet('@import "some-library/b.css";').libraries).toEqual(["some-library"]);
  expect(sheet('@import "https://elsewhere.example/b.css";').libraries).toEqual(["https:"]);
  expect(sheet('/* @import "../b.css"; */ .a { composes: b; }')).toEqual(NOTHING);
});

test("an import that only the run knows is a breach, except where a row says that it imports what is named to it", () => {
  const wall: Wall = { room: "app", may: [], libraries: [], because: "it stands on nothing" };
  const file = productionFile("app/a.ts", "\nawait import(name);");
  expect(breachesOf([file], [wall])).toEqual([
    "app/a.ts:2 imports what only the run can tell: write it as plain text.",
  ]);
  expect(breachesOf([file], [{ ...wall, importsWhatIsNamed: true }])).toEqual([]);
});
