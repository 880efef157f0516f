import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { type Exchange, type FaultProxy, passOn, startFaultProxy } from "#proofs/fault-proxy/fault-proxy.ts";
import { addTwiceRecordedCamera, type TwiceRecordedCamera } from "../fixture/changed-camera.ts";
import { prepareService, startService } from "../fixture/evidence-service.ts";
import { startArchive } from "../fixture/other-archive.ts";
import { expect } from "../fixture/test.ts";
import type { Screens } from "../screen-objects/screens.ts";
import type { Tile } from "../screen-objects/tile.ts";
import type { Passing } from "./every-size.ts";
import { asEntered } from "./site-facts.ts";

type InReach = (screen: string, passing?: Passing) => Promise<void>;

interface Look {
  readonly page: Page;
  readonly screens: Screens;
  readonly inReach: InReach;
}

const ARCHIVE = "Archive of the harbour police, the container terminal and everything behind the second lock";
const TOKEN = "the-harbours-token";
/** Without a blank at which it could be broken. */
const UNREACHABLE = `http://127.0.0.1:9/${"archive-of-the-second-harbour-".repeat(3)}`;
/** As services refuse: in their own words, with addresses and numbers that nothing breaks. */
const REFUSAL =
  "The legal hold of case 4f1c8a02-6c1f-4a8e-9d8e-5b1d4f2a7c11 forbids new files: see " +
  "https://evidence.example/policies/retention/legal-hold/2026/what-may-be-added-to-a-case-under-hold-and-by-whom.html";
/** No spool takes it. */
const HUGE_BYTES = 8e15;

/**
 * Screens that hardly anybody ever sees, and then in a hurry: a second archive, footage that exists twice, times that do,
 * a part too large, an unfinished draft, exports that failed, another account. Needs an administrator who is logged on.
 * @param folder of whoever looks; what is made here lies in it
 */
export async function lookAtSeldomSeen(look: Look, folder: string, hiddenUtcMs: number): Promise<void> {
  const site = join(folder, "harbour");
  const camera = await addTwiceRecordedCamera(site, hiddenUtcMs);
  const origin = await look.page.evaluate(() => location.origin);
  const archive = await startArchive(join(site, "archive"), TOKEN, origin);
  const proxy = await startFaultProxy(passOn, new URL(archive.address).host);
  await lookAtArchives(look, proxy.url);
  await lookAtTimes(look, camera);
  await lookAtTooLarge(look, camera, proxy);
  await lookAtDraft(look, camera, proxy);
  await lookAtAccounts(look, camera, join(folder, "other-service"));
  await proxy.close();
  await archive.stop();
}

async function lookAtArchives({ page, screens: { settings, canvas }, inReach }: Look, address: string) {
  const dialog = page.getByRole("dialog", { name: "Add an archive", exact: true });
  const save = async (entered: string) => {
    await dialog.getByLabel("Address", { exact: true }).fill(entered);
    await dialog.getByRole("button", { name: "Try and save", exact: true }).click();
  };
  await settings.open();
  await settings.turnTo("Site");
  await settings.button("Add an archive").click();
  await dialog.getByLabel("Name", { exact: true }).fill(ARCHIVE);
  await dialog.getByLabel("Token", { exact: true }).fill(TOKEN);
  await save(UNREACHABLE);
  await expect(dialog.getByRole("alert")).not.toBeEmpty();
  await inReach("Add an archive refused");
  await save(address);
  await expect(dialog).toBeHidden();
  await inReach("Settings, Site with two archives");
  await settings.button(`Edit ${ARCHIVE}`).click();
  await inReach("Edit an archive");
  await page.keyboard.press("Escape");
  await settings.button(`Remove ${ARCHIVE}`).click();
  await inReach("Remove an archive");
  await page.keyboard.press("Escape");
  await settings.button(`Use ${ARCHIVE}`).click();
  await inReach("Use an archive");
  const reloaded = page.waitForEvent("load");
  await settings.confirm("Use");
  await reloaded;
  await canvas.region.waitFor();
}

