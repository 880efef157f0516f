import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { startFaultProxy, type Treatment } from "#proofs/fault-proxy/fault-proxy.ts";
import { hasOpenssl, TestAuthority } from "#proofs/private-authority/authority.ts";
import { startConsole } from "../fixture/console.ts";
import { prepareService, startService } from "../fixture/evidence-service.ts";
import { expect, test } from "../fixture/test.ts";
import { availableEvidence } from "../proof/consolidated-video.ts";
import { closeEachWay } from "../proof/overlay-walk.ts";
import { Investigator } from "../proof/investigator.ts";
import { openSummary } from "../proof/open-summary.ts";
import { serviceAddress } from "../proof/site-facts.ts";
import { type Screens, screensOf } from "../screen-objects/screens.ts";

/** So slow that the export is under way for as long as the administrator thinks about it. */
const CAP_MBIT_PER_SECOND = "1";
/** What the service answers, with the time of a clock that is ahead of this computer's. */
const tenMinutesAhead: Treatment = async (exchange) => {
  const answer = await exchange.forward();
  const date = new Date(Date.now() + 10 * 60_000).toUTCString();
  await exchange.answer({ ...answer, headers: { ...answer.headers, date } });
};

async function capUploads({ settings }: Screens, megabitsPerSecond: string) {
  await settings.field("Bandwidth cap in Mbit/s").fill(megabitsPerSecond);
  await settings.button("Save").click();
  await expect(settings.dialog.getByText("Saved.")).toBeVisible();
}

