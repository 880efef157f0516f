import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { siteFolderFrom } from "./command-line.ts";

test.each([
  [["console"], join("user", "site")],
  [["console", "--site", "other"], resolve("other")],
  [["console", "--site=other", "--flag"], resolve("other")],
  [["console", "--site"], join("user", "site")],
  [["console", "--site="], join("user", "site")],
])("%j means the site %s", (argv, folder) => {
  expect(siteFolderFrom(argv, "user")).toBe(folder);
});
