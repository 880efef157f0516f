import type { Locator } from "playwright-core";
import { Temporal } from "temporal-polyfill";
import { addTwiceShownCamera, type TwiceShownCamera } from "../fixture/changed-camera.ts";
import type { RunningConsole } from "../fixture/console.ts";
import { expect, makeDemoSite, removeDemoSite, test as base } from "../fixture/test.ts";
import { seenNumber, stillNumber } from "../proof/burnt-in-number.ts";
import { availableEvidence, framesShown, manifestOf } from "../proof/consolidated-video.ts";
import { Investigator } from "../proof/investigator.ts";
import { pastFootageEndUtcMs, serviceAddress } from "../proof/site-facts.ts";
import { WebPlayer } from "../proof/web-player.ts";
import { killPageProcesses } from "../fixture/page-process.ts";
import { type Screens, screensOf } from "../screen-objects/screens.ts";

/** A site whose clock was put back on 2026-11-01, and is not the clock of the computer. */
const test = base.extend<object, { workerSite: string; twiceShown: TwiceShownCamera }>({
  twiceShown: [
    async ({ workerSite }, use) => {
      await use(await addTwiceShownCamera(workerSite));
    },
    { scope: "worker" },
  ],
  workerSite: [
    // eslint's empty pattern is how Playwright learns that a fixture needs no other.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const siteDir = await makeDemoSite("America/Toronto");
      await use(siteDir);
      await removeDemoSite(siteDir);
    },
    { scope: "worker", timeout: 120_000 },
  ],
});

const CAMERA = "Gate at night";

async function openTimes(screens: Screens, camera = CAMERA): Promise<void> {
  await screens.canvas.tile(1).select();
  await screens.areaView.open(camera);
  await screens.wizard.openFrom(screens.canvas.tile(1));
  await screens.wizard.next();
}

/** What is typed, and what the field shows of it when it is left. */
const UNDERSTOOD = [
  ["2026-11-20 10:40", "2026-11-20 10:40:00.000"],
  ["9:5", "2026-11-20 09:05:00.000"],
  ["0905", "2026-11-20 09:05:00.000"],
  ["9.05 pm", "2026-11-20 21:05:00.000"],
  ["10:40:00", "2026-11-20 10:40:00.000"],
  ["2026-11-28T09:05:00Z", "2026-11-28 04:05:00.000"],
  ["28.11.2026 10:40", "2026-11-28 10:40:00.000"],
  ["2026-11-28   10:40:00,5", "2026-11-28 10:40:00.500"],
  ["Sat, 28 Nov 2026 10:40:00 +0100", "2026-11-28 04:40:00.000"],
  ["November 28, 2026 at 10:40 AM", "2026-11-28 10:40:00.000"],
  ["٢٠٢٦-١١-٢٨ ١٠:٤٠", "2026-11-28 10:40:00.000"],
] as const;

const REFUSED = [
  ["03/04/2026 10:40", "03/04/2026 can mean two days. Write 2026-04-03 or 2026-03-04."],
  ["2026-02-30 10:00", "There is no day 2026-02-30."],
  ["half past ten", "This cannot be read as a date and time. Write it as YYYY-MM-DD HH:MM:SS.mmm."],
] as const;

/** Somebody may be logged off while the wizard is open: main says so, whoever asked. */
const LOG_OFF = `window.evidenceDesk.request("operator.logOff", undefined)`;

