import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { startBrowser } from "../fixture/browser.ts";
import { prepareService, startService } from "../fixture/evidence-service.ts";
import { expect, test } from "../fixture/test.ts";
import { asEntered, pastFootageEndUtcMs, serviceAddress } from "../proof/site-facts.ts";
import { capUploads } from "../proof/cap-uploads.ts";
import type { Screens } from "../screen-objects/screens.ts";

/** The documents' pictures are made anew on demand only: they show the day they were taken. */
const isWanted = process.env["EVIDENCE_DESK_SCREENSHOTS"] === "1";
const folder = fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));
const SIZE = { width: 1440, height: 900 };
const CASE = "Person behind the fence";
/** In the order of the areas, as the wizard lists them; the last has a gap of four minutes. */
const CAMERAS = ["Fence east", "Car park north", "Reception desk"] as const;
const ALL_CAMERAS = [...CAMERAS, "Lobby entrance", "Car park barrier", "Gate at night"];
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

test.describe.configure({ mode: "serial", timeout: 240_000 });
test.skip(!isWanted, "The documents' pictures are made only with EVIDENCE_DESK_SCREENSHOTS=1.");

async function picture(page: Page, name: string) {
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path, type: "png", scale: "css", animations: "disabled" });
}

/** A console that has just started shows "Connecting" until the archive has its first footage file. */
async function isRecording({ canvas, areaView }: Screens) {
  await canvas.tile(1).isPlaying();
  await expect(canvas.tile(1).element.getByRole("img", { name: "Recording" })).toBeVisible();
  await expect(areaView.region.locator('[data-state="connecting"]')).toHaveCount(0);
}

async function showCameras(screens: Screens, count: number) {
  for (let index = 0; index < count; index += 1) {
    const camera = ALL_CAMERAS[index % ALL_CAMERAS.length] ?? "";
    await screens.canvas.tile(index + 1).select();
    await screens.areaView.open(camera);
    await expect(screens.canvas.tile(index + 1).element).toHaveAccessibleName(new RegExp(camera));
  }
  await Promise.all(Array.from({ length: count }, (_, index) => screens.canvas.tile(index + 1).isPlaying()));
}

test("log-on, canvas, menu and timeline", async ({ desk, screens }) => {
  const { page } = desk;
  await page.setViewportSize(SIZE);
  await expect(screens.logOn.dialog).toBeVisible();
  await picture(page, "log-on");
  await screens.logOn.logOn("operator", "operator");

  await screens.canvas.choosePattern("4×4");
  await showCameras(screens, 16);
  await isRecording(screens);
  await picture(page, "canvas-4x4");

  await screens.canvas.choosePattern("2×2");
  await showCameras(screens, 4);
  await picture(page, "canvas-2x2");
  await screens.canvas.tile(1).openMenu();
  await picture(page, "tile-menu");
  await page.keyboard.press("Escape");

  await dragNewRange(page, screens);
});

/** Drags a range on the first tile's timeline and takes the picture while the hand holds it. */
async function dragNewRange(page: Page, { canvas }: Screens) {
  const { timeline } = canvas.tile(1);
  const box = await timeline.position.boundingBox();
  if (!box) throw new Error("The timeline is not in sight.");
  const y = box.y + box.height - 8;
  await page.mouse.move(box.x + box.width * 0.3, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, y, { steps: 8 });
  await expect(timeline.endHandle).toBeVisible();
  await picture(page, "timeline-range");
  await page.mouse.up();
}

test("every step of the wizard, and the tray and the sidebar with a finished export", async ({
  desk,
  screens,
  siteDir,
}) => {
  const { page } = desk;
  const { wizard, canvas, tray, sidebar } = screens;
  const endUtcMs = (await pastFootageEndUtcMs(siteDir)) - 44 * MINUTE_MS;
  await page.setViewportSize(SIZE);
  await screens.logOn.logOn("operator", "operator");
  // The canvas is as it was left.
  await canvas.tile(1).select();
  await screens.areaView.open(CAMERAS[0]);
  await isRecording(screens);

  await wizard.openFrom(canvas.tile(1));
  await picture(page, "wizard-cameras");
  await openAddCameras(page, screens);
  await fillTimes(page, screens, endUtcMs);
  await picturesOfCases(page, screens);
  await wizard.finish();

  await tray.open();
  await tray.exports.newest.isAvailable();
  await expect(tray.button).toHaveAccessibleName("Notifications: no errors");
  await picture(page, "tray-available");
  await tray.pinToSidebar();
  await sidebar.region
    .getByRole("button", { name: /segments?$/ })
    .first()
    .click();
  await picture(page, "sidebar");
  await sidebar.unpin();
});

