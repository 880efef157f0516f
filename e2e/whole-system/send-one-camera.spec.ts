import { startBrowser } from "../fixture/browser.ts";
import { expect, test } from "../fixture/test.ts";
import {
  availableEvidence,
  expectExactFrames,
  expectStoredAsJournalled,
} from "../proof/consolidated-video.ts";
import { Investigator } from "../proof/investigator.ts";
import { asEntered, pastFootageEndUtcMs, serviceAddress } from "../proof/site-facts.ts";

const CASE = "Person behind the fence";

test("an operator sends 90 s of one camera to an existing case, and an investigator plays it", async ({
  desk,
  screens,
  siteDir,
}) => {
  const startUtcMs = (await pastFootageEndUtcMs(siteDir)) - 20 * 60_000 + 31_300;
  const range = { startUtcMs, endUtcMs: startUtcMs + 90_000 };
  const name = `One camera ${Date.now()}`;

  await test.step("the operator logs on and sees cameras playing", async () => {
    await screens.logOn.logOn("operator", "operator");
    await screens.canvas.tile(1).isPlaying();
  });

  await test.step("right-click, wizard, existing case, Finish", async () => {
    await screens.wizard.openFrom(screens.canvas.tile(1));
    const camera = (await screens.wizard.cameras.getByRole("row").last().getAttribute("aria-label")) ?? "";
    await screens.wizard.next();
    await screens.wizard.fillTimes(camera, {
      name,
      start: asEntered(range.startUtcMs),
      end: asEntered(range.endUtcMs),
    });
    await screens.wizard.next();
    await screens.wizard.associate("Select existing case");
    await screens.wizard.next();
    await screens.wizard.selectCase(CASE);
    await screens.wizard.next();
    await screens.wizard.finish();
  });

  await test.step("the tray stays blue and says available", async () => {
    await screens.tray.open();
    await screens.tray.exports.newest.isAvailable();
    expect(await screens.tray.issueCount()).toBe(0);
    await expect(screens.tray.button).toHaveAccessibleName("Notifications: no errors");
  });

  const address = await serviceAddress(siteDir);
  const investigator = await Investigator.signIn(address);
  const answer = await availableEvidence(investigator, name);
  expect(answer.evidence.caseName).toBe(CASE);
  await expectExactFrames(investigator, answer, range);
  await expectStoredAsJournalled(siteDir, investigator, answer);

  await test.step("the web application plays it", async () => {
    const browser = await startBrowser();
    const page = await browser.newPage();
    await page.goto(`${address}/evidence/${answer.evidence.evidenceId}`);
    await page.getByLabel("User name", { exact: true }).fill("investigator");
    await page.getByLabel("Password", { exact: true }).fill("investigator");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    const player = page.getByRole("region", { name: "Player" });
    await player.getByRole("button", { name: "Play", exact: true }).click();
    const clock = player.getByLabel("Wall-clock time");
    const before = await clock.textContent();
    await expect(clock).not.toHaveText(before ?? "", { timeout: 20_000 });
    await browser.close();
  });
  expect(desk.output()).not.toContain("Error");
});
