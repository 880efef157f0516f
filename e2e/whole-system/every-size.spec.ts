import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { startBrowser } from "../fixture/browser.ts";
import { startConsole } from "../fixture/console.ts";
import { expect, makeDemoSite, removeDemoSite, test } from "../fixture/test.ts";
import { expectInReachAtEverySize, type Passing } from "../proof/every-size.ts";
import { lookAtSeldomSeen } from "../proof/seldom-seen.ts";
import { asEntered, pastFootageEndUtcMs, serviceAddress } from "../proof/site-facts.ts";
import { screensOf, type Screens } from "../screen-objects/screens.ts";
import type { Tile } from "../screen-objects/tile.ts";

/** Long, and the same but for their ends: whoever sees only the beginning sends the wrong camera. */
const LONG = "Perimeter fence between the north gate and the transformer house, camera";
const NAMES: Readonly<Record<string, string>> = {
  "fence-east": `${LONG} 0001`,
  "lobby-entrance": `${LONG} 0002`,
  "gate-night": "שער צפון 3",
  "reception-desk": "Lobby \u202Egnp.evila",
};
const HEBREW_AREA = "חניון ליד השער";
const CASE_NAME = "תיק 117";

/** A site of its own: cameras, areas, site and people have names that are long or written from right to left. */
async function makeSite(): Promise<string> {
  const siteDir = await makeDemoSite();
  for (const [id, name] of Object.entries(NAMES)) {
    await change(join(siteDir, "archive", "footage", id, "camera.json"), (camera) => ({
      ...camera,
      name,
      ...(id === "gate-night" && { area: HEBREW_AREA }),
    }));
  }
  await change(join(siteDir, "evidence-desk-site.json"), (facts) => ({ ...facts, name: "אתר הדגמה" }));
  await change(join(siteDir, "console", "operators.json"), renamePeople);
  return siteDir;
}

type Json = Record<string, unknown>;

async function change(path: string, edit: (content: Json) => Json): Promise<void> {
  await writeFile(path, JSON.stringify(edit(JSON.parse(await readFile(path, "utf8")) as Json)));
}

/** What people are called; the longest of the demo site's own names is somebody's as well. */
const PEOPLE: Readonly<Record<string, string>> = {
  administrator: "מנהל המוקד",
  operator: "Administrator",
};

function renamePeople(content: Json): Json {
  const operators = (content["operators"] as Json[]).map((one) => {
    const displayName = PEOPLE[String(one["username"])];
    return displayName === undefined ? one : { ...one, displayName };
  });
  return { ...content, operators };
}

test("every screen of console and web application is in reach and can be read at each size", async () => {
  test.setTimeout(900_000);
  const siteDir = await makeSite();
  const desk = await startConsole({ siteDir });
  const { page } = desk;
  const screens = screensOf(page);
  const inReach: InReach = (screen, passing) => expectInReachAtEverySize(page, screen, passing);

  await inReach("Log on");
  await screens.logOn.enter("administrator", "wrong");
  await expect(screens.logOn.dialog.getByRole("alert")).not.toBeEmpty();
  await inReach("Log on refused");
  await screens.logOn.logOn("administrator", "administrator");

  await lookAtCanvas(page, screens, inReach);
  await lookAtSettings(page, screens, inReach);
  await lookAtWizard(page, screens, inReach, siteDir);
  await lookAtExports(page, screens, inReach);
  const hiddenUtcMs = (await pastFootageEndUtcMs(siteDir)) - 3_600_000;
  await lookAtSeldomSeen({ page, screens, inReach }, dirname(siteDir), hiddenUtcMs);

  await page.getByRole("button", { name: "Log off", exact: true }).click();
  await screens.logOn.logOn("operator", "operator");
  await expect(page.getByText("Administrator", { exact: true }).first()).toBeVisible();
  await inReach("Canvas of another operator");

  const browser = await startBrowser();
  await lookAtWebApplication(browser, await serviceAddress(siteDir));
  await browser.close();
  await desk.close();
  await removeDemoSite(siteDir);
});

type InReach = (screen: string, passing?: Passing) => Promise<void>;

