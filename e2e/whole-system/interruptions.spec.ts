import { mkdtemp, open, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { type RunningConsole, startConsole } from "../fixture/console.ts";
import { prepareService, startService } from "../fixture/evidence-service.ts";
import { expect, test } from "../fixture/test.ts";
import { availableEvidence, expectExactFrames, sentVideos } from "../proof/consolidated-video.ts";
import { Investigator } from "../proof/investigator.ts";
import { asEntered, pastFootageEndUtcMs, serviceAddress } from "../proof/site-facts.ts";
import { capUploads } from "../proof/cap-uploads.ts";
import { type Screens, screensOf } from "../screen-objects/screens.ts";

const CAMERA = "Fence east";
/** Slow enough that an upload of two hours of footage can be interrupted, fast enough to end. */
const CAP_MBIT_PER_SECOND = "16";
const BLOCK_BYTES = 8 * 1024 * 1024;
const TWO_HOURS_MS = 2 * 3_600_000;

async function startExport(screens: Screens, name: string, range: { startUtcMs: number; endUtcMs: number }) {
  const { canvas, areaView, wizard } = screens;
  await canvas.tile(1).select();
  await areaView.open(CAMERA);
  await wizard.openFrom(canvas.tile(1));
  await wizard.next();
  await wizard.fillTimes(CAMERA, {
    name,
    start: asEntered(range.startUtcMs),
    end: asEntered(range.endUtcMs),
  });
  await wizard.next();
  await wizard.associate("Skip and upload evidence");
  await wizard.next();
  await wizard.finish();
  await screens.tray.open();
}

test("a service that stops during the upload turns the icon red, and the export ends blue when it is back, though the spool's disk changed what waited there", async ({
  siteDir,
}) => {
  test.setTimeout(300_000);
  const serviceFolder = await mkdtemp(join(tmpdir(), "evidence-desk-service-"));
  await prepareService(serviceFolder);
  let service = await startService(serviceFolder);
  const desk = await startConsole({ siteDir });
  const screens = screensOf(desk.page);
  const startUtcMs = (await pastFootageEndUtcMs(siteDir)) - TWO_HOURS_MS - 20 * 60_000;
  const range = { startUtcMs, endUtcMs: startUtcMs + TWO_HOURS_MS };
  const name = `Service stopped ${Date.now()}`;

  await test.step("an administrator imports the account's connection file and caps uploads", async () => {
    await screens.logOn.logOn("administrator", "administrator");
    await screens.settings.open();
    await screens.settings.turnTo("Destination");
    await screens.settings.importConnectionFile(await readFile(service.connectionFile, "utf8"));
    await expect(
      screens.settings.dialog.getByText("The connection file was tried and imported."),
    ).toBeVisible();
    await screens.settings.close();
    await capUploads(screens, CAP_MBIT_PER_SECOND);
  });

  await startExport(screens, name, range);
  const card = screens.tray.exports.newest;
  await expect(card.card.getByText(/Uploading/).first()).toBeVisible({ timeout: 60_000 });
  await standStill(desk);
  await service.kill();
  await expect(screens.tray.button).toHaveAccessibleName("Notifications: 1 issue", { timeout: 60_000 });
  await expect(card.card.getByText(/cannot be reached/).first()).toBeVisible();
  await staysWhenClockIsSet(desk, card.card.getByText(/^(?:Next attempt in|Trying again)/));

  const changed = await changeSpooledFiles(join(siteDir, "console", "spool"));
  expect(changed).toBeGreaterThan(0);
  service = await startService(serviceFolder);
  await capUploads(screens, "");
  await screens.tray.open();
  await card.isAvailable(180_000);
  await expect(
    card.card.getByText(/a file of it was made anew from the archive: .* has other bytes/),
  ).toBeVisible();
  await expect(screens.tray.button).toHaveAccessibleName("Notifications: no errors");
  const investigator = await Investigator.signIn(service.address);
  await expectExactFrames(investigator, await availableEvidence(investigator, name), range);

  await screens.settings.open();
  await screens.settings.turnTo("Destination");
  await screens.settings.button("Use the embedded service").click();
  await expect(screens.settings.dialog.getByText(await serviceAddress(siteDir))).toBeVisible();
  await desk.close();
  await service.kill();
  await rm(serviceFolder, { recursive: true, force: true });
});

/** One bit of each block of each file is another one, as a failing disk gives them back. @returns files */
async function changeSpooledFiles(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".enc"));
  for (const name of names) {
    await using file = await open(join(folder, name), "r+");
    const { size } = await file.stat();
    const byte = Buffer.alloc(1);
    for (let at = 1_000_000 % size; at < size; at += BLOCK_BYTES) {
      await file.read(byte, 0, 1, at);
      await file.write(Buffer.of((byte[0] ?? 0) ^ 1), 0, 1, at);
    }
  }
  return names.length;
}

