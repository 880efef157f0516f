import { once } from "node:events";
import type { Page } from "playwright-core";
import { runtimeForTests } from "#dev/electron-runtime/runtime-for-tests.ts";
import { launchInElectron } from "../fixture/console.ts";
import { DesktopOfTest } from "../fixture/desktop-of-test.ts";
import { forgetDestination } from "../fixture/forgotten-preferences.ts";
import { expect, test } from "../fixture/test.ts";
import { type Screens, screensOf } from "../screen-objects/screens.ts";

const AVAILABLE = "Evidence is available";
const electron = runtimeForTests();

/** Sends the last minute of a camera, without a case. */
async function send({ canvas, areaView, wizard }: Screens, camera: string): Promise<void> {
  await canvas.tile(1).select();
  await areaView.open(camera);
  await canvas.tile(1).isPlaying();
  await wizard.openFrom(canvas.tile(1));
  await wizard.next();
  await wizard.next();
  await wizard.associate("Skip and upload evidence");
  await wizard.next();
  await wizard.finish();
}

const logOff = (page: Page) => page.getByRole("button", { name: "Log off" }).click();

/** What an operator prefers, and an administrator caps, without the way there. */
const asked = (page: Page, name: string, input?: object) =>
  page.evaluate(
    async ([request, words]) => {
      const asking = window as unknown as {
        evidenceDesk: { request(name: string, input?: unknown): Promise<{ ok: boolean; value: object }> };
      };
      return await asking.evidenceDesk.request(request, words);
    },
    [name, input] as const,
  );

test("a notification of the desktop opens the export that it tells of, and exports go on behind a closed window", async ({
  siteDir,
}) => {
  test.skip(electron === null, "the Chromium shell has no native notifications and no system tray");
  if (electron === null) return;
  test.setTimeout(240_000);
  const { desk, app } = await launchInElectron(electron, { siteDir });
  const desktop = await DesktopOfTest.around(app);
  const screens = screensOf(desk.page);
  const { tray, sidebar, settings } = screens;
  const card = tray.exports.named("Lobby entrance").card;
  const told = () => desktop.told().then((all) => all.filter(({ title }) => title === AVAILABLE));

  await screens.logOn.logOn("administrator", "administrator");
  for (const [number, camera] of ["Fence east", "Lobby entrance"].entries()) {
    await send(screens, camera);
    await expect.poll(told, { timeout: 120_000 }).toHaveLength(number + 1);
  }
  expect((await told()).map(({ body }) => body)).toEqual(["Fence east", "Lobby entrance"]);

  await test.step("a click opens the tray at its card", async () => {
    await desktop.click(AVAILABLE);
    await expect(card).toBeFocused();
    await desk.page.keyboard.press("Escape");
    await expect(tray.region).toBeHidden();
  });

  await test.step("what lies over the console is not closed by it; the card has the focus afterwards", async () => {
    await settings.open();
    await desktop.click(AVAILABLE);
    await expect(tray.region).toBeAttached();
    await expect(settings.dialog).toBeVisible();
    await desk.page.keyboard.press("Escape");
    await expect(settings.dialog).toBeHidden();
    await expect(card).toBeFocused();
    await desk.page.keyboard.press("Escape");
  });

  await test.step("where the list is pinned, its card there", async () => {
    await tray.pinToSidebar();
    await desktop.click(AVAILABLE);
    await expect(sidebar.exports.named("Lobby entrance").card).toBeFocused();
    await expect(tray.region).toBeHidden();
    await sidebar.unpin();
  });

  await test.step("while nobody is logged on it waits for who may see it", async () => {
    await logOff(desk.page);
    await desktop.click(AVAILABLE);
    await screens.logOn.logOn("administrator", "administrator");
    await expect(card).toBeFocused();
    await logOff(desk.page);
    await desktop.click(AVAILABLE);
    await screens.logOn.logOn("viewer", "viewer");
    await expect(screens.canvas.tile(1).element).toBeVisible();
    await logOff(desk.page);
    await screens.logOn.logOn("administrator", "administrator");
    await expect(screens.canvas.tile(1).element).toBeVisible();
    await expect(tray.region).toBeHidden();
  });

  await test.step("a closed window is told of once while exports go on, and comes back with a click", async () => {
    // 0.2 Mbit/s: it is under way for as long as this takes.
    const { value } = await asked(desk.page, "destination.state");
    const limits = { spoolQuotaBytes: 20e9, bandwidthSchedule: null, keepAwake: true };
    const { spoolFolder } = value as { spoolFolder: string };
    const cap = (bandwidthCapBytesPerSecond: number) => ({
      ...{ ...limits, spoolFolder, bandwidthCapBytesPerSecond },
    });
    expect(await asked(desk.page, "destination.configure", cap(25_000))).toMatchObject({ ok: true });
    await send(screens, "Fence east");
    const opened = app.waitForEvent("window");
    await desktop.closeWindow();
    await expect
      .poll(() => desktop.told().then((all) => all.at(-1)))
      .toEqual({
        ...{ title: "Evidence Desk", body: "Exports go on. Open the console here to see them." },
      });
    await desktop.click(AVAILABLE);
    const page = await opened;
    const again = screensOf(page);
    await expect(again.tray.exports.named("Lobby entrance").card).toBeFocused();

    // Who wants to see nothing of it has no program that nobody sees when they have ended.
    await asked(page, "preferences.update", { trayIcon: "hide" });
    expect(await asked(page, "destination.configure", cap(200_000))).toMatchObject({ ok: true });
    const ended = once(app.process(), "exit");
    await desktop.closeWindow();
    await ended;
    forgetDestination(siteDir);
    expect(desk.output().match(/The window is closed; exports go on\./g)).toHaveLength(2);
  });
});
