import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { passOn, startFaultProxy, type Treatment } from "#proofs/fault-proxy/fault-proxy.ts";
import { hasOpenssl, TestAuthority } from "#proofs/private-authority/authority.ts";
import { prepareService, startService } from "../fixture/evidence-service.ts";
import { expect, test } from "../fixture/test.ts";
import { KeyboardAlone } from "../proof/keyboard-alone.ts";
import { openSummary, SUMMARY_CAMERA } from "../proof/open-summary.ts";
import { serviceAddress } from "../proof/site-facts.ts";
import type { Screens } from "../screen-objects/screens.ts";

/** For a service that answers at once, behind a machine that is busy. */
const LONG = { timeout: 60_000 };

/** An authority that was in force in 2020: “Old Harbour Authority”. */
const EXPIRED = `-----BEGIN CERTIFICATE-----
MIIBlzCCATygAwIBAgICEAAwCgYIKoZIzj0EAwIwMjEQMA4GA1UECgwHSGFyYm91
cjEeMBwGA1UEAwwVT2xkIEhhcmJvdXIgQXV0aG9yaXR5MB4XDTIwMDEwMTAwMDAw
MFoXDTIxMDEwMTAwMDAwMFowMjEQMA4GA1UECgwHSGFyYm91cjEeMBwGA1UEAwwV
T2xkIEhhcmJvdXIgQXV0aG9yaXR5MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
4fOoG7p24ODNIj/upKxHYGwdITnF0d9TbWP3Ykqy8S1sWOh++8lfzdMC/bkItPyY
r7icTi/reLHxc8kO9qlMyaNCMEAwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8E
BAMCAQYwHQYDVR0OBBYEFC5GlANLxjaXAgCNHozOS69LEKx9MAoGCCqGSM49BAMC
A0kAMEYCIQDGguislbsQ0kuCZ83ipayoSrOSjvElCi07n171jkgfBAIhAICtJhE0
wnDz4nWm1FGsoReYVO53kbVWs0gjR16pO+eC
-----END CERTIFICATE-----
`;

/** The service takes no evidence: somebody has closed the case. */
const closed: Treatment = async (exchange) => {
  const { method, path } = exchange.request;
  if (method !== "POST" || !/\/evidences?$/i.test(path)) return await passOn(exchange);
  const body = Buffer.from(JSON.stringify({ code: "CASE_CLOSED", detail: "The case was closed." }));
  // Without the request's id the console would take it for an answer of somebody in between.
  const { headers: sent } = exchange.request;
  const id = sent[sent.findIndex((each) => each.toLowerCase() === "x-request-id") + 1] ?? "";
  const headers = { "content-type": "application/problem+json", "x-request-id": id };
  await exchange.answer({ status: 409, headers, body });
};

async function send(screens: Screens, siteDir: string, name: string): Promise<void> {
  await openSummary(screens, name, siteDir);
  await screens.wizard.finish();
}