/** Step Times of the camera alone. */
async function openTimes({ canvas, areaView, wizard }: Screens, { name }: TwiceRecordedCamera) {
  await canvas.tile(1).select();
  await areaView.open(name);
  await wizard.openFrom(canvas.tile(1));
  await wizard.next();
}

async function lookAtTimes({ page, screens, inReach }: Look, camera: TwiceRecordedCamera) {
  const { wizard } = screens;
  const { startUtcMs, endUtcMs } = camera.twice;
  await openTimes(screens, camera);
  await wizard.fillTimes(camera.name, { start: "2026-10-25 02:30", end: "2026-10-25 02:45" });
  await expect(wizard.dialog.getByText(/exists twice on 2026-10-25/).first()).toBeVisible();
  await inReach("Wizard, Times that exist twice");
  await ticksSayWhatIsChosen(page, wizard);
  await wizard.fillTimes(camera.name, { start: asEntered(startUtcMs), end: asEntered(endUtcMs) });
  const choice = wizard.dialog.getByRole("button", { name: /^Send the recording that began at / });
  await choice.waitFor();
  await inReach("Wizard, Two recordings");
  await choice.click();
  await wizard.button("Send what the archive shows").waitFor();
  await inReach("Wizard, One of two recordings");
  await wizard.discard();
}

/** Also where the system forces its colours: an empty box has no tick. */
async function ticksSayWhatIsChosen(page: Page, wizard: Screens["wizard"]) {
  const utc = wizard.dialog.locator("label", { has: page.getByRole("checkbox", { name: "UTC" }) });
  await page.emulateMedia({ forcedColors: "active" });
  await expect(utc.locator("svg")).toBeHidden();
  await utc.click();
  await expect(utc.locator("svg")).toBeVisible();
  await utc.click();
  await expect(utc.locator("svg")).toBeHidden();
  await wizard.back();
  await wizard.button("Add cameras").click();
  const offered = wizard.addCamerasDialog.getByRole("option");
  await expect(offered.first()).toBeVisible();
  for (const option of await offered.all()) {
    const isPicked = (await option.getAttribute("aria-selected")) === "true";
    await expect(option.locator("svg").first()).toBeVisible({ visible: isPicked });
  }
  await page.keyboard.press("Escape");
  await wizard.next();
  await page.emulateMedia({ forcedColors: "none" });
}

async function lookAtTooLarge({ screens, inReach }: Look, camera: TwiceRecordedCamera, proxy: FaultProxy) {
  const { wizard } = screens;
  proxy.treat(async (exchange) => {
    const answer = await exchange.forward();
    if (!exchange.request.path.includes("/export.json?")) return await exchange.answer(answer);
    const plan = JSON.parse(answer.body.toString()) as object;
    await exchange.answer({
      ...answer,
      body: Buffer.from(JSON.stringify({ ...plan, lengthBytes: HUGE_BYTES })),
    });
  });
  await openTimes(screens, camera);
  const startUtcMs = camera.hiddenUtcMs;
  const times = { start: asEntered(startUtcMs), end: asEntered(startUtcMs + 30_000), name: "Too large" };
  await wizard.fillTimes(camera.name, times);
  await wizard.next();
  await wizard.associate("Skip and upload evidence");
  await wizard.next();
  await expect(
    wizard.dialog.getByText(/This segment needs 8,?000 TB; the disk of the spool folder/),
  ).toBeVisible();
  await expect(wizard.button("Finish")).toBeDisabled();
  await inReach("Wizard, Summary of a segment too large");
  proxy.treat(passOn);
}

