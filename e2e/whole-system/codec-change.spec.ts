import { addChangedCamera, type ChangedCamera } from "../fixture/changed-camera.ts";
import { startConsole } from "../fixture/console.ts";
import { expect, test as base } from "../fixture/test.ts";
import { asEntered, pastFootageEndUtcMs } from "../proof/site-facts.ts";

const test = base.extend<{ changed: ChangedCamera }>({
  changed: async ({ siteDir }, use) => {
    await use(await addChangedCamera(siteDir, (await pastFootageEndUtcMs(siteDir)) - 3_600_000));
  },
  desk: async ({ changed }, use) => {
    const desk = await startConsole({ siteDir: changed.siteDir });
    await use(desk);
    await desk.close();
  },
});

test("a range in which the picture codec changes is refused at its end, with the instant to cut it at", async ({
  desk,
  screens,
  changed,
}) => {
  const { wizard } = screens;
  const { name, startUtcMs, changeUtcMs, endUtcMs } = changed;
  await screens.logOn.logOn("operator", "operator");
  await screens.canvas.tile(1).select();
  await screens.areaView.open(name);
  await expect(screens.canvas.tile(1).badge).toHaveText("Not recorded");
  await wizard.openFrom(screens.canvas.tile(1));
  await expect(wizard.offer).toHaveText(/^Start and end are the last minute that was recorded, up to /);
  await wizard.next();
  await wizard.fillTimes(name, { start: asEntered(startUtcMs), end: asEntered(endUtcMs) });
  const instant = asEntered(changeUtcMs);
  const sentence = wizard.dialog.getByText(`codec changed at ${instant}`);
  await expect(sentence.first()).toBeVisible();
  await expect(sentence.first()).toContainText(`Make two exports: one that ends at ${instant}`);
  await expect(wizard.button("Next")).toBeDisabled();

  for (const [start, end] of [
    [startUtcMs, changeUtcMs],
    [changeUtcMs, endUtcMs],
  ] as const) {
    await wizard.fillTimes(name, { start: asEntered(start), end: asEntered(end) });
    await expect(sentence).toHaveCount(0);
    await expect(wizard.dialog.getByText("100 frames, no gaps")).toBeVisible();
    await expect(wizard.button("Next")).toBeEnabled();
  }

  await test.step("the H.264 up to the change is shown, whether or not there is a decoder for what follows", async () => {
    const tile = screens.canvas.tile(1);
    const notice = tile.element.getByText(/^This computer cannot show H\.265 pictures\./);
    const isPlayable = await desk.page.evaluate(() =>
      MediaSource.isTypeSupported('video/mp4; codecs="hvc1.1.6.L93.B0"'),
    );
    await wizard.discard();
    await tile.jumpTo(asEntered(changeUtcMs - 3_000));
    await expect(tile.element.locator("[data-visible] video")).toBeVisible();
    await expect(tile.badge).toHaveText(/^Playback/);
    // Play comes to the change by itself.
    if (!isPlayable) await expect(notice).toBeVisible({ timeout: 30_000 });
    await tile.jumpTo(asEntered(startUtcMs + 1_000));
    await tile.isPlaying();
    await expect(notice).toBeHidden();
  });
});
