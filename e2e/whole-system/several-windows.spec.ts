import type { Page } from "playwright-core";
import { type RunningConsole, startConsole } from "../fixture/console.ts";
import { rememberedWindows, wasFirstFull } from "../fixture/remembered-windows.ts";
import { expect, test } from "../fixture/test.ts";
import type { Tile } from "../screen-objects/tile.ts";
import { type Screens, screensOf } from "../screen-objects/screens.ts";

const [CAMERA, OTHER] = ["Lobby entrance", "Car park barrier"];

test("a second window shows a canvas, sends through the first, fills its screen and comes back at log-on", async ({
  siteDir,
}) => {
  let desk = await startConsole({ siteDir });
  let screens = screensOf(desk.page);
  const windowsOf = () => rememberedWindows(siteDir, "operator");

  await test.step("F11 fills the screen, before log-on too, and F11 ends it; it is remembered", async () => {
    const before = await heightOf(desk.page);
    await desk.page.keyboard.press("F11");
    await expect.poll(() => heightOf(desk.page)).toBeGreaterThan(before);
    await expect.poll(() => wasFirstFull(siteDir)).toBe(true);
    await desk.page.keyboard.press("F11");
    await expect.poll(() => wasFirstFull(siteDir)).toBe(false);
  });

  await test.step("no window before log-on", async () => {
    await desk.page.keyboard.press("F8");
    await expect(desk.page.getByText("Log on first.")).toBeVisible();
  });

  await screens.logOn.logOn("operator", "operator");
  await screens.canvas.tile(1).isPlaying();
  let second = await openedBy(desk, () => desk.page.keyboard.press("F8"));
  let further = screensOf(second);

  await test.step("it has a canvas of its own, into which cameras are put", async () => {
    await expect(second.getByRole("heading", { name: "Window 2", exact: true })).toBeVisible();
    await expect(second.getByRole("button", { name: "Log off" })).toHaveCount(0);
    await putIn(further, 1, CAMERA);
    await putIn(further, 2, OTHER);
    await further.canvas.tile(1).isPlaying();
    await second.getByRole("button", { name: "Area view", exact: true }).click();
    await expect(further.areaView.region).toBeHidden();
    await expect(screens.canvas.tile(1).element).not.toHaveAccessibleName(/Lobby entrance/);
    if (process.env["EVIDENCE_DESK_SCREENSHOTS"])
      for (const [page, name] of [
        [desk.page, "first"],
        [second, "second"],
      ] as const)
        await page.screenshot({ path: `test-results/${name}-window.png` });
  });

  await test.step("evidence of its tile is sent in the first window, with what is marked there", async () => {
    const tile = further.canvas.tile(1);
    await tile.timeline.markRange(0.5, 0.53);
    await tile.choose("Send evidence to Genetec Clearance™");
    await expect(screens.wizard.dialog).toBeVisible();
    await expect(further.wizard.dialog).toBeHidden();
    await expect(screens.wizard.offer).toContainText("the range marked on the timeline");
    await screens.wizard.button("Add all cameras in tiles").click();
    await expect(screens.wizard.cameraRow(CAMERA)).toBeVisible();
    await expect(screens.wizard.cameraRow(OTHER)).toBeVisible();
    await expect(screens.wizard.cameras.getByRole("row"), "with its head").toHaveCount(3);
    await tile.choose("Send evidence to Genetec Clearance™");
    await expect(desk.page.getByText("Finish the export that is open here first")).toBeVisible();
    await expect(tile.timeline.startHandle).toBeVisible();
    for (const go of ["next", "next"] as const) await screens.wizard[go]();
    await screens.wizard.associate("Skip and upload evidence");
    await screens.wizard.next();
    await screens.wizard.finish();
    await expect(tile.timeline.startHandle).toBeHidden();
    await screens.tray.open();
    await screens.tray.exports.newest.isAvailable();
    await desk.page.keyboard.press("Escape");
  });

  await test.step("a tile of the first window that is dropped there leaves its own tiles in their places", async () => {
    const name = (await screens.canvas.tile(1).element.getAttribute("aria-label"))!.replace(
      "Tile 1",
      "Tile 3",
    );
    await drop(further.canvas.tile(3), await dragged(screens.canvas.tile(1)));
    await expect(further.canvas.tile(3).element).toHaveAccessibleName(name);
    await expect(further.canvas.tile(1).element).toHaveAccessibleName(/Lobby entrance/);
    await further.canvas.tile(3).choose("Remove from tile");
  });

  await test.step("a page of it that is gone comes back, with its tiles", async () => {
    await expect.poll(() => windowsOf()[0]?.canvas.tiles.filter((id) => id !== null).length).toBe(2);
    // Which process draws which window nobody tells, and both may be drawn by one.
    const devtools = await second.context().newCDPSession(second);
    void devtools.send("Page.crash").catch(() => undefined);
    await expect.poll(() => desk.output()).toContain("The console's page is gone");
    await expect(async () => {
      second = await desk.pageAfterCrash("Window 2 – Evidence Desk");
      await expect(screensOf(second).canvas.tile(2).element).toHaveAccessibleName(/Car park barrier/, {
        timeout: 2_000,
      });
    }).toPass();
    further = screensOf(second);
    await further.canvas.tile(1).isPlaying();
    await expect(screens.canvas.tile(1).element).toBeVisible();
  });

  await test.step("F11 fills the screen with it alone", async () => {
    await second.keyboard.press("F11");
    await expect.poll(() => windowsOf()[0]?.place.isFullScreen).toBe(true);
  });

  await test.step("a window that is closed goes alone and is forgotten", async () => {
    const third = await openedBy(desk, () => second.getByRole("button", { name: /^New window/ }).click());
    await expect(third.getByRole("heading", { name: "Window 3", exact: true })).toBeVisible();
    await third.close();
    await expect.poll(() => windowsOf().map(({ number }) => number)).toEqual([2]);
    await expect(second.getByRole("heading", { name: "Window 2", exact: true })).toBeVisible();
  });

  await test.step("logging off closes it, and nobody else is shown it", async () => {
    const closed = second.waitForEvent("close");
    await desk.page.getByRole("button", { name: "Log off" }).click();
    await closed;
    await screens.logOn.logOn("viewer", "viewer");
    await screens.canvas.tile(1).isPlaying();
    expect(desk.page.context().pages()).toHaveLength(1);
  });

  await desk.close();
  desk = await startConsole({ siteDir });
  screens = screensOf(desk.page);
  await test.step("it is back at its operator's log-on, full, with its cameras", async () => {
    const back = await openedBy(desk, () => screens.logOn.logOn("operator", "operator"));
    await expect(back.getByRole("heading", { name: "Window 2", exact: true })).toBeVisible();
    await expect(screensOf(back).canvas.tile(1).element).toHaveAccessibleName(/Lobby entrance/);
    await expect(screensOf(back).canvas.tile(2).element).toHaveAccessibleName(/Car park barrier/);
    await screensOf(back).canvas.tile(1).isPlaying();
    await expect.poll(() => heightOf(back)).toBe(await back.evaluate("screen.height"));
  });
  await desk.close();
});

async function openedBy({ page }: RunningConsole, act: () => Promise<unknown>): Promise<Page> {
  const [opened] = await Promise.all([page.context().waitForEvent("page"), act()]);
  return opened;
}

async function putIn(screens: Screens, tile: number, camera: string): Promise<void> {
  await screens.canvas.tile(tile).select();
  await screens.areaView.open(camera);
}

/** What a tile puts on the hand: kinds and words. */
const dragged = ({ element }: Tile) =>
  element.locator("[draggable=true]").evaluate((picture) => {
    const dataTransfer = new DataTransfer();
    picture.dispatchEvent(new DragEvent("dragstart", { bubbles: true, dataTransfer }));
    return dataTransfer.types.map((kind) => [kind, dataTransfer.getData(kind)] as const);
  });

const drop = ({ element }: Tile, carried: Awaited<ReturnType<typeof dragged>>) =>
  element.evaluate((tile, all) => {
    const dataTransfer = new DataTransfer();
    for (const [kind, word] of all) dataTransfer.setData(kind, word);
    for (const type of ["dragover", "drop"])
      tile.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
  }, carried);

const heightOf = (page: Page) => page.evaluate(() => window.innerHeight);
