import { describe, expect, test } from "vitest";
import { splitBeforeEnd } from "./name-end.ts";

describe("a name that may have no room", () => {
  test("keeps its end, in which names of a site differ", () => {
    expect(splitBeforeEnd("Perimeter fence, camera 0001")).toEqual(["Perimeter fence, cam", "era 0001"]);
  });

  test("is not split when it is short", () => {
    expect(splitBeforeEnd("Lobby")).toEqual(["Lobby", ""]);
  });

  test("is never split within a letter with its marks, or within an emoji", () => {
    const family = "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}";
    const [head, end] = splitBeforeEnd(`North gate ${family}e\u0301234567`);
    expect(end).toBe(`${family}e\u0301234567`);
    expect(head + end).toBe(`North gate ${family}e\u0301234567`);
  });
});