/** The wizard is open at its summary; the page ends and comes back while the archive is away. */
async function lookAtDraft({ page, screens, inReach }: Look, camera: TwiceRecordedCamera, proxy: FaultProxy) {
  const { wizard, canvas, areaView } = screens;
  proxy.treat(cut);
  await page.reload();
  await wizard.dialog.waitFor();
  await inReach("Wizard without an archive");
  await wizard.button("Cancel").click();
  await wizard.dialog.waitFor({ state: "hidden" });
  proxy.treat(passOn);
  await areaView.camera(camera.name).waitFor({ timeout: 60_000 });
  await canvas.tile(1).choose("Send evidence to Genetec Clearance™");
  const question = page.getByRole("alertdialog", { name: "Continue the unfinished export?" });
  await question.waitFor();
  await inReach("Unfinished draft");
  await question.getByRole("button", { name: "Continue" }).click();
  await wizard.discard();
}

const cut = async (exchange: Exchange) => exchange.reset();

async function lookAtAccounts({ page, screens, inReach }: Look, camera: TwiceRecordedCamera, folder: string) {
  const { settings, wizard, tray, sidebar } = screens;
  await prepareService(folder);
  const first = await startService(folder);
  const proxy = await startFaultProxy(refuseFiles, new URL(first.address).host);
  await first.kill();
  const service = await startService(folder, proxy.url);
  await settings.open();
  await settings.turnTo("Destination");
  await settings.importConnectionFile(await readFile(service.connectionFile, "utf8"));
  await expect(settings.dialog.getByText("The connection file was tried and imported.")).toBeVisible();
  await settings.close();

  await openTimes(screens, camera);
  const startUtcMs = camera.hiddenUtcMs;
  const times = { start: asEntered(startUtcMs), end: asEntered(startUtcMs + 5_000), name: "Refused" };
  await wizard.fillTimes(camera.name, times);
  await wizard.next();
  await wizard.associate("Skip and upload evidence");
  await wizard.next();
  await wizard.finish();
  await tray.open();
  const { card } = tray.exports.newest;
  await expect(card.getByText("Failed", { exact: true }).first()).toBeVisible({ timeout: 60_000 });
  await card.getByRole("button", { name: "1 segment" }).click();
  await inReach("Notifications with a failed export");
  await tray.pinToSidebar();
  await inReach("Sidebar with a failed export");
  await nameBesideState(page, screens.canvas.tile(1));
  await sidebar.unpin();
  await page.keyboard.press("Escape");

  await settings.open();
  await settings.turnTo("Destination");
  await settings.button("Use the embedded service").click();
  await page.getByRole("alertdialog", { name: "Exports are under way" }).waitFor();
  await inReach("Account change");
  await settings.confirm("Let them end there");
  await expect(settings.dialog.getByText("Evidence goes to the embedded service.")).toBeVisible();
  await inReach("Settings, Destination with an account kept");
  await settings.close();
  await service.kill();
  await proxy.close();
}

/** Why there is no picture takes nothing of the camera's name, however narrow the tile is. */
async function nameBesideState(page: Page, tile: Tile): Promise<void> {
  const before = page.viewportSize() ?? { width: 1280, height: 720 };
  await page.setViewportSize({ width: 640, height: 400 });
  await expect(tile.badge).toHaveText("Not recorded");
  const widthOf = async (element: Locator) => (await element.boundingBox())?.width ?? 0;
  const name = tile.element.locator("[data-whole]").locator("..");
  await expect.poll(async () => (await widthOf(name)) / (await widthOf(tile.element))).toBeGreaterThan(0.4);
  await expect(tile.badge).toBeInViewport({ ratio: 1 });
  await page.setViewportSize(before);
}

async function refuseFiles(exchange: Exchange): Promise<void> {
  if (!exchange.request.path.endsWith("/resource")) return await passOn(exchange);
  // The headers of the service's own answer say that it belongs to this request.
  const { headers } = await exchange.forward();
  const problem = { title: "Forbidden", status: 403, code: "LEGAL_HOLD", detail: REFUSAL };
  await exchange.answer({
    status: 403,
    headers: { ...headers, "content-type": "application/problem+json" },
    body: Buffer.from(JSON.stringify(problem)),
  });
}
