import { expect, test } from "vitest";
import { readVersion } from "./ffmpeg-version.ts";

test.each([
  ["ffmpeg version 5.1.9-0+deb12u1 Copyright (c) 2000-2026", "5.1.9-0+deb12u1", 5, false],
  ["ffmpeg version 7.0.2-static https://example.org", "7.0.2-static", 7, false],
  ["ffmpeg version n9.0.2-17-g2a571b6068 Copyright", "n9.0.2-17-g2a571b6068", 9, false],
  ["ffmpeg version 4.4.2 Copyright", "4.4.2", 4, false],
  ["ffmpeg version 4.2.7 Copyright", "4.2.7", 4, true],
  ["ffmpeg version N-112233-gabcdef Copyright", "N-112233-gabcdef", null, false],
  ["ffmpeg version 2024-05-01-git-abc Copyright", "2024-05-01-git-abc", null, false],
])("%s", (said, name, major, isTooOld) => {
  expect(readVersion(said)).toEqual({ name, major, isTooOld });
});

test("what is no ffmpeg has no version", () => {
  expect(readVersion("hello")).toBeNull();
});
