import type { Locator } from "@playwright/test";
import { expect, test } from "../fixture/test.ts";

/** Shows a third of the time that was shown. */
const CLOSER_PX = -600;

const textOf = (handle: Locator) => handle.getAttribute("aria-valuetext");
/** Whether the bar of a handle is drawn, which says: the export ends here. */
const hasBar = (handle: Locator) =>
  handle.evaluate((element) => getComputedStyle(element, "::before").display !== "none");

test("a live tile's timeline keeps the present where a zoom leaves it, and leads back to it once it is out of sight", async ({
  screens,
}) => {
  await screens.logOn.logOn("operator", "operator");
  const tile = screens.canvas.tile(1);
  await tile.isPlaying();
  const { timeline } = tile;

  await test.step("zoomed into beside the present, the present stays in sight although it moves on", async () => {
    for (let turn = 0; turn < 6; turn += 1) await timeline.turnWheel(0.85, CLOSER_PX);
    const wasHidden = timeline.position.evaluate((canvas) => {
      const button = canvas.parentElement!.querySelector("button")!;
      const positionMs = () => Number(canvas.getAttribute("aria-valuenow"));
      const startMs = positionMs();
      // The timeline shows five seconds: the present would have left it twice over.
      return new Promise<boolean>((resolve) => {
        const look = () => {
          if (!button.hidden) resolve(false);
          else if (positionMs() - startMs > 10_000) resolve(true);
          else requestAnimationFrame(look);
        };
        look();
      });
    });
    expect(await wasHidden).toBe(true);
  });

  await test.step("zoomed into elsewhere, the way back to the present is said, and goes there", async () => {
    for (let turn = 0; turn < 12; turn += 1) await timeline.turnWheel(0.5, -CLOSER_PX);
    await expect(timeline.toPresent).toBeHidden();
    for (let turn = 0; turn < 6; turn += 1) await timeline.turnWheel(0.1, CLOSER_PX);
    await expect(timeline.toPresent).toBeVisible();
    await expect(tile.badge).toContainText("Live");
    await timeline.toPresent.click();
    await expect(timeline.toPresent).toBeHidden();
    await expect(tile.badge).toContainText("Live");
  });
});

test("an end of the mark that lies out of sight is an arrow at the edge and no handle, and leads there", async ({
  screens,
}) => {
  await screens.logOn.logOn("operator", "operator");
  const tile = screens.canvas.tile(1);
  await tile.isPlaying();
  const { timeline } = tile;
  await timeline.markRange(0.3, 0.5);
  const [start, end] = [await textOf(timeline.startHandle), await textOf(timeline.endHandle)];
  expect([await hasBar(timeline.startHandle), await hasBar(timeline.endHandle)]).toEqual([true, true]);

  for (let turn = 0; turn < 4; turn += 1) await timeline.turnWheel(0.85, CLOSER_PX);
  await expect(timeline.startHandle).toHaveAttribute("data-outside", "before");
  await expect(timeline.endHandle).toHaveAttribute("data-outside", "before");
  expect([await hasBar(timeline.startHandle), await hasBar(timeline.endHandle)]).toEqual([false, false]);

  // Dragged, an arrow takes no end along: it would leap over all that is not shown.
  await timeline.drag("end", 60);
  await expect(timeline.endHandle).not.toHaveAttribute("data-outside");
  await expect(timeline.startHandle).toHaveAttribute("data-outside", "before");
  expect([await textOf(timeline.startHandle), await textOf(timeline.endHandle)]).toEqual([start, end]);
  await expect(timeline.toPresent).toBeVisible();
});
