import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { specsInShell } from "./specs-in-shell.mjs";

const specs = fileURLToPath(new URL("../../e2e/", import.meta.url));

test("each spec that is named for the shell is there: one that was renamed would not run in it", () => {
  const missing = specsInShell.filter((path) => !existsSync(join(specs, path)));
  expect(missing).toEqual([]);
});
