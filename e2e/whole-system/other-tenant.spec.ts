import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startConsole } from "../fixture/console.ts";
import { prepareService, startService } from "../fixture/evidence-service.ts";
import { expect, test } from "../fixture/test.ts";
import { availableEvidence } from "../proof/consolidated-video.ts";
import { Investigator } from "../proof/investigator.ts";
import { openSummary } from "../proof/open-summary.ts";
import { type Screens, screensOf } from "../screen-objects/screens.ts";

/** So slow that nothing has been sent when the service goes away. */
const CAP_MBIT_PER_SECOND = "1";

async function send(screens: Screens, name: string, siteDir: string): Promise<void> {
  await openSummary(screens, name, siteDir);
  await screens.wizard.finish();
}

async function openDestination({ settings }: Screens): Promise<void> {
  await settings.open();
  await settings.turnTo("Destination");
}

async function capUploads({ settings }: Screens, megabitsPerSecond: string): Promise<void> {
  await settings.field("Bandwidth cap in Mbit/s").fill(megabitsPerSecond);
  await settings.button("Save").click();
  await expect(settings.dialog.getByText("Saved.")).toBeVisible();
}

async function prepared(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "evidence-desk-service-"));
  await prepareService(dir);
  return dir;
}

test("another tenant's connection file is imported while exports wait for their own service: each goes where it was made for", async ({
  siteDir,
}) => {
  test.setTimeout(400_000);
  const [cityFolder, countyFolder] = [await prepared(), await prepared()];
  const before = await startService(cityFolder);
  const county = await startService(countyFolder);
  const cityFile = await readFile(before.connectionFile, "utf8");
  const desk = await startConsole({ siteDir });
  const screens = screensOf(desk.page);
  const { settings, tray } = screens;
  const names = ["first", "second", "third"].map((which) => `${which} of two tenants ${Date.now()}`);
  const [first = "", second = "", third = ""] = names;
  await screens.logOn.logOn("administrator", "administrator");

  await test.step("two exports of the first tenant wait, because its service is away", async () => {
    await openDestination(screens);
    await settings.importConnectionFile(cityFile);
    await expect(settings.dialog.getByText("The connection file was tried and imported.")).toBeVisible();
    await capUploads(screens, CAP_MBIT_PER_SECOND);
    await settings.close();
    await send(screens, first, siteDir);
    await send(screens, second, siteDir);
    await before.kill();
    await expect(tray.button).toHaveAccessibleName("Notifications: 2 issues", { timeout: 90_000 });
  });

  await test.step("the other tenant's file is tried, and the exports that wait are asked about", async () => {
    await openDestination(screens);
    await settings.importConnectionFile(await readFile(county.connectionFile, "utf8"));
    const question = desk.page.getByRole("alertdialog", { name: "Exports are under way" });
    await expect(question).toContainText("2");
    await settings.confirm("Let them end there");
    await expect(settings.dialog.getByText("The connection file was tried and imported.")).toBeVisible();
    await capUploads(screens, "");
    await settings.close();
  });

  const atCounty = await Investigator.signIn(county.address);
  await test.step("what is made now goes to the other tenant, past those that wait", async () => {
    await send(screens, third, siteDir);
    await availableEvidence(atCounty, third);
    await expect(tray.button).toHaveAccessibleName("Notifications: 2 issues");
  });

  const city = await startService(cityFolder);
  const atCity = await Investigator.signIn(city.address);
  await test.step("those that waited end with their own, and nothing of one is at the other", async () => {
    await availableEvidence(atCity, first);
    await availableEvidence(atCity, second);
    await expect(tray.button).toHaveAccessibleName("Notifications: no errors", { timeout: 60_000 });
    const found = await Promise.all(
      names.map(async (name) => [
        (await atCity.evidenceNamed(name)).length,
        (await atCounty.evidenceNamed(name)).length,
      ]),
    );
    expect(found).toEqual([
      [1, 0],
      [1, 0],
      [0, 1],
    ]);
  });

  await openDestination(screens);
  await settings.button("Use the embedded service").click();
  await expect(settings.dialog.getByText("Evidence goes to the embedded service.")).toBeVisible();
  await desk.close();
  await Promise.all([city.kill(), county.kill()]);
  await Promise.all([cityFolder, countyFolder].map((dir) => rm(dir, { recursive: true, force: true })));
});