test("by keyboard alone a failed export is tried again, authorities are added and the destination is changed; the focus is never lost", async ({
  desk,
  screens,
  siteDir,
}, testInfo) => {
  test.setTimeout(300_000);
  const { page } = desk;
  const { settings, tray, sidebar } = screens;
  const keyboard = new KeyboardAlone(page);
  const picture = (name: string) => page.screenshot({ path: testInfo.outputPath(`${name}.png`) });
  const folder = await mkdtemp(join(tmpdir(), "evidence-desk-keyboard-"));
  await prepareService(join(folder, "service"));
  const service = await startService(join(folder, "service"));
  const host = new URL(service.address).host;
  await service.kill();
  const line = await startFaultProxy(passOn, host);
  const behindLine = await startService(join(folder, "service"), line.url);
  const connectionFile = join(folder, "city.evidence-connection");
  await writeFile(connectionFile, await readFile(behindLine.connectionFile, "utf8"));
  const alert = settings.dialog.getByRole("alert");
  const question = page.getByRole("alertdialog", { name: "Exports are under way" });
  const openSettings = async (tab: string) => {
    await keyboard.press(page.getByRole("button", { name: "Settings", exact: true }));
    const wanted = settings.dialog.getByRole("tab", { name: tab, exact: true });
    await keyboard.reach(settings.dialog.getByRole("tab", { selected: true }));
    for (let steps = 0; steps < 12 && (await wanted.getAttribute("aria-selected")) !== "true"; steps += 1) {
      await page.keyboard.press("ArrowRight");
    }
    await expect(wanted).toBeFocused();
  };
  const leaveSettings = async () => {
    await page.keyboard.press("Escape");
    await expect(settings.dialog).toBeHidden();
    await expect(page.getByRole("button", { name: "Settings", exact: true })).toBeFocused();
  };
  await screens.logOn.logOn("administrator", "administrator");

  await test.step("a connection file is chosen, and one that is none is refused", async () => {
    await openSettings("Destination");
    const choose = settings.button("Import a connection file");
    const wrong = join(folder, "wrong.json");
    await writeFile(wrong, "not a connection file");
    await keyboard.chooseFile(choose, wrong);
    await expect(alert).toContainText(/connection file/);
    await expect(choose).toBeFocused();
    await picture("connection-refused");
    await keyboard.chooseFile(choose, connectionFile);
    await expect(settings.dialog.getByText("The connection file was tried and imported.")).toBeVisible(LONG);
    await keyboard.isSomewhere();
    await leaveSettings();
  });

  await test.step("in the tray, an export that has failed is tried again", async () => {
    line.treat(closed);
    await send(screens, siteDir, "Tried again from the tray");
    await expect(tray.button).toHaveAccessibleName(/^Notifications: \d+ issues?$/, LONG);
    await keyboard.press(tray.button);
    const { card } = tray.exports.newest;
    await expect(card.getByText(/case/i).first()).toBeVisible();
    await keyboard.reach(tray.exports.newest.button("Retry"));
    await expect(tray.exports.newest.button("Retry")).toHaveAccessibleDescription(SUMMARY_CAMERA);
    await picture("tray-retry");
    // The answer is still the same: it fails once more.
    await page.keyboard.press("Enter");
    await keyboard.isIn(tray.region);
    await expect(tray.exports.newest.button("Retry")).toBeVisible(LONG);
    line.treat(passOn);
    await keyboard.press(tray.exports.newest.button("Retry"));
    await keyboard.isSomewhere();
    await tray.exports.newest.isAvailable();
    await keyboard.isIn(tray.region);
    await picture("tray-available");
    await page.keyboard.press("Escape");
    await expect(tray.button).toBeFocused();
  });

  await test.step("in the pinned sidebar as well", async () => {
    await keyboard.press(tray.button);
    await keyboard.press(tray.region.getByRole("button", { name: "Pin to sidebar", exact: true }));
    await sidebar.region.waitFor();
    await keyboard.isSomewhere();
    line.treat(closed);
    await send(screens, siteDir, "Tried again from the sidebar");
    const retry = sidebar.exports.newest.button("Retry");
    await retry.waitFor(LONG);
    line.treat(passOn);
    await keyboard.press(retry);
    await keyboard.isIn(sidebar.region);
    await picture("sidebar-retried");
    await sidebar.exports.newest.isAvailable();
    await keyboard.isIn(sidebar.region);
    await keyboard.press(sidebar.region.getByRole("button", { name: "Unpin from sidebar", exact: true }));
    await keyboard.isSomewhere();
  });

  await test.step("authorities: a wrong file, one that has expired, and one that is right", async () => {
    if (!(await hasOpenssl())) return;
    const authority = await TestAuthority.make(join(folder, "authority"), "Harbour Authority");
    await openSettings("Network");
    const choose = settings.button("Add an authority");
    const chosen = join(folder, "chosen.pem");
    for (const [content, words] of [
      ["nothing of the kind", /certificate/],
      [EXPIRED, /“Old Harbour Authority” expired on 2021-01-01/],
    ] as const) {
      await writeFile(chosen, content);
      await keyboard.chooseFile(choose, chosen);
      await expect(alert).toContainText(words);
      await expect(alert).toBeInViewport();
      await expect(choose).toBeFocused();
    }
    await picture("authority-expired");
    await writeFile(chosen, authority.pem);
    await keyboard.chooseFile(choose, chosen);
    await expect(settings.dialog.getByText("The authority is trusted from now on.")).toBeVisible();
    await expect(choose).toBeFocused();
    await picture("authority-added");
    await keyboard.reach(settings.button("Remove Harbour Authority"), "Shift+Tab");
    await page.keyboard.press("Enter");
    await expect(settings.dialog.getByText("“Harbour Authority” is not trusted any more.")).toBeVisible();
    await keyboard.isIn(settings.dialog);
    await leaveSettings();
  });

  await test.step("while exports run, both answers to what becomes of them", async () => {
    await openSettings("Destination");
    await settings.field("Bandwidth cap in Mbit/s").fill("1");
    await settings.button("Save").click();
    await expect(settings.dialog.getByText("Saved.")).toBeVisible();
    await page.keyboard.press("Escape");
    await send(screens, siteDir, "Under way");
    const use = settings.button("Use the embedded service");
    const answer = async (control: typeof use, words: string) => {
      await keyboard.press(question.getByRole("button", { name: words, exact: true }));
      await expect(question).toBeHidden();
      await expect(control).toBeFocused();
    };
    await openSettings("Destination");
    await keyboard.press(use);
    await expect(question.getByRole("button", { name: "Change nothing" })).toBeFocused();
    await picture("under-way");
    await answer(use, "Let them end there");
    await expect(settings.dialog.getByText("Evidence goes to the embedded service.")).toBeVisible(LONG);
    await leaveSettings();

    await send(screens, siteDir, "Under way to the embedded service");
    await openSettings("Destination");
    const choose = settings.button("Import a connection file");
    await keyboard.chooseFile(choose, connectionFile);
    await expect(question).toContainText("Embedded evidence service");
    await answer(choose, "Cancel them");
    await expect(settings.dialog.getByText("The connection file was tried and imported.")).toBeVisible(LONG);
    await leaveSettings();
    await keyboard.press(tray.button);
    await expect(tray.exports.newest.card.getByText("Cancelled", { exact: true })).toBeVisible(LONG);
    await picture("cancelled");
    await page.keyboard.press("Escape");
  });

  await settings.open();
  await settings.turnTo("Destination");
  await settings.button("Use the embedded service").click();
  await settings.confirm("Cancel them");
  await expect(settings.dialog.getByText(await serviceAddress(siteDir))).toBeVisible(LONG);
  await settings.field("Bandwidth cap in Mbit/s").fill("");
  await settings.button("Save").click();
  await expect(settings.dialog.getByText("Saved.")).toBeVisible();
  await settings.close();
  await behindLine.kill();
  await line.close();
  await rm(folder, { recursive: true, force: true });
});
