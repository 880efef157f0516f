import type { Locator } from "playwright-core";
import { answeredKeys, keysInSheet } from "../proof/answered-keys.ts";
import { expect, test } from "../fixture/test.ts";

test("every place of the console answers the keys that the sheet names for it, and no other", async ({
  desk,
  screens,
}) => {
  test.setTimeout(240_000);
  const { page } = desk;
  page.setDefaultTimeout(30_000);
  const { canvas, areaView, wizard } = screens;
  const camera = "Car park barrier";
  await screens.logOn.logOn("administrator", "administrator");
  const fillTiles = async () => {
    await page.keyboard.press("Escape");
    await canvas.choosePattern("2×2");
    await canvas.tile(1).select();
    await areaView.open(camera);
  };
  await fillTiles();
  await canvas.tile(1).isPlaying();

  const sheetOf = async (...places: readonly string[]) => {
    await page.locator("header").getByRole("button", { name: "Keys", exact: true }).click();
    const written = await keysInSheet(page, ...places);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog", { name: "Keys", exact: true })).toBeHidden();
    return written;
  };
  const nothing = async () => {};
  const expectAnswered = async (
    places: readonly string[],
    place: Locator,
    again: () => Promise<void> = nothing,
  ) => {
    const written = await sheetOf(...places);
    expect(written.length, places.join()).toBeGreaterThan(0);
    expect(await answeredKeys(place, again), places.join()).toEqual(written);
  };

  const { element, timeline } = canvas.tile(1);
  /** What was taken out, opened or expanded is as it was. */
  const restoreTile = async () => {
    const menu = page.getByRole("menu");
    const isOpen = (await menu.isVisible()) || (await canvas.tile(1).question.isVisible());
    if (isOpen) await page.keyboard.press("Escape");
    await expect(menu).toBeHidden();
    if ((await canvas.tile(2).element.count()) === 0) await canvas.choosePattern("2×2");
    if (((await element.getAttribute("aria-label")) ?? "").includes("empty")) await fillTiles();
  };
  await test.step("a tile", () => expectAnswered(["On a tile"], element, restoreTile));
  await test.step("a timeline", async () => {
    await fillTiles();
    // The tile around it answers its menu's keys too.
    const written = await sheetOf("On a timeline");
    const answered = await answeredKeys(timeline.position, restoreTile);
    expect(answered.filter((cap) => !["Menu key", "Shift + F10"].includes(cap))).toEqual(written);
  });
  await test.step("an end of the export", async () => {
    const mark = async () => {
      if (!(await timeline.startHandle.isVisible())) await timeline.markRange(0.5, 0.7);
    };
    await mark();
    const written = await sheetOf("On an end of the export");
    const answered = await answeredKeys(timeline.startHandle, async () => {
      await restoreTile();
      await mark();
    });
    expect(answered.filter((cap) => !["Menu key", "Shift + F10"].includes(cap))).toEqual(written);
  });
  await test.step("the area view and its edge", async () => {
    await expectAnswered(["In the area view"], areaView.region.getByRole("tree"));
    const edge = page.getByRole("separator", { name: "Width of the area view" });
    await expectAnswered(["On the edge of the area view"], edge);
    // The operator's own, and remembered: other specs use the same site.
    for (const key of ["Home", ...Array.from({ length: 4 }, () => "ArrowRight")]) await edge.press(key);
  });
  await test.step("the cameras to export, and a field for a time", async () => {
    const places = await sheetOf("In the cameras to export");
    const inField = await sheetOf("In a field for a time");
    await fillTiles();
    await wizard.openFrom(canvas.tile(1));
    await wizard.addCameras("Lobby entrance", "Gate at night");
    const row = wizard.cameraRow("Lobby entrance");
    const again = async () => {
      if ((await row.count()) === 0) await wizard.addCameras("Lobby entrance", "Gate at night", camera);
      await row.focus();
    };
    expect(await answeredKeys(row, again)).toEqual(places);
    // Delete has taken all cameras out: those that came again have no times.
    await wizard.discard();
    await wizard.openFrom(canvas.tile(1));
    await wizard.next();
    // Enter reads what is typed and is left to the form besides.
    const field = wizard.timesField(camera, "Start");
    expect(await answeredKeys(field, nothing)).toEqual(inField.filter((cap) => cap !== "Enter"));
    await wizard.discard();
  });

  await test.step("Caps Lock, other layouts, and not while typing", async () => {
    const press = (init: Readonly<Record<string, string | boolean | undefined>>) =>
      element.evaluate(
        (tile, with_) =>
          tile.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...with_ })),
        init,
      );
    const question = canvas.tile(1).question;
    for (const init of [
      { key: "T", code: "KeyT" },
      { key: "t", code: "KeyK" },
      { key: "е", code: "KeyT" },
    ]) {
      await press(init);
      await expect(question).toBeVisible();
      await page.keyboard.press("?");
      await page.keyboard.press("l");
      await expect(page.getByRole("dialog", { name: "Keys", exact: true })).toBeHidden();
      await expect(question.getByRole("textbox")).toHaveValue(/l/);
      await page.keyboard.press("Escape");
      await expect(question).toBeHidden();
    }
    for (const init of [
      { key: "t", code: "KeyT", ctrlKey: true },
      { key: "t", code: "KeyT", altKey: true },
      { key: "t", code: "KeyT", metaKey: true },
      { key: "t", code: "KeyT", isComposing: true },
      { key: "y", code: "KeyT" },
    ])
      expect(await press(init)).toBe(true);
    await expect(question).toBeHidden();
  });
});
