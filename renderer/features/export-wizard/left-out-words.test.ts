import { expect, test } from "vitest";
import { leftOutSentence } from "./left-out-words.ts";

const SOUND = { kind: "sound", format: "G.711 µ-law" } as const;

test.each([
  [[SOUND], "The camera's sound (G.711 µ-law) is not in this export: the archive does not record it."],
  [
    [SOUND, { kind: "metadata", format: "application data" } as const],
    "The camera's sound (G.711 µ-law) is not in this export: the archive does not record it.",
  ],
  [
    [SOUND, { kind: "picture", format: "MJPEG" } as const],
    "The camera's sound (G.711 µ-law) and second picture (MJPEG) are not in this export: the archive does not record them.",
  ],
])("%j is said to be left out", (leftOut, sentence) => {
  expect(leftOutSentence(leftOut)).toBe(sentence);
});

test("what nobody would miss, or what is not known, is not spoken of", () => {
  expect(leftOutSentence([{ kind: "metadata", format: "application data" }])).toBeNull();
  expect(leftOutSentence([])).toBeNull();
  expect(leftOutSentence(null)).toBeNull();
});
