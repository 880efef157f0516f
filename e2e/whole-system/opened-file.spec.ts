import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startToItsEnd } from "../fixture/second-start.ts";
import { expect, test } from "../fixture/test.ts";

test("a connection file that is opened while the console runs is asked about, and changes nothing by itself", async ({
  desk,
  screens,
  siteDir,
}) => {
  test.setTimeout(120_000);
  const { settings } = screens;
  const folder = await mkdtemp(join(tmpdir(), "evidence-desk-opened-"));
  const broken = join(folder, "broken.json");
  await writeFile(broken, '{"TenantId":"x"}');
  // As good as any other, and there: the embedded service's own.
  const good = join(siteDir, "evidence-service", "connection.json");
  const question = desk.page.getByRole("group", { name: "Opened connection file" });
  const nothing = question.getByRole("button", { name: "Change nothing" });
  const open = async (path: string) =>
    expect(await startToItsEnd(`--site=${siteDir}`, path)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("Evidence Desk is open already on this site."),
    });

  await test.step("words that ask for no window are answered without one", async () => {
    expect(await startToItsEnd("--help")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Usage: evidence-desk [options] [connection file]"),
    });
    expect(await startToItsEnd(`--site=${siteDir}`, "--windowless")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("The console has no option --windowless."),
    });
  });

  await test.step("who may not import it is told so, and nobody is asked about it later", async () => {
    await open(good);
    await screens.logOn.logOn("operator", "operator");
    const told = desk.page.getByText(
      "connection.json was not opened: only an administrator may import a connection file.",
    );
    await expect(told).toBeVisible();
    await desk.page.getByRole("button", { name: "Log off" }).click();
    await screens.logOn.logOn("administrator", "administrator");
    await expect(screens.canvas.tile(1).element).toBeVisible();
    await expect(settings.dialog).toBeHidden();
  });

  await test.step("one that is none is refused in words", async () => {
    await open(broken);
    await expect(question).toContainText("broken.json was opened with the console.");
    await expect(question.getByRole("alert")).toContainText(
      'This connection file is not complete: "DocumentStoreBaseAddresses" is missing.',
    );
    await expect(question.getByRole("button", { name: "Import this file" })).toHaveCount(0);
    await expect(nothing).toBeFocused();
    await desk.page.keyboard.press("Escape");
    await expect(settings.dialog).toBeHidden();
    await settings.open();
    await expect(question).toBeHidden();
  });

  await test.step("one that can be read is imported when that is asked for, from whatever page of the settings", async () => {
    await settings.turnTo("Cameras");
    await open(good);
    await expect(nothing).toBeFocused();
    if (process.env["EVIDENCE_DESK_SCREENSHOTS"])
      await desk.page.screenshot({ path: "test-results/opened-file.png" });
    await desk.page.keyboard.press("Enter");
    await expect(question).toBeHidden();
    await expect(settings.dialog.getByText("Imported connection file")).toBeHidden();
    await open(good);
    await question.getByRole("button", { name: "Import this file" }).click();
    await expect(settings.dialog.getByText("The connection file was tried and imported.")).toBeVisible();
    await expect(settings.dialog.getByText("Imported connection file")).toBeVisible();
    await expect(question).toBeHidden();
  });

  await settings.button("Use the embedded service").click();
  await expect(settings.dialog.getByText("Evidence goes to the embedded service.")).toBeVisible();
  await rm(folder, { recursive: true });
});
