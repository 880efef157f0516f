import { expect, test } from "vitest";
import { lostInWords } from "./lost-footage.ts";

const range = (startUtcMs: number, endUtcMs: number) => ({ startUtcMs, endUtcMs });

test("words tell how much, from when to when with the offset, and how many more there are", () => {
  const at = (text: string) => Date.parse(text);
  expect(
    lostInWords([range(at("2026-11-28T09:00:00Z"), at("2026-11-28T09:03:19.5Z"))], "Europe/Berlin"),
  ).toBe("3 min 20 s: 2026-11-28 10:00:00 UTC+01:00 to 10:03:20");
  expect(lostInWords([range(at("2026-10-25T00:59:00Z"), at("2026-10-25T01:01:00Z"))], "Europe/Berlin")).toBe(
    "2 min 00 s: 2026-10-25 02:59:00 UTC+02:00 to 02:01:00 UTC+01:00",
  );
  expect(
    lostInWords([range(at("2026-11-28T23:00:00Z"), at("2026-11-30T05:00:00Z"))], "America/St_Johns"),
  ).toBe("30 h 00 min 00 s: 2026-11-28 19:30:00 UTC−03:30 to 2026-11-30 01:30:00");
  expect(
    lostInWords(
      Array.from({ length: 5 }, (_unused, at) => range(at * 2_000, at * 2_000 + 1_000)),
      "UTC",
    ),
  ).toMatch(/^5 s: .*; .*; .*; 2 more$/);
});
