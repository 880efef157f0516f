import { expect, test } from "../fixture/test.ts";
import { asEntered, pastFootageEndUtcMs } from "../proof/site-facts.ts";

const DAY_MS = 24 * 3_600_000;
const SENTENCE = "Export range for g64 must be shorter than 1 days";
const CAMERA = "Gate at night";
const OTHER = "Lobby entrance";

test.beforeEach(async ({ screens }) => {
  await screens.logOn.logOn("operator", "operator");
  await screens.canvas.tile(1).select();
  await screens.areaView.open(CAMERA);
  await screens.wizard.openFrom(screens.canvas.tile(1));
});

test("24 hours pass, 24 hours and one millisecond are refused with the sentence", async ({
  screens,
  siteDir,
}) => {
  const { wizard } = screens;
  const startUtcMs = (await pastFootageEndUtcMs(siteDir)) - 25 * 3_600_000;
  await wizard.next();
  await wizard.fillTimes(CAMERA, { start: asEntered(startUtcMs), end: asEntered(startUtcMs + DAY_MS) });
  await expect(wizard.dialog.getByText(SENTENCE)).toHaveCount(0);
  await expect(wizard.button("Next")).toBeEnabled();

  await wizard.fillTimes(CAMERA, { end: asEntered(startUtcMs + DAY_MS + 1) });
  await expect(wizard.dialog.getByText(SENTENCE, { exact: true }).first()).toBeVisible();

  await wizard.fillTimes(CAMERA, { end: asEntered(startUtcMs + DAY_MS) });
  await expect(wizard.dialog.getByText(SENTENCE)).toHaveCount(0);
  await wizard.next();
  await expect(wizard.dialog.getByRole("radio", { name: "Skip and upload evidence" })).toBeVisible();
});

test("a second range of the same camera is refused, saying that a new export is needed", async ({
  screens,
}) => {
  const { wizard } = screens;
  await wizard.button("Add cameras").click();
  const dialog = wizard.addCamerasDialog;
  await expect(dialog.getByText(/already in this export.*new export/)).toBeVisible();
  const present = dialog.getByRole("option", { name: new RegExp(CAMERA) });
  await expect(present).toHaveAttribute("aria-disabled", "true");
  await expect(present).toHaveAttribute("aria-selected", "true");
  await expect(present).toContainText("In this export");
  await dialog.getByRole("button", { name: "Cancel", exact: true }).click();
  // Beside another camera that can be added, it is left as it is.
  await expect(wizard.addCameras(OTHER, "No such camera")).rejects.toThrow('called "No such camera"');
  await expect(wizard.cameraRow(OTHER)).toHaveCount(0);
  expect(await wizard.addCameras(CAMERA, OTHER, OTHER)).toEqual({ added: [OTHER], alreadyIn: [CAMERA] });
  await expect(wizard.cameraRow(CAMERA)).toHaveCount(1);
  await expect(wizard.cameraRow(OTHER)).toHaveCount(1);
  await expect(wizard.dialog.getByText("1 camera was added.")).toBeVisible();
  expect(await wizard.addCameras(CAMERA)).toEqual({ added: [], alreadyIn: [CAMERA] });
});
