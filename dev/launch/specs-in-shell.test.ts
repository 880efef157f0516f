import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { specsInShell } from "./specs-in-shell.mjs";

test("each spec that is named for the shell is there: one that was renamed would not run in it", () => {
  const missing = specsInShell.filter(
    (path) => !existsSync(fileURLToPath(new URL(`../../e2e/${path}`, import.meta.url))),
  );
  expect(missing).toEqual([]);
});
