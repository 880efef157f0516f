import { addTwiceRecordedCamera, type TwiceRecordedCamera } from "../fixture/changed-camera.ts";
import { startConsole } from "../fixture/console.ts";
import { expect, test as base } from "../fixture/test.ts";
import { availableEvidence, framesShown } from "../proof/consolidated-video.ts";
import { Investigator } from "../proof/investigator.ts";
import { asEntered, pastFootageEndUtcMs, serviceAddress } from "../proof/site-facts.ts";

const test = base.extend<{ camera: TwiceRecordedCamera }>({
  camera: async ({ siteDir }, use) => {
    await use(await addTwiceRecordedCamera(siteDir, (await pastFootageEndUtcMs(siteDir)) - 3_600_000));
  },
  desk: async ({ camera }, use) => {
    const desk = await startConsole({ siteDir: camera.siteDir });
    await use(desk);
    await desk.close();
  },
});

test("where the archive holds two recordings of the same time, the one that it hides can be looked up and sent", async ({
  screens,
  siteDir,
  camera: { name, twice, hiddenUtcMs },
}) => {
  const { wizard } = screens;
  const evidence = `Twice ${Date.now()}`;
  await screens.logOn.logOn("operator", "operator");
  await screens.canvas.tile(1).select();
  await screens.areaView.open(name);
  await wizard.openFrom(screens.canvas.tile(1));
  await wizard.next();
  const times = { start: asEntered(twice.startUtcMs), end: asEntered(twice.endUtcMs) };
  await wizard.fillTimes(name, { ...times, name: evidence });
  const shown = wizard.dialog.getByText("150 frames, no gaps");
  const hidden = wizard.dialog.getByText("300 frames, no gaps");
  await expect(shown).toBeVisible();
  await expect(wizard.dialog.getByText(/ was recorded twice, .* the later recording is sent/)).toBeVisible();

  const begun = asEntered(hiddenUtcMs).replace(/\.\d+$/, "");
  const choice = wizard.dialog.getByRole("button", {
    name: new RegExp(`^Send the recording that began at ${begun}`),
  });
  await choice.click();
  await expect(hidden).toBeVisible();
  await wizard.button("Send what the archive shows").click();
  await expect(shown).toBeVisible();
  await choice.press("Enter");
  await expect(hidden).toBeVisible();
  await expect(wizard.button("Send what the archive shows")).toBeFocused();

  await wizard.next();
  await wizard.associate("Skip and upload evidence");
  await wizard.next();
  await expect(
    wizard.dialog.getByText(new RegExp(`^Only the recording that began at ${begun}`)),
  ).toBeVisible();
  await wizard.finish();
  const investigator = await Investigator.signIn(await serviceAddress(siteDir));
  expect(await framesShown(investigator, await availableEvidence(investigator, evidence))).toHaveLength(300);
  // The console knows it as well: whoever comes next finds no export under way.
  await screens.tray.open();
  await screens.tray.exports.newest.isAvailable();
});
