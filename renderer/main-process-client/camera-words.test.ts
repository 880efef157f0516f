import { describe, expect, test } from "vitest";
import type { CameraProblem } from "#shared/domain/camera.ts";
import { cameraWords } from "./camera-words.ts";

const problem = (code: CameraProblem["code"], message = "the archive's own words"): CameraProblem => ({
  code,
  message,
});

describe("a camera in words", () => {
  test("that has no problem is called by its state alone", () => {
    expect(cameraWords({ state: "recording", problem: null })).toMatchObject({
      short: "Recording",
      sentence: "Recording",
      isProblem: false,
    });
    expect(cameraWords({ state: "stopped", problem: null }).isProblem).toBe(false);
    expect(cameraWords({ state: "no-signal", problem: null }).short).toBe("No signal");
  });

  test.each([
    ["DISK_FULL", "Disk full", /disk is full.*nothing is recorded/],
    ["FFMPEG_MISSING", "ffmpeg missing", /ffmpeg.*nothing is recorded/],
    ["NO_SIGNAL", "No signal", /the archive's own words/],
  ] as const)("that is not recorded because of %s says why", (code, short, sentence) => {
    const words = cameraWords({ state: "no-signal", problem: problem(code) });
    expect(words).toMatchObject({ short, sentence: expect.stringMatching(sentence), isProblem: true });
  });

  test("that is recorded without its sound says both", () => {
    const words = cameraWords({
      state: "recording",
      problem: problem("SOUND_LEFT_OUT", "sound of codec x is left out"),
    });
    expect(words).toMatchObject({
      short: "No sound",
      sentence: "Recording. Sound of codec x is left out.",
      icon: "warning",
    });
  });

  test("is told apart by its drawing too, not by colour alone", () => {
    const fine = cameraWords({ state: "recording", problem: null });
    const full = cameraWords({ state: "no-signal", problem: problem("DISK_FULL") });
    const away = cameraWords({ state: "no-signal", problem: problem("NO_SIGNAL") });
    expect(new Set([fine.icon, full.icon, away.icon]).size).toBe(3);
  });
});
