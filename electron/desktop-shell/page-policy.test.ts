import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

/** Policies add up: what the page's own says is for pages that come without headers, and must not be the narrower one. */
test("the page's own policy lets an archive be read wherever it is; the header names the one that is", async () => {
  const page = await readFile(new URL("../../renderer/index.html", import.meta.url), "utf8");
  const [, sources = ""] = /connect-src ([^;"]+)/.exec(page) ?? [];
  expect(sources.split(" ")).toEqual(["'self'", "http:", "https:"]);
});
