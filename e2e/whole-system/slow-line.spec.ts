import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { changeRows } from "#evidence-service/testing/rows.ts";
import { prepareService, startService } from "../fixture/evidence-service.ts";
import { expect, test } from "../fixture/test.ts";
import { asEntered, pastFootageEndUtcMs } from "../proof/site-facts.ts";
import type { Screens } from "../screen-objects/screens.ts";

const CAMERA = "Fence east";
const RANGE_MS = 20 * 60_000;
const DAY_MS = 24 * 3_600_000;
/** 125 kB/s. */
const ONE_MBIT = "1";

async function configure(
  { settings }: Screens,
  fields: Readonly<Record<string, string>>,
  outcome: string | RegExp = "Saved.",
): Promise<void> {
  await settings.open();
  await settings.turnTo("Destination");
  for (const [label, text] of Object.entries(fields)) await settings.field(label).fill(text);
  await settings.button("Save").click();
  await expect(settings.dialog.getByText(outcome)).toBeVisible({ timeout: 30_000 });
}

/** Up to the last step. */
async function fillWizard({ canvas, areaView, wizard }: Screens, startUtcMs: number, name: string) {
  await canvas.tile(1).select();
  await areaView.open(CAMERA);
  await wizard.openFrom(canvas.tile(1));
  await wizard.next();
  const [start, end] = [asEntered(startUtcMs), asEntered(startUtcMs + RANGE_MS)];
  await wizard.fillTimes(CAMERA, { name, start, end });
  await wizard.next();
  await wizard.associate("Skip and upload evidence");
  await wizard.next();
}

async function leaveWizard({ wizard }: Screens): Promise<void> {
  await wizard.button("Cancel").click();
  await wizard.dialog.page().getByRole("button", { name: "Discard", exact: true }).click();
  await wizard.dialog.waitFor({ state: "hidden" });
}

/** As if a day had passed since each evidence was created that is not complete. */
async function letADayPass(serviceFolder: string): Promise<void> {
  // As if the service had looked for a day and nothing had come since what is there now.
  const arrived = `SELECT coalesce(sum(blockList.lengthBytes), 0) FROM blockList JOIN resource ON resourceId = blobName
    WHERE evidenceId = e.evidenceId AND resource.state = 'Created' AND blockList.state <> 'Unused'`;
  const files = (which: string): string =>
    `(SELECT count(*) FROM resource WHERE evidenceId = e.evidenceId ${which})`;
  const progress = `${files("")} || ' files, ' || ${files("AND state = 'Created'")} || ' of them arriving, '
    || (${arrived}) || ' bytes'`;
  await changeRows(serviceFolder, "DELETE FROM receiving");
  await changeRows(
    serviceFolder,
    `INSERT INTO receiving SELECT evidenceId, ${progress}, ${DAY_MS}, 0 FROM evidence e
      WHERE lifecycleState = 'Receiving'`,
  );
}

function spoolFilesIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.includes(".enc"));
}