test("a connection file is tried first, and exports under way end with the account that they were made for", async ({
  siteDir,
}) => {
  test.setTimeout(300_000);
  const serviceFolder = await mkdtemp(join(tmpdir(), "evidence-desk-service-"));
  await prepareService(serviceFolder);
  const service = await startService(serviceFolder);
  const file = await readFile(service.connectionFile, "utf8");
  const { TenantId: account } = JSON.parse(file) as { TenantId: string };
  const desk = await startConsole({ siteDir });
  const screens = screensOf(desk.page);
  const { settings, tray } = screens;
  const name = `Earlier account ${Date.now()}`;
  const question = desk.page.getByRole("alertdialog", { name: "Exports are under way" });
  await screens.logOn.logOn("administrator", "administrator");
  await settings.open();
  await settings.turnTo("Destination");

  await test.step("a file that does not work is refused in words, and nothing changes", async () => {
    await settings.importConnectionFile('{"TenantId":"x"}');
    const refusal = settings.dialog.getByRole("alert");
    await expect(refusal).toContainText('not complete: "DocumentStoreBaseAddresses" is missing');
    await settings.importConnectionFile(file.replaceAll(service.address, "http://127.0.0.1:9"));
    await expect(refusal).toContainText("Logging on to the account did not succeed");
    await expect(refusal).toContainText("Evidence still goes to Embedded evidence service.");
    await settings.importConnectionFile(file.replace(/"(TenantId)": "[^"]+"/, '"$1": "somebody-else"'));
    await expect(refusal).toContainText("Logging on to the account did not succeed");
    await expect(settings.dialog.getByText(await serviceAddress(siteDir))).toBeVisible();
  });

  await test.step("a file that works is imported, and an export is made for it", async () => {
    await settings.importConnectionFile(file);
    await expect(settings.dialog.getByText("The connection file was tried and imported.")).toBeVisible();
    await expect(settings.dialog.getByText("Agrees with the service's")).toBeVisible();
    await capUploads(screens, CAP_MBIT_PER_SECOND);
    await settings.close();
    await openSummary(screens, name, siteDir);
    await screens.wizard.finish();
    await tray.open();
    await expect(tray.exports.newest.card.getByText(/Uploading/).first()).toBeVisible({ timeout: 60_000 });
  });

  await test.step("while it is under way, the administrator is asked what becomes of it", async () => {
    await settings.open();
    await settings.turnTo("Destination");
    await settings.button("Use the embedded service").click();
    await expect(question).toContainText(account);
    await expect(question).toContainText(/Left to send[\d.]+ [kMG]B/);
    await expect(question.getByRole("button", { name: "Change nothing" })).toBeFocused();
    await desk.page.keyboard.press("Escape");
    await expect(question).toBeHidden();
    await closeEachWay(desk.page, {
      ...{ source: "", name: "Exports are under way", key: "Enter", overlay: question },
      opener: settings.button("Use the embedded service"),
      ways: ["Escape", question.getByRole("button", { name: "Change nothing" })],
    });
    await expect(settings.dialog.getByText("Imported connection file")).toBeVisible();
    await settings.button("Use the embedded service").click();
    await settings.confirm("Let them end there");
    await expect(settings.dialog.getByText("Evidence goes to the embedded service.")).toBeVisible();
    await expect(
      settings.dialog.getByText(/until the exports that were made for it have ended/),
    ).toContainText(account);
    await capUploads(screens, "");
    await settings.close();
  });

  await test.step("it ends with its own account, which is forgotten then", async () => {
    await tray.open();
    const { card } = tray.exports.newest;
    await tray.exports.newest.isAvailable(120_000);
    await expect(card).toContainText(account);
    await availableEvidence(await Investigator.signIn(service.address), name);
    await settings.open();
    await settings.turnTo("Destination");
    await settings.button("Test connection").click();
    await expect(settings.dialog.getByText(/gave its key, departments and cases/)).toBeVisible();
    await expect(settings.dialog.getByText(account)).toBeHidden();
  });

  await test.step("authorities and the proxy's log-on are checked when they are entered", async () => {
    await settings.turnTo("Network");
    await settings.field("Proxy address").fill("http://desk:s%40cret@proxy.example:3128");
    await settings.button("Save proxy").click();
    await expect(settings.field("Proxy address")).toHaveValue("http://proxy.example:3128");
    await expect(settings.field("Proxy user")).toHaveValue("desk");
    await expect(settings.field("Proxy password")).toHaveValue("");
    await settings.field("Proxy address").fill("");
    await settings.field("Proxy user").fill("");
    await settings.button("Save proxy").click();
    await expect(settings.field("Proxy password")).toHaveAttribute("placeholder", "");
    if (await hasOpenssl()) await addAndRemoveAuthority(desk.page, screens, serviceFolder);
  });

  await service.kill();
  const late = await startFaultProxy(tenMinutesAhead, new URL(service.address).host);
  const ahead = await startService(serviceFolder, late.url);

  await test.step("a clock that is wrong is said with its size, in the settings and before Finish", async () => {
    await settings.turnTo("Destination");
    await settings.importConnectionFile(await readFile(ahead.connectionFile, "utf8"));
    await expect(
      settings.dialog.getByText(/This computer's is (10 min|9 min 5\d s)( \d s)? behind/),
    ).toBeVisible();
    await settings.close();
    await desk.page.keyboard.press("Escape");
    await openSummary(screens, `${name}, late`, siteDir);
    await expect(
      screens.wizard.dialog.getByText(/clock is (10 min|9 min 5\d s)( \d s)? behind/),
    ).toBeVisible();
    await screens.wizard.discard();
  });

  await settings.open();
  await settings.turnTo("Destination");
  await settings.button("Use the embedded service").click();
  await expect(settings.dialog.getByText("Evidence goes to the embedded service.")).toBeVisible();
  await desk.close();
  await ahead.kill();
  await late.close();
  await rm(serviceFolder, { recursive: true, force: true });
});

async function addAndRemoveAuthority(page: Page, { settings }: Screens, folder: string): Promise<void> {
  const authority = await TestAuthority.make(join(folder, "authority"), "Harbour Authority");
  const { cert } = await authority.issue({ names: ["DNS:camera.example"] });
  const choose = async (pem: string) => {
    const path = join(folder, "chosen.pem");
    await writeFile(path, pem);
    // By the button: a file that has changed since it was chosen is another only once it is asked for anew.
    const asked = page.waitForEvent("filechooser");
    await settings.button("Add an authority").click();
    await (await asked).setFiles(path);
  };
  await choose(cert);
  await expect(settings.dialog.getByRole("alert")).toContainText(
    "The certificate of “camera.example” is not that of an authority.",
  );
  await choose(authority.pem);
  await expect(settings.dialog.getByText("Harbour Authority", { exact: true })).toBeVisible();
  await settings.button("Remove Harbour Authority").click();
  await expect(settings.dialog.getByText("“Harbour Authority” is not trusted any more.")).toBeVisible();
}