async function openAddCameras(page: Page, { wizard }: Screens) {
  await wizard.button("Add cameras").click();
  for (const name of CAMERAS.slice(1)) {
    await wizard.addCamerasDialog.getByRole("option", { name: new RegExp(`^${name}`) }).click();
  }
  await picture(page, "wizard-add-cameras");
  await wizard.addCamerasDialog.getByRole("button", { name: "OK", exact: true }).click();
  await wizard.next();
}

/** The archive has told of every row. */
async function hasRead({ wizard }: Screens) {
  await expect(wizard.dialog.getByText("Reading the archive…")).toHaveCount(0);
}

async function fillTimes(page: Page, screens: Screens, endUtcMs: number) {
  const { wizard } = screens;
  const [first, second, third] = CAMERAS;
  const startUtcMs = endUtcMs - 8 * MINUTE_MS;
  await wizard.fillTimes(first, { name: "Person at the fence", start: asEntered(startUtcMs) });
  await wizard.fillTimes(first, { end: asEntered(endUtcMs), description: "Climbs over at the lamp" });
  await wizard.syncTimes(first, third);
  await wizard.fillTimes(third, { name: "Reception, same time" });
  await wizard.fillTimes(second, { start: asEntered(endUtcMs - 25 * HOUR_MS) });
  await expect(
    wizard.dialog.getByText("Export range for g64 must be shorter than 1 days").first(),
  ).toBeVisible();
  await hasRead(screens);
  await picture(page, "wizard-times-error");
  await wizard.fillTimes(second, { start: asEntered(startUtcMs), name: "Car park, same time" });
  await expect(wizard.button("Next")).toBeEnabled();
  await expect(wizard.dialog.getByText(/1 gap/).first()).toBeVisible();
  await hasRead(screens);
  await picture(page, "wizard-times");
  await wizard.next();
}

async function picturesOfCases(page: Page, { wizard }: Screens) {
  await wizard.associate("Create a new case");
  await picture(page, "wizard-association");
  await wizard.next();
  await wizard.fillCaseField("Case name", "Climber at the east fence");
  await wizard.chooseInCase("Department", "Patrol");
  await wizard.chooseInCase("Category", "Trespassing");
  await picture(page, "wizard-new-case");
  await wizard.back();
  await wizard.associate("Select existing case");
  await wizard.next();
  await expect(wizard.caseOption(CASE)).toBeVisible();
  await wizard.caseOption(CASE).click();
  await picture(page, "wizard-existing-case");
  await wizard.next();
  await picture(page, "wizard-summary");
}

test("the tray while an export uploads", async ({ desk, screens, siteDir }) => {
  const { page } = desk;
  await page.setViewportSize(SIZE);
  await screens.logOn.logOn("administrator", "administrator");
  await isRecording(screens);
  await capUploads(screens, "8");
  const endUtcMs = (await pastFootageEndUtcMs(siteDir)) - 20 * MINUTE_MS;
  await startExport(screens, { startUtcMs: endUtcMs - 90 * MINUTE_MS, endUtcMs });
  await screens.tray.open();
  const { card } = screens.tray.exports.newest;
  await card
    .getByRole("button", { name: /segments?$/ })
    .first()
    .click();
  await expect(card.getByText(/Uploading/).first()).toBeVisible({ timeout: 60_000 });
  await expect(card.getByText(/left/).first()).toBeVisible({ timeout: 60_000 });
  await picture(page, "tray-uploading");
  await capUploads(screens, "");
  await screens.tray.open();
  await screens.tray.exports.newest.isAvailable();
});

