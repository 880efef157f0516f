import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { whyNotUsable } from "./usable-site.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "evidence-desk-usable-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a folder that is there, and one that is made for it, can be used", () => {
  expect(whyNotUsable(folder)).toBeNull();
  expect(whyNotUsable(join(folder, "Leitstelle Süd", "site"))).toBeNull();
});

test("what is no folder, or cannot be made one, is named: nobody looks for a console that is open there", () => {
  const file = join(folder, "site");
  writeFileSync(file, "");
  expect(whyNotUsable(file)).toMatch(/\/site cannot be used \(E(EXIST|NOTDIR)\)/);
  expect(whyNotUsable(join(file, "below"))).toContain("cannot be used (ENOTDIR)");
});
