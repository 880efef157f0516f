import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startConsole } from "../fixture/console.ts";
import { killPageProcesses } from "../fixture/page-process.ts";
import { expect, test } from "../fixture/test.ts";
import { asEntered } from "../proof/site-facts.ts";
import { screensOf } from "../screen-objects/screens.ts";

const CAMERA = "Fence east";
const PREFERENCES = `evidenceDesk.request("preferences.get").then(({ value }) => value.tiles[2])`;

test("after an error the log-on says what happened, and a page that is gone comes back as it was", async ({
  siteDir,
}) => {
  // As the console leaves it when it ends by an error that nobody foresaw.
  const ended = { atUtcMs: Date.UTC(2026, 10, 1, 9, 30), isTold: false };
  await writeFile(join(siteDir, "console", "unforeseen-end.json"), JSON.stringify(ended));
  const desk = await startConsole({ siteDir });
  let screens = screensOf(desk.page);
  await expect(
    screens.logOn.dialog.getByText(
      `The console ended because of an error at ${asEntered(ended.atUtcMs).slice(0, 19)} and was started again. Exports go on where they were.`,
    ),
  ).toBeVisible();
  if (process.env["EVIDENCE_DESK_SCREENSHOTS"])
    await desk.page.screenshot({ path: "test-results/after-an-error.png" });

  await screens.logOn.logOn("operator", "operator");
  await screens.canvas.choosePattern("2×2");
  await screens.canvas.tile(3).select();
  await screens.areaView.open(CAMERA);
  await expect(screens.canvas.tile(3).element).toHaveAccessibleName(`Tile 3 – ${CAMERA}`);
  // The layout is remembered when it has come to rest.
  await expect
    .poll(async () => JSON.stringify(await desk.page.evaluate(PREFERENCES)))
    .toContain("fence-east");
  expect(killPageProcesses(desk.pid)).toBeGreaterThan(0);
  await expect.poll(() => desk.output()).toContain("The console's page is gone");
  await expect(async () => {
    screens = screensOf(await desk.pageAfterCrash());
    await expect(screens.canvas.tile(4).element).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await screens.canvas.tile(3).isPlaying();
  await expect(screens.canvas.tile(3).element).toHaveAccessibleName(`Tile 3 – ${CAMERA}`);
  await desk.close();
});
