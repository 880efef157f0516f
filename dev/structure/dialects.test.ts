import { expect, test } from "vitest";
import { dialectOffences } from "./dialects.ts";
import { productionFile } from "./production-files.ts";

const offences = (text: string, path = "app/a.ts"): string[] => dialectOffences([productionFile(path, text)]);

test("a private member is written with #, not with a word and not with an underline", () => {
  for (const member of ["private a = 1;", "protected a() {}", "private static readonly a = 1;"]) {
    expect(offences(`class One { ${member} }`), member).toEqual([
      "app/a.ts:1: a: a private member is written #name.",
    ]);
  }
  expect(offences("class One {\n  _a = 1;\n  _b() {}\n}")).toEqual([
    "app/a.ts:2: _a: a private member is written #name.",
    "app/a.ts:3: _b: a private member is written #name.",
  ]);
  expect(offences("class One { #a = 1; b(_unused: number) {} private constructor() {} }")).toEqual([]);
});

test("what a library calls with an underline is overridden so, and behind a Proxy the word is the only way", () => {
  expect(offences("class One extends Readable { override _read() {} }")).toEqual([]);
  expect(offences("class One { private a = 1; }", "dev/chromium-shell/app.ts")).toEqual([]);
  expect(offences("class One { _a = 1; }", "dev/chromium-shell/app.ts")).toHaveLength(1);
});

test("a folder is called folder in every name", () => {
  for (const text of [
    "const outDir_ = 1;",
    "const logDirectory = 1;",
    "const { dirOfSite } = site;",
    "interface One { readonly spoolDirs: string[] }",
    "class LogDirectory {}",
    "class One { #logDir = 1; }",
    "run({ logDir: 1 });",
    "function of(directory: string) {}",
  ]) {
    expect(offences(text), text).toHaveLength(1);
  }
  expect(offences("", "app/log-directory.ts")).toEqual(["app/log-directory.ts: a folder is called folder."]);
  expect(offences("", "app/log-dir/a.ts")).toHaveLength(1);
});

test("names of others stay, and so do the option of both services and the one of the start for scripts", () => {
  expect(
    offences("entry.isDirectory(); mkdirSync(tmpdir()); import.meta.dirname; build({ outDir: '' });"),
  ).toEqual([]);
  expect(offences("const dir = 1;", "archive/a.ts")).toEqual([]);
  expect(offences("const dir = 1;", "electron/a.ts")).toEqual([
    "electron/a.ts:1: dir: a folder is called folder.",
  ]);
  expect(offences("startConsole({ siteDir });", "e2e/a.ts")).toEqual([]);
  expect(offences("const direction = 1, direct = 2, dirty = 3;")).toEqual([]);
});

test("a schema is called by what it is of, and nothing else is called a schema's name in capitals", () => {
  for (const text of [
    "const row = z.object({});",
    "const Row = z.strictObject({}).partial();",
    "export const RowSchema = z.array(z.string());",
    "const row: z.ZodType<Row> = z.object({}).nullable();",
    "const RowSchema = rowSchema.extend({});",
  ]) {
    expect(offences(text), text).toHaveLength(1);
  }
  expect(
    offences(
      "const rowSchema = z.object({}); const row = z.object({}).parse(x); const ROWS_SCHEMA = `CREATE TABLE`;",
    ),
  ).toEqual([]);
});