test("typed times are understood or refused in words, and nothing typed is lost by Back or a reload", async ({
  desk,
  screens: opened,
}) => {
  let screens = opened;
  let { page } = desk;
  const start = () => screens.wizard.timesField(CAMERA, "Start");
  const end = () => screens.wizard.timesField(CAMERA, "End");
  page.setDefaultTimeout(20_000);
  await screens.logOn.logOn("operator", "operator");
  await openTimes(screens);

  await test.step("what was understood is shown in full when the field is left", async () => {
    for (const [typed, shown] of UNDERSTOOD) {
      await start().fill(typed);
      await end().focus();
      await expect(start(), typed).toHaveValue(shown);
    }
  });

  await test.step("what cannot be read keeps its text, says why, and does not pass", async () => {
    for (const [typed, sentence] of REFUSED) {
      await start().fill(typed);
      await end().focus();
      await expect(start()).toHaveValue(typed);
      await expect(screens.wizard.cameraRow(CAMERA).getByText(sentence, { exact: true })).toBeVisible();
      await expect(screens.wizard.button("Next")).toBeDisabled();
    }
    await screens.wizard.back();
    await expect(screens.wizard.cameraRow(CAMERA)).toContainText("“half past ten”");
    await screens.wizard.next();
    await expect(start()).toHaveValue("half past ten");
  });

  await test.step("a reload opens the wizard where it was, half-typed text included", async () => {
    await start().fill("2026-11-01 01:5");
    await screens.wizard.timesField(CAMERA, "Name").fill("Theft at the ga");
    await page.reload();
    await expect(start()).toHaveValue("2026-11-01 01:5");
    await expect(screens.wizard.timesField(CAMERA, "Name")).toHaveValue("Theft at the ga");
    await screens.wizard.back();
    await screens.wizard.button("Add cameras").click();
    await screens.wizard.addCamerasDialog.getByRole("searchbox").fill("lobby");
    await screens.wizard.addCamerasDialog.getByRole("option", { name: /^Lobby entrance/u }).click();
    await page.reload();
    await expect(screens.wizard.addCamerasDialog.getByRole("searchbox")).toHaveValue("lobby");
    await expect(screens.wizard.addCamerasDialog.getByText("1 camera selected")).toBeVisible();
    await screens.wizard.addCamerasDialog.getByRole("button", { name: "OK", exact: true }).click();
    await expect(screens.wizard.cameraRow("Lobby entrance")).toBeVisible();
  });

  await test.step("a page whose process is killed opens again by itself, the wizard where it was", async () => {
    await screens.wizard.next();
    await start().fill("2026-11-01 01:5");
    await page.waitForFunction(`localStorage.getItem("evidence-desk.export-draft").includes("11-01 01:5")`);
    expect(killPageProcesses(desk.pid)).toBeGreaterThan(0);
    await expect.poll(() => desk.output()).toContain("The console's page is gone");
    await expect(async () => {
      page = await desk.pageAfterCrash();
      screens = screensOf(page);
      await expect(screens.wizard.dialog).toBeVisible();
    }).toPass();
    await expect(start()).toHaveValue("2026-11-01 01:5");
    await expect(screens.wizard.timesField(CAMERA, "Name")).toHaveValue("Theft at the ga");
    await expect(screens.wizard.cameraRow("Lobby entrance")).toBeVisible();
  });

  await test.step("log-off ends the draft; no other operator sees anything of it", async () => {
    await page.evaluate(LOG_OFF);
    await screens.logOn.logOn("administrator", "administrator", { keepsDraft: true });
    await expect(page.getByRole("region", { name: "Canvas" })).toBeVisible();
    await expect(screens.wizard.dialog).toHaveCount(0);
    await page.getByRole("button", { name: "Log off", exact: true }).click();
    await screens.logOn.logOn("operator", "operator", { keepsDraft: true });
    await expect(page.getByRole("region", { name: "Canvas" })).toBeVisible();
    await expect(screens.wizard.dialog).toHaveCount(0);
  });

  await test.step("a draft that is damaged is dropped with a word", async () => {
    await page.evaluate(`localStorage.setItem("evidence-desk.export-draft", "{")`);
    await page.reload();
    await expect(page.getByText(/could not be read again/u)).toBeVisible();
  });
  expect(desk.output()).not.toContain("Error");
});

// The camera is there before the console is.
test.beforeAll(({ twiceShown }) => void twiceShown);

