import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { hourSteps } from "./hour-steps.ts";

const document = new URL("../../../docs/guides/first-hour.md", import.meta.url);

const deeds = (markdown: string) =>
  hourSteps(markdown).map(({ line: _line, words: _words, ...deed }) => deed);

test("commands and steps come in the order of the document", () => {
  const text = [
    ...["Prose, with **bold** and `grey`.", "", "```sh console", "npm start # a window opens", "```", ""],
    ...["1. Type `a` into **Name**, `b` into **Area** and the password that was printed into **Password**."],
    ...["2. Press **Next** twice. Press **Use** beside **Other**. Press **Open** on the card **Gate**."],
    ...[
      "3. Wait for **It is there.** Right-click tile 2.",
      "",
      "```sh",
      "one \\",
      "  two",
      "three",
      "```",
      "",
    ],
  ].join("\n");
  const press = { kind: "press", times: 1, card: null };
  expect(deeds(text)).toEqual([
    { kind: "command", command: "npm start", terminal: "console" },
    {
      kind: "enter",
      entries: [
        { text: "a", label: "Name" },
        { text: "b", label: "Area" },
        { text: null, label: "Password" },
      ],
    },
    { ...press, label: "Next", times: 2 },
    { ...press, label: "Use Other" },
    { ...press, label: "Open", card: "Gate" },
    { kind: "wait", text: "It is there.", card: null },
    { kind: "tile", number: 2, gesture: "menu" },
    { kind: "command", command: "one   two", terminal: null },
    { kind: "command", command: "three", terminal: null },
  ]);
});

test("a sentence that nobody knows is told with its line", () => {
  expect(() => hourSteps("\n1. Press **Next**. Then think.\n")).toThrow(
    "Line 2: nobody knows how to do “Then think.”.",
  );
});

test("every step of the first hour is known", async () => {
  const steps = hourSteps(await readFile(document, "utf8"));
  expect(steps.length).toBeGreaterThan(50);
});
