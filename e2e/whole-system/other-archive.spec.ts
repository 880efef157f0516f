import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { hasOpenssl, TestAuthority } from "#proofs/private-authority/authority.ts";
import { startTlsFront, type TlsFront } from "#proofs/private-authority/tls-front.ts";
import { startConsole } from "../fixture/console.ts";
import { copyCamera, startArchive } from "../fixture/other-archive.ts";
import { expect, makeDemoSite, removeDemoSite, test } from "../fixture/test.ts";
import { closeEachWay } from "../proof/overlay-walk.ts";
import { outOfReach } from "../proof/in-reach.ts";
import { screensOf } from "../screen-objects/screens.ts";

const CAMERA = "North quay";
const NAME = "Archive of the harbour";
const TOKEN = "the-harbours-token";
const AUTHORITY = "Harbour Authority";

// The console watches another archive: a site of its own.
test("an administrator adds an archive, which is tried before it is kept, and footage comes from it", async () => {
  test.setTimeout(240_000);
  const siteDir = await makeDemoSite();
  const archiveFolder = join(siteDir, "..", "harbour");
  await copyCamera(siteDir, "lobby-entrance", archiveFolder, CAMERA);
  const desk = await startConsole({ siteDir });
  const { page } = desk;
  const archive = await startArchive(archiveFolder, TOKEN, await page.evaluate(() => location.origin));
  const front = await frontOf(archive.address, join(siteDir, "..", "authority"), page);
  const other = { ...archive, address: front?.address ?? archive.address };
  const screens = screensOf(page);
  const { settings, areaView, canvas } = screens;
  const part = (name: string) => settings.dialog.getByRole("region", { name, exact: true });

  await screens.logOn.logOn("administrator", "administrator");
  await expect(areaView.camera("Lobby entrance")).toBeVisible();
  await settings.open();
  if (front !== null) {
    await settings.turnTo("Network");
    await settings.dialog.locator('input[type="file"]').setInputFiles(front.authorityFile);
    await expect(settings.dialog.getByText(AUTHORITY, { exact: true })).toBeVisible();
  }
  await settings.turnTo("Site");
  await settings.button("Add an archive").click();
  const entry = page.getByRole("dialog", { name: "Add an archive", exact: true });
  const save = entry.getByRole("button", { name: "Try and save", exact: true });
  await entry.getByLabel("Name", { exact: true }).fill(NAME);
  await entry.getByLabel("Address", { exact: true }).fill(other.address);
  await entry.getByLabel("Token", { exact: true }).fill("wrong");
  expect(await outOfReach(page)).toEqual([]);
  await save.click();
  await expect(entry.getByText("The archive does not take this token.")).toBeVisible();
  await entry.getByLabel("Token", { exact: true }).fill(TOKEN);
  await save.click();
  await expect(entry).toBeHidden();
  await expect(part(NAME)).toContainText(/Running.*1, of them 1 recorded/s);

  await settings.button(`Edit ${NAME}`).click();
  const edited = page.getByRole("dialog", { name: `Edit ${NAME}`, exact: true });
  await edited.getByLabel("Name", { exact: true }).fill("Harbour");
  await edited.getByRole("button", { name: "Try and save", exact: true }).click();
  await expect(part("Harbour")).toBeVisible();

  const question = page.getByRole("alertdialog");
  for (const verb of ["Use", "Remove"]) {
    await closeEachWay(page, {
      ...{ source: "", name: verb, key: "Enter", opener: settings.button(`${verb} Harbour`) },
      ...{ overlay: question, ways: ["Escape", question.getByRole("button", { name: "Cancel" })] },
    });
  }
  await settings.button("Use Harbour").click();
  const reloaded = page.waitForEvent("load");
  await settings.confirm("Use");
  await reloaded;
  await expect(areaView.camera(CAMERA)).toBeVisible();
  await expect(areaView.camera("Lobby entrance")).toHaveCount(0);
  await canvas.tile(1).select();
  await areaView.open(CAMERA);
  await canvas.tile(1).isPlaying();
  // Frame by frame, also from another computer.
  await expect(canvas.tile(1).badge).toHaveText("Live", { timeout: 30_000 });
  if (front !== null)
    expect(front.tls.passed).toEqual(
      expect.arrayContaining(["GET /live", expect.stringMatching(/^PUT \/live\/[^/]+\/cameras$/)]),
    );

  // Back to the console's own; what is not used any more can leave the list.
  await settings.open();
  await settings.turnTo("Site");
  await expect(settings.button("Remove Harbour")).toHaveCount(0);
  await settings.button("Use Archive of this console").click();
  const reloadedAgain = page.waitForEvent("load");
  await settings.confirm("Use");
  await reloadedAgain;
  await expect(areaView.camera("Lobby entrance")).toBeVisible();
  await settings.open();
  await settings.turnTo("Site");
  await settings.button("Remove Harbour").click();
  await settings.confirm("Remove");
  await expect(part("Harbour")).toHaveCount(0);

  await desk.close();
  await front?.tls.close();
  await other.stop();
  await removeDemoSite(siteDir);
});

interface Front {
  readonly tls: TlsFront;
  readonly address: string;
  readonly authorityFile: string;
}

/** TLS with a certificate of an authority of its own, as another computer has it; null where there is no openssl. */
async function frontOf(archive: string, folder: string, page: Page): Promise<Front | null> {
  if (!(await hasOpenssl())) return null;
  const authority = await TestAuthority.make(folder, AUTHORITY);
  const tls = await startTlsFront(await authority.issue({ names: ["DNS:localhost"] }));
  tls.forwardTo(archive);
  const authorityFile = join(folder, "chosen.pem");
  await writeFile(authorityFile, authority.pem);
  // What the console trusts is chosen in its settings; the page trusts what the system does.
  const session = await page.context().newCDPSession(page);
  await session.send("Security.setIgnoreCertificateErrors", { ignore: true });
  return { tls, address: `https://localhost:${tls.port}`, authorityFile };
}