test("a time that exists twice is asked about, and what was chosen stays chosen and plays in the web application, to the frame", async ({
  desk,
  screens,
  siteDir,
  twiceShown: { name: camera, first, second },
}) => {
  test.setTimeout(300_000);
  const { canvas, wizard, tray, sidebar } = screens;
  const row = wizard.cameraRow(camera);
  const side = (name: string) => row.getByRole("radio", { name });
  const at = Date.now();
  const names = { chosen: `Chosen ${at}`, pasted: `Pasted ${at}`, seen: `Seen ${at}` };
  await screens.logOn.logOn("operator", "operator");
  await openTimes(screens, camera);
  // What is offered is of the second pass, which would hold for the whole night.
  await wizard.fillTimes(camera, { start: "2026-11-20 01:50", end: "2026-11-20 02:00" });
  await wizard.timesField(camera, "Name").focus();
  await wizard.fillTimes(camera, { start: "2026-11-01 01:50", end: "2026-11-01 02:00" });
  await expect(
    row.getByText("01:50 exists twice on 2026-11-01: first (UTC−04:00) or second (UTC−05:00).", {
      exact: true,
    }),
  ).toBeVisible();
  await expect(row.getByText(/02:00 ends both passes of the repeated time on 2026-11-01/u)).toBeVisible();
  await expect(wizard.button("Next")).toBeDisabled();

  await test.step("the ten minutes before the clock is put back are ten minutes", async () => {
    await side("Start: first time, UTC−04:00").check({ force: true });
    await side("End: first time, UTC−04:00").check({ force: true });
    await expect(row).toContainText("00:10:00.000");
    await wizard.fillTimes(camera, { end: "01:50" });
    await expect(row).toContainText("The end must be after the start.");
    await wizard.fillTimes(camera, { end: "01:50 second" });
    await expect(row).toContainText("01:00:00.000");
    await wizard.fillTimes(camera, { end: "02:00 EDT" });
    await expect(row).toContainText("00:10:00.000");
  });

  await test.step("the second pass stays the second while its text is edited, also after a reload", async () => {
    await wizard.fillTimes(camera, { end: "2026-11-01 02:00 EST" });
    await side("Start: second time, UTC−05:00").check({ force: true });
    await wizard.fillTimes(camera, { start: "2026-11-01 01:5" });
    await desk.page.reload();
    await wizard.fillTimes(camera, { start: "2026-11-01 01:51" });
    await expect(side("Start: second time, UTC−05:00")).toBeChecked();
    await expect(row).toContainText("00:09:00.000");
    await wizard.back();
    await expect(row).toContainText("2026-11-01 01:51:00 UTC−05:00");
    await expect(row).toContainText("2026-11-01 02:00:00 UTC−05:00");
    await wizard.next();
    await wizard.fillTimes(camera, { start: "2026-03-08 02:30" });
    await expect(row).toContainText("the clock goes forward from 02:00 to 03:00.");
  });

  await test.step("half a minute of the second pass is sent, by a wizard that was opened again by a reload", async () => {
    await wizard.fillTimes(camera, {
      ...{ name: names.chosen, start: "2026-11-01 01:50:10", end: "2026-11-01 01:50:4" },
    });
    await side("Start: second time, UTC−05:00").check({ force: true });
    await desk.page.reload();
    await wizard.fillTimes(camera, { end: "2026-11-01 01:50:40" });
    await side("End: second time, UTC−05:00").check({ force: true });
    await expect(row).toContainText("00:00:30.000");
    await expect(wizard.dialog.getByText("300 frames, no gaps")).toBeVisible();
    await wizard.next();
    await wizard.associate("Skip and upload evidence");
    await wizard.next();
    await desk.page.reload();
    await expect(row).toContainText("2026-11-01 01:50:10.000 UTC−05:00");
    await expect(row).toContainText("2026-11-01 01:50:40.000 UTC−05:00");
    await wizard.finish();
  });

  await test.step("half a minute of the first pass, pasted from a mail", async () => {
    await wizard.openFrom(canvas.tile(1));
    await wizard.next();
    await wizard.fillTimes(camera, { name: names.pasted });
    await paste(desk, wizard.timesField(camera, "Start"), "Sun,  1 Nov 2026 05:50:10 +0000");
    await paste(desk, wizard.timesField(camera, "End"), " 2026-11-01T05:50:40Z ");
    await wizard.timesField(camera, "Name").focus();
    await expect(wizard.timesField(camera, "Start")).toHaveValue("2026-11-01 01:50:10.000");
    await expect(wizard.timesField(camera, "End")).toHaveValue("2026-11-01 01:50:40.000");
    await expect(side("Start: first time, UTC−04:00")).toBeChecked();
    await expect(
      wizard.dialog.getByText(/^Oldest footage expires in 3 h( \d\d min)?; Finish keeps it\.$/),
    ).toBeVisible();
    await wizard.next();
    await wizard.associate("Skip and upload evidence");
    await wizard.next();
    await wizard.finish();
  });

  const seen =
    await test.step("the minute up to a picture of the second pass, as it is on the screen", async () => {
      const tile = canvas.tile(1);
      await tile.jumpTo("2026-11-01 01:51:10 second");
      await expect(tile.element.getByTitle("Time of the picture")).toContainText("UTC−05:00");
      await tile.isPlaying();
      await tile.element.press("Space");
      const number = await stillNumber(tile);
      expect(number).toBeGreaterThanOrEqual(second.number);
      await wizard.openFrom(tile);
      await expect(wizard.offer).toHaveText(
        /^Start and end are the minute up to the picture on the screen, .*01:51:\d\d UTC−05:00\.$/,
      );
      await wizard.next();
      await wizard.fillTimes(camera, { name: names.seen });
      await wizard.next();
      await wizard.associate("Skip and upload evidence");
      await wizard.next();
      await wizard.finish();
      return number;
    });

  await test.step("tray and sidebar say which pass", async () => {
    await tray.open();
    const inTray = tray.exports.list.getByRole("article").filter({ hasText: names.chosen });
    const range = "2026-11-01 01:50:10 UTC−05:00 – 2026-11-01 01:50:40 UTC−05:00";
    await expect(inTray).toContainText(range);
    await expect(tray.exports.list.getByText("Available in Genetec Clearance™").nth(2)).toBeVisible({
      timeout: 120_000,
    });
    await tray.pinToSidebar();
    const pinned = sidebar.exports.list.getByRole("article").filter({ hasText: names.pasted });
    await expect(pinned).toContainText(range.replaceAll("−05:00", "−04:00"));
    await sidebar.unpin();
  });

  const address = await serviceAddress(siteDir);
  const investigator = await Investigator.signIn(address);
  const player = await WebPlayer.signIn(address);
  try {
    for (const [name, pass, offsetMinutes] of [
      [names.chosen, second, -300],
      [names.pasted, first, -240],
    ] as const) {
      const answer = await availableEvidence(investigator, name);
      expect(Date.parse(answer.evidence.startUtc)).toBe(pass.utcMs + 10_000);
      const sent = Array.from({ length: 300 }, (_, index) => pass.number + 100 + index);
      expect(await framesShown(investigator, answer)).toEqual(sent);
      const { site } = await manifestOf(investigator, answer);
      const utcOffsetMinutes = { atStart: offsetMinutes, atEnd: offsetMinutes };
      expect(site).toMatchObject({ timeZone: "America/Toronto", utcOffsetMinutes });
      await player.open(answer.evidence.evidenceId);
      await expect.poll(() => seenNumber(player.video)).toBe(sent[0]);
      for (let jump = 0; jump < 2; jump += 1) await player.press("l");
      await expect.poll(() => seenNumber(player.video)).toBe(sent.at(-1));
    }
    const { evidence } = await availableEvidence(investigator, names.seen);
    await player.open(evidence.evidenceId);
    await expect.poll(() => seenNumber(player.video)).toBe(seen - 599);
    for (let jump = 0; jump < 4; jump += 1) await player.press("l");
    await expect.poll(() => seenNumber(player.video)).toBe(seen);
  } finally {
    await player.close();
  }
});

