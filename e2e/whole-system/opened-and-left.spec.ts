import { expect, test } from "../fixture/test.ts";

/** What the archive has recorded since the wizard was opened, when the look at it ends. */
const LATER_MS = 20_000;

test("what the wizard offered stays while it stands open and the live edge goes on", async ({
  desk,
  screens,
}) => {
  await screens.logOn.logOn("operator", "operator");
  const tile = screens.canvas.tile(1);
  await tile.isPlaying();
  await screens.wizard.openFrom(tile);
  await expect(screens.wizard.offer).toContainText("the minute up to now");
  const offered = await screens.wizard.offer.innerText();
  const row = await screens.wizard.cameras.getByRole("row").last().innerText();
  const newest = () =>
    desk.page.evaluate(async () => {
      const asking = window as unknown as {
        evidenceDesk: { request(name: string, input?: unknown): Promise<never> };
      };
      const { value: cameras } = await asking.evidenceDesk.request("cameras.list");
      const cameraIds = (cameras as { id: string; state: string }[])
        .filter(({ state }) => state === "recording")
        .map(({ id }) => id);
      const { value } = await asking.evidenceDesk.request("cameras.holdings", { cameraIds });
      const { holdings } = value as { holdings: { newestUtcMs: number | null }[] };
      return Math.max(...holdings.map(({ newestUtcMs }) => newestUtcMs ?? 0));
    });
  const openedMs = await newest();
  await expect.poll(newest, { timeout: 90_000 }).toBeGreaterThan(openedMs + LATER_MS);

  await expect(screens.wizard.offer).toHaveText(offered);
  expect(await screens.wizard.cameras.getByRole("row").last().innerText()).toBe(row);
  await screens.wizard.next();
  const camera = (await screens.wizard.cameras.getByRole("row").last().getAttribute("aria-label")) ?? "";
  const start = await screens.wizard.timesField(camera, "Start").inputValue();
  const end = await screens.wizard.timesField(camera, "End").inputValue();
  expect(offered).toContain(end.slice(11, 19));
  expect(row).toContain(start.slice(11, 19));
  await screens.wizard.back();
  await expect(screens.wizard.offer).toHaveText(offered);
  await screens.wizard.discard();
});

test("another camera that comes into a tile closes the menu of the one before, and its own is sent", async ({
  screens,
}) => {
  const [before, after] = ["Lobby entrance", "Fence east"];
  const { canvas, areaView, wizard } = screens;
  await screens.logOn.logOn("operator", "operator");
  const tile = canvas.tile(1);
  await tile.select();
  await areaView.open(before);
  // What a script drags: the open menu shuts out the mouse, not what is dropped.
  const dragged = await areaView.camera(after).evaluateHandle((row) => {
    const data = new DataTransfer();
    row.dispatchEvent(new DragEvent("dragstart", { bubbles: true, dataTransfer: data }));
    return data;
  });
  await tile.openMenu();
  await tile.element.dispatchEvent("drop", { dataTransfer: dragged });
  await expect(tile.element).toHaveAccessibleName(`Tile 1 – ${after}`);
  await expect(tile.menu).toBeHidden();
  await wizard.openFrom(tile);
  await expect(wizard.cameraRow(after)).toBeVisible();
  await expect(wizard.cameraRow(before)).toHaveCount(0);
  await wizard.discard();
});