/** Ten minutes back on the computer's clock: what is left until the next attempt is no longer for it. */
async function staysWhenClockIsSet(desk: RunningConsole, countdown: Locator) {
  await desk.page.evaluate(() => {
    const before = Date.now;
    Date.now = () => before() - 600_000;
    Object.assign(window, { setClockRight: () => (Date.now = before) });
  });
  const shown = await countdown.innerText();
  await expect(countdown).not.toHaveText(shown);
  await expect(countdown).toHaveText(/^(?:Next attempt in (?:1 min )?\d+ s|Trying again now)$/);
  await desk.page.evaluate("window.setClockRight()");
}

/** As if the lid had been closed for a while; the console notices from a gap of eight seconds on. */
async function standStill(desk: RunningConsole) {
  process.kill(desk.pid, "SIGSTOP");
  await new Promise((resolve) => setTimeout(resolve, 10_000));
  process.kill(desk.pid, "SIGCONT");
  await expect.poll(() => desk.output()).toContain("stood still; connections are made anew");
}

test("a console killed during the upload goes on after its start, and sends the evidence once", async ({
  siteDir,
}) => {
  test.setTimeout(300_000);
  const startUtcMs = (await pastFootageEndUtcMs(siteDir)) - TWO_HOURS_MS - 30 * 60_000;
  const range = { startUtcMs, endUtcMs: startUtcMs + TWO_HOURS_MS };
  const name = `Console killed ${Date.now()}`;
  const first = await startConsole({ siteDir });
  const shownBefore = await killDuringUpload(first, name, range);

  const second = await startConsole({ siteDir });
  const screens = screensOf(second.page);
  await screens.logOn.logOn("administrator", "administrator");
  await screens.tray.open();
  expect((await shownBytes(screens.tray.exports.newest.card)).done).toBeGreaterThanOrEqual(shownBefore);
  await capUploads(screens, "");
  await screens.tray.open();
  await screens.tray.exports.newest.isAvailable(180_000);

  const investigator = await Investigator.signIn(await serviceAddress(siteDir));
  const answer = await availableEvidence(investigator, name);
  expect(sentVideos(answer)).toHaveLength(2);
  expect(answer.resources.filter(({ state }) => state === "created")).toHaveLength(0);
  await expectExactFrames(investigator, answer, range);
  await second.close();
});

async function killDuringUpload(
  desk: RunningConsole,
  name: string,
  range: { startUtcMs: number; endUtcMs: number },
): Promise<number> {
  const screens = screensOf(desk.page);
  await screens.logOn.logOn("administrator", "administrator");
  await capUploads(screens, CAP_MBIT_PER_SECOND);
  await startExport(screens, name, range);
  const card = screens.tray.exports.newest.card;
  await expect(card.getByText(/Uploading/).first()).toBeVisible({ timeout: 60_000 });
  // More than what was read, which the journal knows: a byte counts half then.
  const isSent = async () => {
    const { done, total } = await shownBytes(card);
    return done > 0.55 * total;
  };
  await expect.poll(isSent, { intervals: [100], timeout: 30_000 }).toBe(true);
  const { done } = await shownBytes(card);
  await desk.kill();
  return done;
}

async function shownBytes(card: Locator): Promise<{ done: number; total: number }> {
  const text = await card.getByText(/^[\d,]+ of [\d,]+ bytes/).innerText();
  const [done = 0, total = 0] = text.replaceAll(",", "").match(/\d+/g)?.map(Number) ?? [];
  return { done, total };
}