async function lookAtCanvas(page: Page, screens: Screens, inReach: InReach) {
  const { canvas, areaView } = screens;
  await canvas.choosePattern("4×4");
  const cameras = [`${LONG} 0001`, `${LONG} 0002`, "Lobby", "Car park north"];
  for (const [index, camera] of cameras.entries()) {
    await canvas.tile(index + 1).select();
    await areaView.open(camera);
  }
  await canvas.tile(5).select();
  await areaView.region.getByText(NAMES["gate-night"] ?? "").dblclick();
  await canvas.tile(1).isPlaying();
  await inReach("Canvas 4×4");
  await canvas.choosePattern("2×2");
  await canvas.tile(1).timeline.markRange(0.3, 0.6);
  await canvas.tile(1).element.focus();
  await inReach("Canvas 2×2");
  const tile = canvas.tile(1);
  await toldApartUnderForcedColours(page, tile);
  const onTile = (name: string) => tile.element.getByRole("button", { name, exact: true });
  const escape = () => page.keyboard.press("Escape");
  await inReach("Tile menu", { open: () => tile.openMenu(), close: escape });
  await inReach("Speed menu", { open: () => onTile("Speed 1×").click(), close: escape });
  const ask = async () => {
    await onTile("Jump to time").click();
    await tile.question.getByRole("textbox").fill("when it was dark");
    await tile.question.getByRole("button", { name: "Jump", exact: true }).click();
  };
  await inReach("Jump to time refused", { open: ask, close: escape });
  await areaView.search("nobody has it");
  await inReach("Area view without a match");
  await areaView.search("");
  await page.keyboard.press("Escape");
  await canvas.tile(1).element.focus();
  await page.keyboard.press("?");
  await inReach("Keys");
  await page.keyboard.press("Escape");
}

/** Footage, future and export are told apart by how they are filled: two colours of the system's are all there is. */
async function toldApartUnderForcedColours(page: Page, { timeline }: Tile) {
  await page.emulateMedia({ forcedColors: "active" });
  // The page has just had another size: where the range lies is asked anew until it is drawn there.
  await expect(async () => {
    const { footage, exported, future } = await inkOfParts(timeline);
    expect(footage).toBeGreaterThan(0.97);
    expect(exported).toBeGreaterThan(0.35);
    expect(exported).toBeLessThan(0.65);
    expect(future).toBeGreaterThan(0.05);
    expect(future).toBeLessThan(0.3);
  }).toPass({ timeout: 15_000 });
  await page.emulateMedia({ forcedColors: "none" });
}

async function inkOfParts(timeline: Tile["timeline"]) {
  const line = timeline.position;
  const box = await line.boundingBox();
  const start = await timeline.startHandle.boundingBox();
  const end = await timeline.endHandle.boundingBox();
  if (!box || !start || !end) throw new Error("The timeline or its range is not in sight.");
  const inkOf = (fromPx: number, toPx: number) =>
    line.evaluate(shareOfInk, { from: fromPx / box.width, to: toPx / box.width });
  const marked = { from: start.x - box.x + start.width, to: end.x - box.x };
  return {
    footage: await inkOf(marked.from - 60, marked.from - 20),
    exported: await inkOf(marked.from + 20, marked.to - 20),
    future: await inkOf(box.width - 20, box.width),
  };
}

/** How much of a part of the band is not of the ground, the colour above the ticks; from and to as shares of the width. */
function shareOfInk(element: Element, { from, to }: { from: number; to: number }): number {
  const canvas = element.querySelector("canvas") ?? (element as HTMLCanvasElement);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("There is no canvas to look at.");
  const [x, y] = [Math.round(canvas.width * from), Math.round(canvas.height * 0.55)];
  const [width, height] = [Math.round(canvas.width * (to - from)), Math.round(canvas.height * 0.3)];
  const ground = context.getImageData(0, 0, 1, 1).data.slice(0, 3).join();
  const { data } = context.getImageData(x, y, width, height);
  let ink = 0;
  for (let at = 0; at < data.length; at += 4) if (data.slice(at, at + 3).join() !== ground) ink += 1;
  return ink / (data.length / 4);
}

