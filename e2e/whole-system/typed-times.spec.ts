import { Temporal } from "temporal-polyfill";
import { expect, makeDemoSite, removeDemoSite, test as base } from "../fixture/test.ts";
import { pastFootageEndUtcMs } from "../proof/site-facts.ts";
import { killPageProcesses } from "../fixture/page-process.ts";
import { type Screens, screensOf } from "../screen-objects/screens.ts";

/** A site whose clock was put back on 2026-11-01, and is not the clock of the computer. */
const test = base.extend<object, { siteDir: string }>({
  siteDir: [
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

async function openTimes(screens: Screens): Promise<void> {
  await screens.canvas.tile(1).select();
  await screens.areaView.open(CAMERA);
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

/** A session may end while the wizard is open: main says so, whoever asked. */
const LOG_OFF = `window.evidenceDesk.request("session.logOff", undefined)`;

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

test("a time that exists twice is asked about, and what was chosen stays chosen", async ({
  desk,
  screens,
}) => {
  const { wizard } = screens;
  const row = wizard.cameraRow(CAMERA);
  const side = (name: string) => row.getByRole("radio", { name });
  await screens.logOn.logOn("operator", "operator");
  await openTimes(screens);
  await wizard.fillTimes(CAMERA, { start: "2026-11-01 01:50", end: "2026-11-01 02:00" });
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
    await wizard.fillTimes(CAMERA, { end: "01:50" });
    await expect(row).toContainText("The end must be after the start.");
    await wizard.fillTimes(CAMERA, { end: "01:50 second" });
    await expect(row).toContainText("01:00:00.000");
    await wizard.fillTimes(CAMERA, { end: "02:00 EDT" });
    await expect(row).toContainText("00:10:00.000");
  });

  await test.step("the second pass stays the second while its text is edited, also after a reload", async () => {
    await wizard.fillTimes(CAMERA, { end: "2026-11-01 02:00 EST" });
    await side("Start: second time, UTC−05:00").check({ force: true });
    await wizard.fillTimes(CAMERA, { start: "2026-11-01 01:5" });
    await desk.page.reload();
    await wizard.fillTimes(CAMERA, { start: "2026-11-01 01:51" });
    await expect(side("Start: second time, UTC−05:00")).toBeChecked();
    await expect(row).toContainText("00:09:00.000");
    await wizard.back();
    await expect(row).toContainText("2026-11-01 01:51:00 UTC−05:00");
    await expect(row).toContainText("2026-11-01 02:00:00 UTC−05:00");
    await wizard.next();
    await wizard.fillTimes(CAMERA, { start: "2026-03-08 02:30" });
    await expect(row).toContainText("the clock goes forward from 02:00 to 03:00.");
  });
});

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

  await tile.element.press("t");
  const question = screens.canvas.tile(1).question;
  await question.getByRole("textbox", { name: "Jump to time" }).fill("2099-01-01 10:00");
  await question.getByRole("textbox", { name: "Jump to time" }).press("Enter");
  await expect(question.getByText("This time is in the future.")).toBeVisible();
  await question.getByRole("textbox", { name: "Jump to time" }).fill("2020-01-02 10:00");
  await question.getByRole("textbox", { name: "Jump to time" }).press("Enter");
  await expect(tile.element.getByText(/^No footage/u)).toBeVisible();
  await expect(tile.element).toBeFocused();
});

function two(part: number): string {
  return String(part).padStart(2, "0");
}
