import { describe, expect, test } from "vitest";
import { CAMERA_PROBLEM_CODES, cameraProblem, type CameraProblemCode } from "#shared/domain/camera.ts";
import { cameraInSentences, cameraWords } from "./camera-words.ts";

const problem = (code: CameraProblemCode, message = "the archive's own words") =>
  cameraProblem({ code, message });

const wordsOf = (camera: Partial<Parameters<typeof cameraWords>[0]>) =>
  cameraWords({ state: "recording", problem: null, connectingSinceUtcMs: null, ...camera }, "Europe/Berlin");

describe("a camera in words", () => {
  test("that is being reached for the first time says since when, and that nothing is wrong yet", () => {
    const since = Date.UTC(2026, 10, 28, 9, 30, 5);
    expect(wordsOf({ state: "connecting", connectingSinceUtcMs: since })).toEqual({
      short: "Connecting",
      sentence: "Connecting since 10:30:05",
      icon: "wait",
      action: null,
      isProblem: false,
    });
  });

  test("that has no problem is called by its state alone", () => {
    expect(wordsOf({ state: "recording", problem: null })).toMatchObject({
      short: "Recording",
      sentence: "Recording",
      isProblem: false,
    });
    expect(wordsOf({ state: "stopped", problem: null }).isProblem).toBe(false);
    expect(wordsOf({ state: "no-signal", problem: null }).short).toBe("No signal");
  });

  test.each([
    ["DISK_FULL", "Disk full", /disk is full.*nothing is recorded/],
    ["FFMPEG_MISSING", "ffmpeg missing", /ffmpeg.*nothing is recorded/],
    ["NO_SIGNAL", "No signal", /the archive's own words/],
  ] as const)("that is not recorded because of %s says why", (code, short, sentence) => {
    const words = wordsOf({ state: "no-signal", problem: problem(code) });
    expect(words).toMatchObject({ short, sentence: expect.stringMatching(sentence), isProblem: true });
  });

  test("that is recorded without its sound says both", () => {
    const words = wordsOf({
      state: "recording",
      problem: problem("SOUND_LEFT_OUT", "sound of codec x is left out"),
    });
    expect(words).toMatchObject({
      short: "No sound",
      sentence: "Recording. Sound of codec x is left out.",
      icon: "warning",
    });
  });

  test.each(CAMERA_PROBLEM_CODES)("whose problem is %s says what can be done, after how it is", (code) => {
    const words = wordsOf({ state: "no-signal", problem: problem(code) });
    expect(words.action).toMatch(/^[A-Z].*\.$/);
    expect(cameraInSentences(words)).toMatch(/[.!?] [A-Z].*\.$/);
    expect(cameraInSentences(words).endsWith(` ${words.action}`)).toBe(true);
  });

  test("that is well has nothing to be done", () => {
    expect(cameraInSentences(wordsOf({ state: "recording", problem: null }))).toBe("Recording");
  });

  test("is told apart by its drawing too, not by colour alone", () => {
    const fine = wordsOf({ state: "recording", problem: null });
    const full = wordsOf({ state: "no-signal", problem: problem("DISK_FULL") });
    const away = wordsOf({ state: "no-signal", problem: problem("NO_SIGNAL") });
    expect(new Set([fine.icon, full.icon, away.icon]).size).toBe(3);
  });
});