async function lookAtSettings(page: Page, { settings }: Screens, inReach: InReach) {
  await settings.open();
  for (const tab of ["Network", "Site", "Updates", "Preferences", "Cameras", "Destination", "About"]) {
    await settings.turnTo(tab);
    await inReach(`Settings, ${tab}`);
  }
  await settings.turnTo("Cameras");
  await settings.button(`Edit ${LONG} 0001`).click();
  await inReach("Edit a camera");
  await page.keyboard.press("Escape");
  await settings.button(`Remove ${LONG} 0001`).click();
  await inReach("Remove a camera");
  await page.keyboard.press("Escape");
  await settings.close();
}

async function lookAtWizard(page: Page, { wizard, canvas }: Screens, inReach: InReach, siteDir: string) {
  await wizard.openFrom(canvas.tile(1));
  await wizard.button("Add cameras").click();
  await inReach("Add cameras");
  await page.keyboard.press("Escape");
  await wizard.button("Add all cameras in tiles").click();
  await inReach("Wizard, Cameras");
  await wizard.next();
  const endUtcMs = (await pastFootageEndUtcMs(siteDir)) - 20 * 60_000;
  await wizard.fillTimes(`${LONG} 0001`, { start: "nonsense", name: "ראיה 1", description: "ליד הגדר" });
  await inReach("Wizard, Times with an error");
  for (const row of await wizard.cameras.getByRole("row").all()) {
    const start = row.getByRole("textbox", { name: "Start", exact: true });
    if ((await start.count()) === 0) continue;
    await start.fill(asEntered(endUtcMs - 60_000));
    await row.getByRole("textbox", { name: "End", exact: true }).fill(asEntered(endUtcMs));
  }
  await inReach("Wizard, Times");
  await wizard.next();
  await wizard.associate("Select existing case");
  await inReach("Wizard, Case association");
  await wizard.next();
  await inReach("Wizard, Existing case");
  await wizard.back();
  await wizard.associate("Create a new case");
  await wizard.next();
  await inReach("Wizard, New case empty");
  await wizard.fillCaseField("Case name", CASE_NAME);
  await wizard.chooseInCase("Department", "Patrol");
  await wizard.fillCaseField("Description", "דלת פתוחה");
  await wizard.fillCaseField("Tags", "גדר, fence");
  await inReach("Wizard, New case");
  await wizard.next();
  await inReach("Wizard, Summary");
  await wizard.button("Cancel").click();
  await inReach("Discard");
  await page.keyboard.press("Escape");
  await wizard.finish();
}

async function lookAtExports(page: Page, { tray, sidebar }: Screens, inReach: InReach) {
  await tray.open();
  const { card } = tray.exports.newest;
  const segments = card.getByRole("button", { name: /segments?$/ }).first();
  await segments.click();
  await tray.exports.newest.isAvailable();
  await inReach("Notifications");
  await tray.pinToSidebar();
  await inReach("Sidebar");
  await sidebar.unpin();
  await page.keyboard.press("Escape");
}

async function lookAtWebApplication(browser: Browser, address: string) {
  const page = await browser.newPage();
  const inReach = (screen: string) => expectInReachAtEverySize(page, `Web, ${screen}`);
  await page.goto(`${address}/`);
  await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
  await inReach("Sign in");
  await page.getByLabel("User name", { exact: true }).fill("investigator");
  await page.getByLabel("Password", { exact: true }).fill("wrong");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("alert")).not.toBeEmpty();
  await inReach("Sign in refused");
  await page.getByLabel("Password", { exact: true }).fill("investigator");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  const caseLink = page.getByRole("link", { name: CASE_NAME });
  await caseLink.waitFor();
  await inReach("Cases");
  await page.getByRole("searchbox").fill("nothing of the kind");
  await page.getByText("No case matches").waitFor();
  await inReach("Cases without a match");
  await page.getByRole("searchbox").fill("");
  await caseLink.click();
  await page.getByRole("table").waitFor();
  await inReach("Case");
  await page.getByRole("link", { name: "Evidence", exact: true }).first().click();
  const evidence = page.getByRole("link", { name: "ראיה 1" });
  await evidence.waitFor();
  await inReach("Evidence list");
  await evidence.click();
  await page.getByRole("region", { name: "Player" }).getByRole("slider").waitFor();
  await inReach("Evidence");
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys", exact: true }).waitFor();
  await inReach("Keys");
  await page.keyboard.press("Escape");
  await lookAtOtherStates(page, inReach);
  await lookAtAdministration(page, inReach);
  await page.goto(`${address}/nowhere`);
  await inReach("Not found");
  await page.close();
}

