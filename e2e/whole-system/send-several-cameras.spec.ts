import { expect, test } from "../fixture/test.ts";
import {
  availableEvidence,
  expectExactFrames,
  expectStoredAsJournalled,
  sentVideos,
} from "../proof/consolidated-video.ts";
import { Investigator } from "../proof/investigator.ts";
import { asEntered, pastFootageEndUtcMs, serviceAddress } from "../proof/site-facts.ts";

/** No gap lies in the last 40 minutes of the first, nor in 75 minutes of the third. */
const CAMERAS = ["Lobby entrance", "Fence east", "Car park north"] as const;

test("three cameras from the tiles, times synced, one of them 61 minutes, to a new case", async ({
  screens,
  siteDir,
}) => {
  test.setTimeout(300_000);
  const endUtcMs = (await pastFootageEndUtcMs(siteDir)) - 10 * 60_000 + 200;
  const short = { startUtcMs: endUtcMs - 30_000, endUtcMs };
  const long = { startUtcMs: endUtcMs - 61 * 60_000, endUtcMs };
  const mark = Date.now();
  const nameOf = (camera: string) => `${camera} ${mark}`;
  const { wizard, canvas, areaView } = screens;

  await screens.logOn.logOn("operator", "operator");
  await test.step("three cameras in the tiles", async () => {
    for (const [index, camera] of CAMERAS.entries()) {
      await canvas.tile(index + 1).select();
      await areaView.open(camera);
      await expect(canvas.tile(index + 1).element).toHaveAccessibleName(
        new RegExp(`Tile ${index + 1} – ${camera}`),
      );
    }
    await canvas.tile(4).choose("Remove from tile");
  });

  await test.step("add all, sync, then one of 61 minutes", async () => {
    await wizard.openFrom(canvas.tile(1));
    await wizard.addAllCamerasInTiles();
    for (const camera of CAMERAS) await expect(wizard.cameraRow(camera)).toBeVisible();
    await wizard.next();
    const [first, , last] = CAMERAS;
    await wizard.fillTimes(first, { start: asEntered(short.startUtcMs), end: asEntered(short.endUtcMs) });
    await wizard.syncTimes(first, last);
    for (const camera of CAMERAS) {
      await expect(wizard.timesField(camera, "Start")).toHaveValue(asEntered(short.startUtcMs));
      await expect(wizard.timesField(camera, "End")).toHaveValue(asEntered(short.endUtcMs));
      await wizard.fillTimes(camera, { name: nameOf(camera), description: "Seen from the control room" });
    }
    await wizard.fillTimes(last, { start: asEntered(long.startUtcMs) });
    await wizard.next();
  });

  const caseName = `Three cameras ${mark}`;
  await test.step("a new case with department, category and fields", async () => {
    await wizard.associate("Create a new case");
    await wizard.next();
    await wizard.fillCaseField("Case name", caseName);
    await wizard.chooseInCase("Department", "Patrol");
    await wizard.chooseInCase("Category", "Theft");
    await wizard.fillCaseField("Report number", "R 2026-17");
    await wizard.fillCaseField("Officer in charge", "Officer Example");
    await wizard.next();
    await wizard.finish();
  });

  await screens.tray.open();
  await screens.tray.exports.newest.isAvailable();
  const investigator = await Investigator.signIn(await serviceAddress(siteDir));
  for (const [camera, range] of [
    [CAMERAS[0], short],
    [CAMERAS[1], short],
    [CAMERAS[2], long],
  ] as const) {
    const answer = await availableEvidence(investigator, nameOf(camera));
    expect(answer.evidence.caseName).toBe(caseName);
    expect(sentVideos(answer)).toHaveLength(range === long ? 2 : 1);
    await expectExactFrames(investigator, answer, range);
    await expectStoredAsJournalled(siteDir, investigator, answer);
  }
});
