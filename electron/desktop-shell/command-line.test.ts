import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { helpText, readCommandLine } from "./read-command-line.mjs";
import { wordsGiven } from "./command-line.ts";

const FOLDER = resolve("here");
const read = (...words: string[]) => readCommandLine(words, FOLDER);
const plain = { kind: "start", site: null, file: null, switches: [] };

describe("what the console is told at the start", () => {
  test.each([
    [[], {}],
    [["--site", "other"], { site: join(FOLDER, "other") }],
    [["--site=other folder"], { site: join(FOLDER, "other folder") }],
    [["my.json"], { file: join(FOLDER, "my.json") }],
    [["--site=a", "my.json"], { site: join(FOLDER, "a"), file: join(FOLDER, "my.json") }],
    [["--", "--my.json"], { file: join(FOLDER, "--my.json") }],
    [["file:///tmp/with%20blank.json"], { file: "/tmp/with blank.json" }],
    [["-psn_0_12345"], {}],
    [
      ["--no-sandbox", "--remote-debugging-port=0"],
      { switches: ["--no-sandbox", "--remote-debugging-port=0"] },
    ],
  ])("%j", (words, expected) => {
    expect(read(...words)).toEqual({ ...plain, ...expected });
  });

  test.each([
    [["--sites=x"], "The console has no option --sites=x."],
    [["-no-sandbox"], "The console has no option -no-sandbox."],
    [["-x"], "The console has no option -x."],
    [["--site"], "--site needs a folder after it."],
    [["--site="], "--site needs a folder after it."],
    [["--site", "--no-sandbox"], "--site needs a folder after it."],
    [["--site=a", "--site=b"], "--site is there twice"],
    [["a.json", "b.json"], "One connection file can be opened at a time"],
    [["https://elsewhere.invalid/my.json"], "https://elsewhere.invalid/my.json is no file of this computer."],
  ])("%j is refused with a sentence", (words, sentence) => {
    const told = read(...words);
    expect(told).toEqual({ kind: "refused", sentence: expect.stringContaining(sentence) });
  });

  test("who asks for help or the version gets it, whatever else was said", () => {
    expect(read("--site=a", "--help")).toEqual({ kind: "help" });
    expect(read("-h")).toEqual({ kind: "help" });
    expect(read("--version")).toEqual({ kind: "version" });
  });

  test("the help names every option that is taken", () => {
    const named = helpText("evidence-desk").match(/--[a-z-]+/g) ?? [];
    expect(named).toEqual(expect.arrayContaining(["--site", "--help", "--version", "--no-sandbox"]));
    const refused = named.filter((name) => name !== "--site" && read(name).kind === "refused");
    expect(refused).toEqual([]);
  });
});

test.each([
  [["evidence-desk", "my.json"], true, ["my.json"]],
  [["electron", "--no-sandbox", "folder", "--site=a"], false, ["--no-sandbox", "--site=a"]],
  [["node", "main.js"], false, []],
])("%j: the words that were given (packaged: %j)", (argv, isPackaged, words) => {
  expect(wordsGiven(argv, isPackaged)).toEqual(words);
});
