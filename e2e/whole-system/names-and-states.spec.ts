import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startConsole } from "../fixture/console.ts";
import { expect, makeDemoSite, removeDemoSite, test } from "../fixture/test.ts";
import { SITE_TIME_ZONE } from "../proof/site-facts.ts";
import { screensOf } from "../screen-objects/screens.ts";

const CAMERA = "Lobby entrance";
/** With the override unseen, it reads "Lobby alive.png". */
const ODD = "Lobby \u202Egnp.evila";
const HEBREW = "שער צפון 3";

/** Names as an archive may have them that took any: it believes what stands beside the footage. */
async function rename(siteDir: string, names: Readonly<Record<string, string>>): Promise<void> {
  for (const [id, name] of Object.entries(names)) {
    const path = join(siteDir, "archive", "footage", id, "camera.json");
    const camera = JSON.parse(await readFile(path, "utf8")) as object;
    await writeFile(path, JSON.stringify({ ...camera, name }));
  }
}

// Cameras get other names and the site another zone: a site of its own, as other specs know theirs.
test("names keep to themselves, nothing hides in them, and a start does not cry “No signal”", async () => {
  const siteDir = await makeDemoSite();
  await rename(siteDir, { "fence-east": ODD, "gate-night": HEBREW });
  const desk = await startConsole({ siteDir });
  const { page } = desk;
  const screens = screensOf(page);
  await page.evaluate(WATCH_FOR_NO_SIGNAL);
  await screens.logOn.logOn("operator", "operator");

  await expect(screens.areaView.camera(CAMERA)).toHaveAccessibleDescription(
    /^(Connecting since \d|Recording)/,
  );
  await screens.canvas.tile(1).select();
  await screens.areaView.open(CAMERA);
  await screens.canvas.tile(1).isPlaying();
  await expect(screens.canvas.tile(1).element.getByRole("img", { name: "Recording" })).toBeVisible();
  expect(await page.evaluate<string[]>("window.saidNoSignal")).toEqual([]);

  // What hides is seen, on the screen and in the accessible name; what is written the other way round stays apart.
  await screens.canvas.tile(2).select();
  await screens.areaView.open("Lobby �gnp.evila");
  await expect(screens.canvas.tile(2).element).toHaveAccessibleName("Tile 2 – Lobby �gnp.evila");
  await screens.canvas.tile(3).select();
  await screens.areaView.region.getByText(HEBREW).dblclick();
  await expect(page.getByRole("group", { name: `Tile 3 – \u2068${HEBREW}\u2069` })).toBeVisible();
  await expect(screens.areaView.region.locator("bdi", { hasText: HEBREW })).toHaveCount(1);

  await screens.wizard.openFrom(screens.canvas.tile(1));
  await screens.wizard.next();
  await screens.wizard.fillTimes(CAMERA, { name: "till\u202E4pm" });
  await expect(screens.wizard.dialog.getByText(/The name must not hold .*U\+202E/)).toBeVisible();
  await expect(screens.wizard.button("Next")).toBeDisabled();
  await screens.wizard.fillTimes(CAMERA, { name: "till" });
  await screens.wizard.next();
  await screens.wizard.associate("Create a new case");
  await screens.wizard.next();
  for (const name of ["a\tb", "\u200B"]) {
    await screens.wizard.fillCaseField("Case name", name);
    await expect(screens.wizard.dialog.getByText(/The case name must not hold/)).toBeVisible();
  }
  await screens.wizard.fillCaseField("Case name", "Till");
  await screens.wizard.chooseInCase("Department", "Patrol");
  // Autocorrection makes an en dash of a hyphen; what is kept is shown, and the caret stays where it was.
  await screens.wizard.fillCaseField("Incident number", "2026\u2013117");
  const incidentNumber = screens.wizard.dialog.getByRole("textbox", { name: "Incident number" });
  await expect(incidentNumber).toHaveValue("2026-117");
  await incidentNumber.press("Home");
  for (let digit = 0; digit < 4; digit += 1) await incidentNumber.press("ArrowRight");
  await page.keyboard.insertText("\u2014");
  await page.keyboard.type("9");
  await expect(incidentNumber).toHaveValue("2026-9-117");
  await expect(screens.wizard.dialog.getByText(/The incident number/)).toHaveCount(0);
  await screens.wizard.next();
  await screens.wizard.finish();

  await screens.tray.open();
  const { card } = screens.tray.exports.newest;
  await expect(card.getByText("Evidence", { exact: true }).locator("..")).toContainText("till");
  await expect(card.getByText("Range", { exact: true }).locator("..")).toContainText(
    /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/,
  );
  await expect(card.getByText("Sent by", { exact: true }).locator("..")).toContainText("operator");
  await screens.tray.exports.newest.isAvailable();

  // The site's zone and its archive are an administrator's to see and change.
  await page.getByRole("button", { name: "Log off" }).click();
  await screens.logOn.logOn("administrator", "administrator");
  await screens.settings.open();
  await screens.settings.turnTo("Site");
  const archive = screens.settings.dialog.getByRole("region", { name: "Archive of this console" });
  await expect(archive).toContainText(
    /http:\/\/127\.0\.0\.1:\d+.*Running.*\d+, of them \d+ recorded.*Kept for.*30 days/s,
  );
  await screens.settings.button(`${SITE_TIME_ZONE} Time zone of the site`).click();
  await page.getByRole("option", { name: "America/Toronto", exact: true }).click();
  await screens.settings.button("Change time zone").click();
  await expect(page.getByRole("alertdialog")).toContainText("Recorded instants, exports under way");
  await screens.settings.confirm("Change");
  await expect(screens.settings.dialog.getByText("in America/Toronto now")).toBeVisible();
  await screens.settings.close();
  await expect(page.getByLabel("Time at the site")).toContainText("UTC−05:00");
  await desk.close();
  await removeDemoSite(siteDir);
});

/** Notes every text that says so, from now on. */
const WATCH_FOR_NO_SIGNAL = `(() => {
  const said = (window.saidNoSignal = []);
  const look = () => {
    for (const element of document.querySelectorAll("[data-text='No signal'], [role=status], [role=img], [role=treeitem]")) {
      const text = [element.textContent, element.ariaLabel, element.ariaDescription, element.dataset.text].join(" ");
      if (text.includes("No signal")) said.push(text);
    }
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
})()`;