test("settings, and the tray while the service is away", async ({ desk, screens, siteDir }) => {
  const { page } = desk;
  const { settings } = screens;
  await page.setViewportSize(SIZE);
  await screens.logOn.logOn("administrator", "administrator");
  await isRecording(screens);
  await settings.open();
  await settings.turnTo("Cameras");
  await picture(page, "settings-cameras");
  await settings.turnTo("Preferences");
  await picture(page, "settings-preferences");
  await settings.turnTo("Destination");
  await settings.button("Test connection").click();
  await expect(settings.dialog.getByText("Protocol 2.0")).toBeVisible();
  // The site's own folder is of no interest to a reader; this one is shown and not saved.
  await settings.field("Spool folder").fill("/var/lib/evidence-desk/spool");
  await settings.field("Spool folder").blur();
  await picture(page, "settings-destination");
  await settings.button("Save").scrollIntoViewIfNeeded();
  await picture(page, "settings-spool");
  await importStoppedService(screens);
  await settings.close();
  const endUtcMs = (await pastFootageEndUtcMs(siteDir)) - 20 * MINUTE_MS;
  await startExport(screens, { startUtcMs: endUtcMs - MINUTE_MS, endUtcMs });
  await screens.tray.open();
  await expect(screens.tray.button).toHaveAccessibleName("Notifications: 1 issue", { timeout: 30_000 });
  await expect(screens.tray.exports.newest.card.getByText(/cannot be reached/).first()).toBeVisible();
  await picture(page, "tray-issue");
  await settings.open();
  await settings.turnTo("Destination");
  await settings.button("Use the embedded service").click();
  await settings.confirm("Cancel them");
  await expect(settings.dialog.getByText("Evidence goes to the embedded service.")).toBeVisible();
  await settings.close();
});

/** The account of a service that answered when it was tried, and is stopped now. */
async function importStoppedService({ settings }: Screens) {
  const dir = await mkdtemp(join(tmpdir(), "evidence-desk-service-"));
  try {
    await prepareService(dir);
    const service = await startService(dir);
    const json = await readFile(service.connectionFile, "utf8");
    await settings.importConnectionFile(json);
    await expect(settings.dialog.getByText("The connection file was tried and imported.")).toBeVisible();
    await service.kill();
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function startExport(
  { canvas, wizard }: Screens,
  { startUtcMs, endUtcMs }: { startUtcMs: number; endUtcMs: number },
) {
  await wizard.openFrom(canvas.tile(1));
  const camera = (await wizard.cameras.getByRole("row").last().getAttribute("aria-label")) ?? "";
  await wizard.next();
  await wizard.fillTimes(camera, { start: asEntered(startUtcMs), end: asEntered(endUtcMs) });
  await wizard.next();
  await wizard.associate("Skip and upload evidence");
  await wizard.next();
  await wizard.finish();
}

test("the web application from signing in to playing", async ({ desk, siteDir }) => {
  await expect(desk.page).toHaveTitle(/Evidence Desk/);
  const browser = await startBrowser();
  await picturesOfWebApplication(browser, await serviceAddress(siteDir));
  await browser.close();
});

async function picturesOfWebApplication(browser: Browser, address: string) {
  const page = await browser.newPage({ viewport: SIZE });
  await page.goto(`${address}/`);
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
  await picture(page, "web-sign-in");
  await page.getByLabel("User name", { exact: true }).fill("investigator");
  await page.getByLabel("Password", { exact: true }).fill("investigator");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("link", { name: CASE })).toBeVisible();
  await picture(page, "web-cases");
  await page.getByRole("link", { name: CASE }).click();
  await expect(page.getByRole("link", { name: "Person at the fence" }).first()).toBeVisible();
  await picture(page, "web-case");
  await page.getByRole("link", { name: "Evidence", exact: true }).first().click();
  await expect(page.getByRole("heading", { name: "Evidence" })).toBeVisible();
  const evidence = page.getByRole("link", { name: "Person at the fence" }).first();
  await expect(evidence).toBeVisible();
  await picture(page, "web-evidence-list");
  await evidence.click();
  const player = page.getByRole("region", { name: "Player" });
  await player.getByRole("button", { name: "Play", exact: true }).click();
  const clock = player.getByLabel("Wall-clock time");
  const before = await clock.textContent();
  await expect(clock).not.toHaveText(before ?? "", { timeout: 20_000 });
  await picture(page, "web-evidence");
}
