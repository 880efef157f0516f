import { expect, test } from "vitest";
import { liveWords } from "./live-words.ts";

test.each([
  ["recording", 400, "Live", "live"],
  ["recording", 3_000, "Live", "live"],
  ["recording", 3_600, "Live · 4 s", "live"],
  ["recording", 15_001, "Live · 15 s", "late"],
  ["recording", 75_000, "Live · 1 min 15 s", "late"],
  ["recording", null, "Live", "late"],
  ["connecting", null, "Connecting", "late"],
  ["connecting", 2_000, "Connecting", "live"],
  ["connecting", 21_000, "Connecting · picture 21 s old", "late"],
] as const)("a camera that is %s, with a picture %s ms old, is called “%s”", (state, ageMs, text, tone) => {
  expect(liveWords(state, ageMs)).toMatchObject({ text, tone });
});

test("how old the picture is can be read at any age", () => {
  expect(liveWords("recording", 400)?.title).toBe("The picture is 0 s old");
  expect(liveWords("connecting", 21_000)?.title).toBe("The picture is 21 s old");
  expect(liveWords("recording", null)?.title).toBe("No picture yet");
});

test("of a camera that is not recorded nothing is called live or connecting", () => {
  expect([liveWords("no-signal", 400), liveWords("stopped", 400)]).toEqual([null, null]);
});