/** Through the clipboard, in place of what the field holds. */
async function paste({ page }: RunningConsole, field: Locator, text: string): Promise<void> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
  await field.focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("ControlOrMeta+v");
}

test("a tile jumps to a typed time, and says so where nothing is recorded", async ({ screens, siteDir }) => {
  const tile = screens.canvas.tile(1);
  await screens.logOn.logOn("operator", "operator");
  await tile.isPlaying();
  const at = Temporal.Instant.fromEpochMilliseconds((await pastFootageEndUtcMs(siteDir)) - 5 * 60_000);
  const local = at.toZonedDateTimeISO("America/Toronto");
  const clock = `${two(local.hour)}:${two(local.minute)}`;
  await tile.jumpTo(`${local.day}.${local.month}.${local.year} ${clock}`);
  await expect(tile.element.getByTitle("Time of the picture")).toContainText(clock);
  await tile.isPlaying();
  await expect(tile.timeline.position).toHaveAttribute("aria-valuetext", new RegExp(clock));

  await tile.element.press("t");
  const question = screens.canvas.tile(1).question;
  await question.getByRole("textbox", { name: "Jump to time" }).fill("2099-01-01 10:00");
  await question.getByRole("textbox", { name: "Jump to time" }).press("Enter");
  await expect(question.getByText("This time is in the future.")).toBeVisible();
  await question.getByRole("textbox", { name: "Jump to time" }).fill("2020-01-02 10:00");
  await question.getByRole("textbox", { name: "Jump to time" }).press("Enter");
  await expect(tile.element.getByText(/^No footage/u)).toBeVisible();
  await expect(tile.element).toBeFocused();
  await screens.wizard.openFrom(tile);
  await expect(screens.wizard.offer).toHaveText(
    /^There is no picture on the screen\. .* where playback stands, 2020-01-02 10:00:00/,
  );
  await screens.wizard.discard();
  // The timeline is of the time that the tile shows: what is marked on it is of that day.
  await tile.timeline.markRange(0.2, 0.4);
  await expect(tile.timeline.startHandle).toHaveAttribute("aria-valuetext", /2020-01-02/);
});

function two(part: number): string {
  return String(part).padStart(2, "0");
}
