import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { specsInElectron } from "./specs-in-electron.mjs";

test("each spec that is named for Electron is there: one that was renamed would run nowhere else", () => {
  const missing = specsInElectron.filter(
    (path) => !existsSync(fileURLToPath(new URL(`../../e2e/${path}`, import.meta.url))),
  );
  expect(missing).toEqual([]);
});
