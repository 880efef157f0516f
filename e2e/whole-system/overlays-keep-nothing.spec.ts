import type { Locator } from "playwright-core";
import { heldByPage } from "../proof/held-by-page.ts";
import { expect, test } from "../fixture/test.ts";

const ROUNDS = 8;

interface Overlay {
  readonly name: string;
  readonly open: () => Promise<void>;
  readonly overlay: Locator;
}

test("what opened over the page and closed is not kept", async ({ desk, screens }) => {
  const { page } = desk;
  await screens.logOn.logOn("administrator", "administrator");
  await screens.canvas.choosePattern("1");
  const tile = screens.canvas.tile(1);
  await tile.select();
  await screens.areaView.open("Fence east");
  await tile.isPlaying();
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const dialog = page.getByRole("dialog");
  const overlays: readonly Overlay[] = [
    { name: "the wizard", open: () => screens.wizard.openFrom(tile), overlay: dialog },
    { name: "the settings", open: () => button("Settings").click(), overlay: dialog },
    { name: "the keys", open: () => button("Keys").click(), overlay: dialog },
    { name: "the tray", open: () => screens.tray.button.click(), overlay: screens.tray.region },
    { name: "the menu", open: () => tile.element.press("Shift+F10"), overlay: page.getByRole("menu") },
  ];
  const session = await page.context().newCDPSession(page);
  const openAndClose = async ({ open, overlay }: Overlay) => {
    await open();
    await overlay.waitFor();
    await page.keyboard.press("Escape");
    await overlay.waitFor({ state: "detached" });
  };

  for (const each of overlays) {
    const { name } = each;
    for (let round = 0; round < 2; round += 1) await openAndClose(each);
    const before = await heldByPage(session);
    for (let round = 0; round < ROUNDS; round += 1) await openAndClose(each);
    const after = await heldByPage(session);
    // The wizard has 114 of them; the tile draws its own meanwhile.
    expect(after.nodes - before.nodes, `elements left by ${name}`).toBeLessThan(3 * ROUNDS);
    expect(after.listeners - before.listeners, `listeners left by ${name}`).toBeLessThan(2 * ROUNDS);
  }
});