async function lookAtAdministration(page: Page, inReach: InReach) {
  const place = page.getByRole("link", { name: "Administration", exact: true });
  await place.click();
  await page.getByText("There is nothing to mend.").waitFor();
  // The one that answers, and a key of each kind.
  await expect(page.getByRole("table", { name: "Services that run" }).getByRole("row")).toHaveCount(2);
  await expect(page.getByRole("table", { name: "Keys in use" }).getByRole("row")).toHaveCount(5);
  await inReach("Administration");
  const [message, action] = ["A power cut can lose evidence.", "Set synchronous_commit = on."];
  const warnings = [{ code: "POSTGRES_SYNCHRONOUS_COMMIT_OFF", message, action }];
  const lock = { mode: "compliance", days: 365 };
  const files = { place: "bucket", hasVersions: true, lock };
  await page.route("**/web/api/administration", (route) =>
    route.fulfill({ json: { metadata: "postgres", files, warnings, installation: SOME_INSTALLATION } }),
  );
  await page.reload();
  await page.getByRole("list", { name: "Warnings" }).waitFor();
  await inReach("Administration, warnings");
  await page.unroute("**/web/api/administration");
  await page.route("**/web/api/administration/*", (route) =>
    route.fulfill({ json: route.request().url().endsWith("/jobs") ? SOME_JOBS : SOME_VERIFICATION }),
  );
  await page.reload();
  await page.getByRole("table", { name: "Running jobs" }).waitFor();
  await page.getByRole("list", { name: "Evidence that does not agree" }).waitFor();
  await inReach("Administration, jobs");
  await page.unroute("**/web/api/administration/*");
}

const A_UUID = "0b9d6a52-8f2c-4a63-9d1f-5f0c4c9b7c11";
const A_TIME = "2026-11-23T10:00:00.000Z";
const detail = "The store answered 500 to a read of 4,194,304 bytes, and would not say why.";
const SOME_JOB = { kind: "consolidate", subject: "8f2c", sinceUtc: A_TIME, progress: null, detail: null };
const SOME_JOBS = {
  counts: { waiting: 1_000, running: 1, failed: 2 },
  waiting: [
    { ...SOME_JOB, jobId: "1", kind: "remove-blob", subject: "0b9d6a52-8f2c-4a63-9d1f-5f0c4c9b7c11" },
  ],
  running: [{ ...SOME_JOB, jobId: "2", kind: "verify-everything", progress: { done: 1_017, total: 10_382 } }],
  failed: [
    { ...SOME_JOB, jobId: "3", detail },
    { ...SOME_JOB, jobId: "4", kind: "of-a-later-version", detail },
  ],
};
const SOME_INSTALLATION = {
  services: [
    { name: "evidence-1.surveillance.county.example (process 4213)", sinceUtc: A_TIME, isThis: false },
    { name: "evidence-2 (process 1)", sinceUtc: A_TIME, isThis: true },
  ],
  lastBackupUtc: A_TIME,
  keys: [
    { kind: "content", keyId: `urn:keystore:${A_UUID}:${A_UUID}`, madeUtc: A_TIME, inUseSinceUtc: A_TIME },
    { kind: "of-a-later-version", keyId: A_UUID, madeUtc: null, inUseSinceUtc: null },
  ],
};
const SOME_VERIFICATION = {
  ...{ startedUtc: A_TIME, endedUtc: null, endedBecause: null, checked: 1_017, differing: 1 },
  named: [{ evidenceId: "8f2c", name: "ראיה 1" }],
};

/** States that pass too quickly to be looked at: the service's answer is given another one. */
async function lookAtOtherStates(page: Page, inReach: InReach) {
  for (const state of ["receiving", "processing", "failed", "deleted"]) {
    await page.route("**/web/api/evidence/*", async (route) => {
      const response = await route.fetch();
      const answer = (await response.json()) as { evidence: Json };
      const evidence = { ...answer.evidence, state, stateDetail: "Segment 1 could not be decrypted." };
      await route.fulfill({ response, json: { ...answer, evidence, consolidated: null } });
    });
    await page.reload();
    await page.getByRole("heading", { name: "Facts" }).waitFor();
    await inReach(`Evidence ${state}`);
    await page.unroute("**/web/api/evidence/*");
  }
}
