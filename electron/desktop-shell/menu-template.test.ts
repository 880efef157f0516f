import { expect, test } from "vitest";
import { menuFor } from "./menu-template.ts";

test("on macOS copying, pasting, windows and quitting by keys are the menu's, each by its role", () => {
  expect(menuFor("darwin")?.map(({ role }) => role)).toEqual(["appMenu", "editMenu", "windowMenu"]);
});

test.each(["linux", "win32"] as const)("on %s the console has no menu", (platform) => {
  expect(menuFor(platform)).toBeNull();
});
