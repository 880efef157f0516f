import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished, expect, test } from "vitest";
import { readOtherFiles, readProductionFiles } from "./production-files.ts";

function repositoryOf(...paths: readonly string[]): string {
  const root = mkdtempSync(join(tmpdir(), "repository-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), "");
  }
  return root;
}

test("code is read whatever its file ends with, and wherever it lies", () => {
  const shipped = [
    ...["app/a.cjs", "app/a.css", "app/a.cts", "app/a.d.mts", "app/a.d.ts", "app/a.js", "app/a.jsx"],
    ...["app/a.mjs", "app/a.mts", "app/a.ts", "app/a.tsx"],
  ];
  const others = [
    ...["app/a.test.mjs", "app/a.test.ts", "app/b.test-process.mjs", "app/port-suite.ts", "app/testing/a.ts"],
    ...["dev/a.css", "dev/launch/a.mjs", "e2e/a.spec.ts", "proofs/a.cjs", "tool.config.ts"],
  ];
  const root = repositoryOf(...shipped, ...others);
  expect(readProductionFiles(root).map(({ path }) => path)).toEqual(shipped);
  expect(readOtherFiles(root).map(({ path }) => path)).toEqual(others);
});

test("what is no code, was made from it, or comes from elsewhere is not read", () => {
  const root = repositoryOf(
    "app/a.json",
    "out/a.js",
    "node_modules/a/a.js",
    "app/node_modules/a.js",
    ".git/a.ts",
  );
  expect([...readProductionFiles(root), ...readOtherFiles(root)]).toEqual([]);
});
