import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
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

describe.skipIf(process.getuid === undefined)("a folder of another user of this computer", () => {
  const OTHER = 54_321;
  const { username } = userInfo();

  test("is not used by whoever may write everywhere: it would lock its owner out", () => {
    expect(whyNotUsable(folder)).toBeNull();
    expect(whyNotUsable(folder, OTHER)).toBe(
      `The site folder ${folder} is somebody else's. It belongs to the user ${username}: start the console as the user ` +
        `${username}, or on another folder with --site.`,
    );
  });

  test("that cannot be used is told with its owner", () => {
    writeFileSync(join(folder, "console"), "");
    expect(whyNotUsable(folder)).not.toContain("belongs to");
    expect(whyNotUsable(folder, OTHER)).toContain(
      `it must be a folder that you may write into. It belongs to the user ${username}:`,
    );
  });

  test.runIf(process.getuid?.() === 0)("is told by number where the user has no name here", () => {
    mkdirSync(join(folder, "console"));
    chownSync(join(folder, "console"), OTHER, OTHER);
    expect(whyNotUsable(folder)).toContain(`It belongs to the user with the number ${OTHER}:`);
  });
});
