import { existsSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { generateKeyPairSync } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publishUpdate } from "#dev/packaging/signed-update.ts";
import { startConsole } from "../fixture/console.ts";
import { expect, test } from "../fixture/test.ts";
import { asEntered, pastFootageEndUtcMs } from "../proof/site-facts.ts";
import { capUploads } from "../proof/cap-uploads.ts";
import { type Screens, screensOf } from "../screen-objects/screens.ts";

const CAMERA = "Fence east";
const NOTES = "Tiles start faster.\nFor everybody who watches many cameras.";

let folder: string;

test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "evidence-desk-update-"));
});
test.afterEach(() => rm(folder, { recursive: true, force: true }));

test("an update that an administrator's folder offers takes the console's place on a press, and exports go on", async ({
  siteDir,
}) => {
  test.setTimeout(180_000);
  const place = join(folder, "place");
  const running = join(folder, "Evidence Desk.AppImage");
  const mark = join(folder, "started");
  const env = {
    ...(await publishedIn(place, mark)),
    APPIMAGE: running,
    XDG_CACHE_HOME: join(folder, "cache"),
  };
  await writeFile(running, "the version that runs");
  const desk = await startConsole({ siteDir, env });
  const screens = screensOf(desk.page);
  const { settings } = screens;

  await screens.logOn.logOn("administrator", "administrator");
  await capUploads(screens, "0.1");
  await sendSomething(screens, await pastFootageEndUtcMs(siteDir));
  await settings.open();
  await settings.turnTo("Updates");
  await settings.field("Place for updates").fill(place);
  await settings.button("Save place").click();
  await expect(settings.dialog.getByText("Version 9.0.0 is offered.")).toBeVisible();
  await expect(settings.dialog.getByText("Tiles start faster.")).toBeVisible();
  expect(await readFile(running, "utf8")).toBe("the version that runs");

  await settings.button("Install version 9.0.0").click();
  await expect(settings.dialog.getByText("Exports are under way.")).toBeVisible();
  if (process.env["EVIDENCE_DESK_SCREENSHOTS"])
    await desk.page.screenshot({ path: `test-results/update-${desk.runtime}.png` });
  await settings.button("Install all the same").click();
  if (desk.runtime === "electron") {
    await expect.poll(() => existsSync(mark), { timeout: 60_000 }).toBe(true);
    // The new one is told of the site, and the old one ends.
    expect(await readFile(mark, "utf8")).toBe(`${siteDir} \n`);
    await expect.poll(() => isRunning(desk.pid)).toBe(false);
    expect(await readFile(running, "utf8")).toContain("#!/bin/sh");
    expect(existsSync(`${running}.before-update`)).toBe(false);
  } else {
    await expect(settings.dialog.getByText("This console was not installed from a package")).toBeVisible();
  }
  await desk.close();

  const again = await startConsole({ siteDir, env });
  const after = screensOf(again.page);
  await after.logOn.logOn("administrator", "administrator");
  await capUploads(after, "");
  await after.tray.open();
  await after.tray.exports.newest.isAvailable();
  await after.settings.open();
  await after.settings.turnTo("Updates");
  if (again.runtime === "electron")
    await expect(after.settings.dialog.getByText("Version 9.0.0 was to be installed")).toBeVisible();
  await after.settings.field("Place for updates").fill("");
  await after.settings.button("Save place").click();
  await expect(after.settings.dialog.getByText("Saved.")).toBeVisible();
  await again.close();
});

/** A version to come, of a publisher of our own; it says where it was started. @returns what makes a console know the key */
async function publishedIn(place: string, mark: string): Promise<{ EVIDENCE_DESK_UPDATE_KEY: string }> {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519", {
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const keyFile = join(folder, "publisher.pem");
  await writeFile(keyFile, publicKey);
  const newer = join(folder, "newer.AppImage");
  // Whole or not there, as somebody waits for it.
  await writeFile(
    newer,
    `#!/bin/sh\necho "$EVIDENCE_DESK_SITE $*" > "${mark}.part" && mv "${mark}.part" "${mark}"\n`,
  );
  await chmod(newer, 0o755);
  await publishUpdate({
    ...{ place, privateKeyPem: privateKey, version: "9.0.0", notes: NOTES, packages: [newer] },
    releasedUtcMs: Date.UTC(2026, 10, 28, 9),
  });
  return { EVIDENCE_DESK_UPDATE_KEY: keyFile };
}

async function sendSomething({ canvas, areaView, wizard }: Screens, footageEndUtcMs: number): Promise<void> {
  const startUtcMs = footageEndUtcMs - 15 * 60_000;
  await canvas.tile(1).select();
  await areaView.open(CAMERA);
  await wizard.openFrom(canvas.tile(1));
  await wizard.next();
  await wizard.fillTimes(CAMERA, { start: asEntered(startUtcMs), end: asEntered(startUtcMs + 60_000) });
  await wizard.next();
  await wizard.associate("Skip and upload evidence");
  await wizard.next();
  await wizard.finish();
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
