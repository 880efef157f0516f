import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ElementHandle, Locator } from "@playwright/test";
import { passOn, startFaultProxy, type Treatment } from "#proofs/fault-proxy/fault-proxy.ts";
import { startConsole } from "../fixture/console.ts";
import { prepareService, startService } from "../fixture/evidence-service.ts";
import { expect, test } from "../fixture/test.ts";
import { availableEvidence, sentVideos } from "../proof/consolidated-video.ts";
import { Investigator } from "../proof/investigator.ts";
import { openSummary } from "../proof/open-summary.ts";
import { screensOf } from "../screen-objects/screens.ts";

const PRESSES = 40;
/** A refusal is asked about again before it is believed. */
const SOON = { timeout: 60_000 };

/** A service that refuses every new evidence for good. */
const refuseEvidence: Treatment = async (exchange) => {
  const { method, path, headers } = exchange.request;
  if (method !== "POST" || !path.endsWith("/evidence")) return passOn(exchange);
  const at = headers.findIndex((name) => name.toLowerCase() === "x-request-id");
  const answered = { "content-type": "application/problem+json", "x-request-id": headers[at + 1] ?? "" };
  const body = Buffer.from(JSON.stringify({ code: "BAD_REQUEST", detail: "Not today." }));
  await exchange.answer({ status: 400, headers: answered, body });
};

/** As fast as the page answers, with a breath now and then, in which what was pressed before comes about. */
async function pressOften(button: ElementHandle): Promise<void> {
  await button.evaluate(async (element, presses) => {
    for (let press = 0; press < presses && element.isConnected; press += 1) {
      (element as HTMLButtonElement).click();
      if (press % 4 === 3) await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }, PRESSES);
}

/** Once what was pressed is taken the button goes, and nobody waits for it to come back. */
async function handleOf(button: Locator): Promise<ElementHandle> {
  const handle = await button.elementHandle();
  if (handle === null) throw new Error("There is no button.");
  return handle;
}

test("Retry pressed again and again on the card, in the sidebar and by a script sends the evidence once, and says nothing wrong", async ({
  siteDir,
}) => {
  test.setTimeout(400_000);
  const serviceFolder = await mkdtemp(join(tmpdir(), "evidence-desk-service-"));
  await prepareService(serviceFolder);
  const alone = await startService(serviceFolder);
  await alone.kill();
  const between = await startFaultProxy(passOn, new URL(alone.address).host);
  const service = await startService(serviceFolder, between.url);
  const desk = await startConsole({ siteDir });
  const screens = screensOf(desk.page);
  const { settings, tray, sidebar } = screens;
  const name = `Retried often ${Date.now()}`;
  await screens.logOn.logOn("administrator", "administrator");
  await settings.open();
  await settings.turnTo("Destination");
  await settings.importConnectionFile(await readFile(service.connectionFile, "utf8"));
  await expect(settings.dialog.getByText("The connection file was tried and imported.")).toBeVisible();
  await settings.close();

  between.treat(refuseEvidence);
  await openSummary(screens, name, siteDir);
  await screens.wizard.finish();
  await tray.open();
  const onCard = tray.exports.newest;
  await expect(onCard.card.getByText("Failed", { exact: true })).toBeVisible(SOON);
  await test.step("while it is refused again each time, the button is there again each time", async () => {
    await pressOften(await handleOf(onCard.button("Retry")));
    await expect(onCard.button("Retry")).toBeVisible(SOON);
    await tray.pinToSidebar();
    await expect(sidebar.exports.newest.button("Retry")).toBeVisible();
    await pressOften(await handleOf(sidebar.exports.newest.button("Retry")));
    await expect(sidebar.exports.newest.button("Retry")).toBeVisible(SOON);
  });

  await test.step("once it is taken, one of the presses is enough, and the others do no harm", async () => {
    between.treat(passOn);
    const button = await handleOf(sidebar.exports.newest.button("Retry"));
    await Promise.all([desk.page.evaluate(RETRY_OFTEN), pressOften(button)]);
    await sidebar.exports.newest.isAvailable();
  });
  const toasts = desk.page.getByRole("status").getByText(/Nothing of this export/);
  await expect(toasts).toHaveCount(0);
  expect(sentVideos(await availableEvidence(await Investigator.signIn(service.address), name))).toHaveLength(
    1,
  );
  expect(desk.output()).not.toContain("TypeError");

  await sidebar.unpin();
  await settings.open();
  await settings.turnTo("Destination");
  await settings.button("Use the embedded service").click();
  await expect(settings.dialog.getByText("Evidence goes to the embedded service.")).toBeVisible();
  await desk.close();
  await service.kill();
  await between.close();
  await rm(serviceFolder, { recursive: true, force: true });
});

/** Asks for it forty times at once, and waits for all answers. */
const RETRY_OFTEN = `(async () => {
  const { value } = await evidenceDesk.request("exports.list");
  const { exportId } = value.exports[0];
  const ask = () => evidenceDesk.request("exports.retry", { exportId });
  await Promise.all(Array.from({ length: ${PRESSES} }, ask));
})()`;
