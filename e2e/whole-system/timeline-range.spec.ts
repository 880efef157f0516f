import { expect, test } from "../fixture/test.ts";

test("start and end of the export are dragged on the tile's timeline, and the wizard takes them over", async ({
  desk,
  screens,
}) => {
  await screens.logOn.logOn("operator", "operator");
  const tile = screens.canvas.tile(1);
  await tile.isPlaying();
  await tile.timeline.markRange(0.3, 0.5);
  const startText = async () => await tile.timeline.startHandle.getAttribute("aria-valuetext");
  const endText = async () => await tile.timeline.endHandle.getAttribute("aria-valuetext");
  const [start, end] = [await startText(), await endText()];

  await tile.timeline.drag("start", -40);
  expect(await startText()).not.toBe(start);
  expect(await endText()).toBe(end);
  await tile.timeline.press("end", "ArrowRight", 3);
  expect(await endText()).not.toBe(end);

  await screens.wizard.openFrom(tile);
  await screens.wizard.next();
  const camera = (await screens.wizard.cameras.getByRole("row").last().getAttribute("aria-label")) ?? "";
  const entered = await screens.wizard.timesField(camera, "Start").inputValue();
  expect(await startText()).toContain(entered.slice(11, 19));
  expect(desk.output()).not.toContain("TypeError");
});