test("over a slow line: the spool's folder changes, the estimate and the rate are the line's, a purge is told", async ({
  desk,
  screens,
  siteDir,
}, testInfo) => {
  test.setTimeout(300_000);
  const { settings, tray, wizard } = screens;
  const picture = (name: string) => desk.page.screenshot({ path: testInfo.outputPath(`${name}.png`) });
  const root = await mkdtemp(join(tmpdir(), "evidence-desk-slow-line-"));
  const [serviceFolder, first, second] = [join(root, "service"), join(root, "first"), join(root, "second")];
  await prepareService(serviceFolder);
  let service = await startService(serviceFolder);
  const startUtcMs = (await pastFootageEndUtcMs(siteDir)) - RANGE_MS - 40 * 60_000;
  const name = `Slow line ${Date.now()}`;
  const card = tray.exports.newest;

  await test.step("a folder that cannot be the spool's is refused, and nothing is saved", async () => {
    await screens.logOn.logOn("administrator", "administrator");
    await settings.open();
    await settings.turnTo("Destination");
    await settings.importConnectionFile(await readFile(service.connectionFile, "utf8"));
    await expect(settings.dialog.getByText("The connection file was tried and imported.")).toBeVisible();
    await settings.close();
    const file = join(root, "a file");
    writeFileSync(file, "");
    await configure(
      screens,
      { "Spool folder": join(file, "spool"), "Spool quota in GB": "7" },
      /A file is where/,
    );
    await expect(settings.dialog.getByText("Nothing has been changed.")).toBeInViewport();
    await picture("refused-folder");
    await settings.close();
    await settings.open();
    await settings.turnTo("Destination");
    await expect(settings.field("Spool quota in GB")).toHaveValue("20");
    await settings.close();
  });

  await test.step("another is made, for this user alone, and what has never been measured is said so", async () => {
    await configure(screens, { "Spool folder": first, "Bandwidth cap in Mbit/s": ONE_MBIT });
    expect(statSync(first).mode & 0o777).toBe(0o700);
    await settings.close();
    await fillWizard(screens, startUtcMs, name);
    await expect(wizard.dialog.getByText(/Not known yet how long/)).toBeVisible();
    await picture("estimate-unknown");
    await wizard.finish();
  });

  await test.step("the rate is the line's", async () => {
    await tray.open();
    await expect(card.card.getByText(/Uploading/).first()).toBeVisible({ timeout: 60_000 });
    await expect
      .poll(async () => Number(/(\d+(?:\.\d)?) kB\/s/.exec(await card.card.innerText())?.[1] ?? 0), {
        timeout: 60_000,
      })
      .toBeGreaterThan(100);
    await picture("rate");
  });

  await test.step("parts that wait stay in their folder though another is chosen, and count as in use", async () => {
    expect(spoolFilesIn(first)).toHaveLength(1);
    await configure(screens, { "Spool folder": second });
    await expect(settings.dialog.getByText(/of which .* in .*first until they are sent/)).toBeVisible();
    await settings.dialog.getByText(/until they are sent/).scrollIntoViewIfNeeded();
    await picture("two-folders");
    await settings.close();
  });

  await test.step("an evidence that the service would purge is said before Finish", async () => {
    await configure(screens, { "Bandwidth cap in Mbit/s": "0.001" });
    await settings.close();
    await fillWizard(screens, startUtcMs - RANGE_MS, "Never sent");
    await expect(wizard.dialog.getByText(/queued before it/)).toBeVisible();
    const warning = wizard.dialog.getByText(/removes evidence that is not complete 24 hours after Finish/);
    await expect(warning).toBeVisible();
    await picture("purge-warning");
    await leaveWizard(screens);
  });

  await test.step("what the service has purged is sent anew, from where it lies, and the card says why", async () => {
    await service.kill();
    await letADayPass(serviceFolder);
    service = await startService(serviceFolder);
    await configure(screens, { "Bandwidth cap in Mbit/s": "" });
    await settings.close();
    await tray.open();
    await card.isAvailable(180_000);
    await expect(card.card.getByText(/Once, at .* no longer had the evidence/)).toBeVisible();
    await picture("sent-anew");
    await expect.poll(() => spoolFilesIn(first)).toEqual([]);
    expect(existsSync(second)).toBe(true);
  });

  await test.step("the measured line is known to the next export", async () => {
    await fillWizard(screens, startUtcMs - RANGE_MS, "Never sent");
    await expect(wizard.dialog.getByText(/ as measured \d{4}-/)).toBeVisible();
    await picture("estimate-known");
    await leaveWizard(screens);
  });

  await settings.open();
  await settings.turnTo("Destination");
  await expect(settings.dialog.getByText(/until they are sent/)).toHaveCount(0);
  await settings.close();
  await configure(screens, { "Spool folder": join(siteDir, "console", "spool") });
  await settings.button("Use the embedded service").click();
  await expect(settings.dialog.getByText("Embedded evidence service")).toBeVisible();
  await service.kill();
  await rm(root, { recursive: true, force: true });
});
