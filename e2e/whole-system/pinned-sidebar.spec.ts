import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBrowser } from "../fixture/browser.ts";
import { startConsole } from "../fixture/console.ts";
import { startArchive } from "../fixture/other-archive.ts";
import { descendantsOf } from "../fixture/page-process.ts";
import { expect, removeDemoSite, test } from "../fixture/test.ts";
import { screensOf } from "../screen-objects/screens.ts";

/** Processes of a console, of an archive and of a browser that the test before left running. */
let leftRunning: readonly number[] = [];

test("the pinned sidebar survives a restart", async ({ siteDir }, testInfo) => {
  const before = await startConsole({ siteDir });
  const screens = screensOf(before.page);
  await screens.logOn.logOn("operator", "operator");
  await screens.tray.pinToSidebar();
  await expect(screens.sidebar.region).toBeVisible();
  await before.close();

  const after = await startConsole({ siteDir });
  const again = screensOf(after.page);
  await again.logOn.logOn("operator", "operator");
  await expect(again.sidebar.region).toBeVisible();
  await again.sidebar.unpin();
  await expect(again.sidebar.region).toBeHidden();
  await expect(again.tray.button).toBeFocused();
  // Nothing of it is ended here, as when a test fails before its end.
  await startArchive(testInfo.outputPath("archive"), "token", "http://127.0.0.1:9");
  await startBrowser();
  leftRunning = [after.pid, ...descendantsOf(process.pid)];
  expect(leftRunning.length).toBeGreaterThan(6);
});

test("whatever a test leaves running ends with the test, every process of it", async () => {
  test.skip(leftRunning.length === 0, "the test before this one starts it");
  const isRunning = (pid: number) => descendantsOf(process.pid).includes(pid);
  await expect.poll(() => leftRunning.filter(isRunning)).toEqual([]);
  expect(() => process.kill(leftRunning[0] ?? 0, 0)).toThrow("ESRCH");
});

test("a site that no test made is not removed, and neither is the folder around it", async () => {
  const notMade = await mkdtemp(join(tmpdir(), "evidence-desk-kept-"));
  const kept = join(notMade, "site");
  await mkdir(kept);
  for (const folder of [
    "",
    ".",
    "..",
    kept,
    notMade,
    tmpdir(),
    join(tmpdir(), "evidence-desk-e2e-x", ".."),
  ]) {
    await expect(removeDemoSite(folder), folder).rejects.toThrow("was not made by a test and is not removed");
  }
  expect(await readdir(notMade)).toEqual(["site"]);
  await rm(notMade, { recursive: true });
});
