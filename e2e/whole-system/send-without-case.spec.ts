import { expect, test } from "../fixture/test.ts";
import { availableEvidence, expectExactFrames } from "../proof/consolidated-video.ts";
import { Investigator } from "../proof/investigator.ts";
import { asEntered, pastFootageEndUtcMs, serviceAddress } from "../proof/site-facts.ts";

test("evidence can be uploaded without a case", async ({ screens, siteDir }) => {
  const startUtcMs = (await pastFootageEndUtcMs(siteDir)) - 15 * 60_000 + 4_700;
  const range = { startUtcMs, endUtcMs: startUtcMs + 12_400 };
  const name = `No case ${Date.now()}`;
  const camera = "Lobby entrance";

  await screens.logOn.logOn("operator", "operator");
  await screens.canvas.tile(1).select();
  await screens.areaView.open(camera);
  await screens.wizard.openFrom(screens.canvas.tile(1));
  await screens.wizard.next();
  await screens.wizard.fillTimes(camera, {
    name,
    start: asEntered(range.startUtcMs),
    end: asEntered(range.endUtcMs),
  });
  await screens.wizard.next();
  await screens.wizard.associate("Skip and upload evidence");
  await screens.wizard.next();
  await screens.wizard.finish();
  await screens.tray.open();
  await screens.tray.exports.newest.isAvailable();

  const investigator = await Investigator.signIn(await serviceAddress(siteDir));
  const answer = await availableEvidence(investigator, name);
  expect(answer.evidence.caseId).toBeNull();
  await expectExactFrames(investigator, answer, range);
});
