import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startConsole } from "../fixture/console.ts";
import { startToItsEnd } from "../fixture/second-start.ts";
import { expect, test } from "../fixture/test.ts";
import { screensOf } from "../screen-objects/screens.ts";

test("what a desktop hands over is asked about, and a start at log-on is what the desktop has of it", async ({
  siteDir,
}) => {
  test.setTimeout(120_000);
  const folder = await mkdtemp(join(tmpdir(), "evidence-desk-habits-"));
  const config = join(folder, "config");
  const desk = await startConsole({ siteDir, env: { XDG_CONFIG_HOME: config } });
  const screens = screensOf(desk.page);
  const { settings } = screens;
  const broken = join(folder, "broken.json");
  await writeFile(broken, '{"TenantId":"x"}');
  // As good as any other, and there: the embedded service's own.
  const good = join(siteDir, "evidence-service", "console.evidence-connection");
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
      "console.evidence-connection was not opened: only an administrator may import a connection file.",
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

  await test.step("a start at log-on is an entry of the desktop that starts the console on this site", async () => {
    test.skip(process.platform !== "linux", "elsewhere it is kept by the system itself");
    const autostart = join(config, "autostart");
    const entries = () => readdir(autostart).catch(() => []);
    const box = settings.dialog.getByRole("checkbox", {
      name: /^Start Evidence Desk on this site at log-on/,
    });
    await settings.turnTo("Site");
    await expect(box).not.toBeChecked();
    await box.press("Space");
    await expect(box).toBeChecked();
    const [name = ""] = await entries();
    await expect(settings.dialog.getByText(`The desktop starts it: ${join(autostart, name)}`)).toBeVisible();
    if (process.env["EVIDENCE_DESK_SCREENSHOTS"])
      await desk.page.screenshot({ path: "test-results/start-at-log-on.png" });
    const entry = await readFile(join(autostart, name), "utf8");
    expect(await runLine(/^Exec=(.*)$/m.exec(entry)?.[1] ?? "")).toContain("is open already on this site.");

    await rm(join(autostart, name));
    await expect(box).not.toBeChecked();
    await box.press("Space");
    await expect(box).toBeChecked();
    await box.press("Space");
    await expect(box).not.toBeChecked();
    expect(await entries()).toEqual([]);
    await settings.turnTo("Destination");
  });

  await settings.button("Use the embedded service").click();
  await expect(settings.dialog.getByText("Evidence goes to the embedded service.")).toBeVisible();
  await desk.close();
  await rm(folder, { recursive: true });
});

/** A line `Exec` as a desktop runs it, and what it says before it ends. */
async function runLine(exec: string): Promise<string> {
  const command = exec.replaceAll("\\\\", "\\").replaceAll("%%", "%");
  const env = { ...process.env, EVIDENCE_DESK_HEADLESS: "1" };
  return await new Promise((resolve) => {
    execFile("sh", ["-c", command], { env, timeout: 60_000 }, (_error, _stdout, stderr) => resolve(stderr));
  });
}
