import { existsSync } from "node:fs";
import { lstat, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strFromU8, unzipSync } from "fflate";
import type { Bridge } from "#shared/ipc-contract/channels.ts";
import { startConsole } from "../fixture/console.ts";
import { expect, test } from "../fixture/test.ts";
import { screensOf } from "../screen-objects/screens.ts";

/** Each way that a secret goes has one of its own, so that a leak says where it is. */
const SECRETS = {
  cameraField: "Field-5c7Qz1",
  cameraAddress: "Address-8d2Kx4",
  cameraWrittenOut: "Written-1f9Lm3",
  cameraQuery: "Query-6a4Tv8",
  proxyAddress: "ProxyAddress-2b8Rw5",
  proxyField: "ProxyField-9e3Jn7",
  connectionKey: "ConnectionKey-4h6Ys2",
  logOn: "LogOn-7k1Pd9",
  archiveToken: "ArchiveToken-3m5Gc6",
  sharedAccess: "SharedAccess-8n2Bf4",
  token: "AccessToken-5r7Hq1",
  spoolKey: "SpoolKey-1t9Ww3",
};

const CAMERAS = [
  { name: "Field", address: "rtsp://127.0.0.1:9/1", user: "admin", password: SECRETS.cameraField },
  { name: "Address", address: `rtsp://admin:${SECRETS.cameraAddress}@127.0.0.1:9/2` },
  { name: "Written out", address: `rtsp://admin:a%40${SECRETS.cameraWrittenOut}@127.0.0.1:9/3` },
  { name: "Query", address: `rtsp://127.0.0.1:9/4?user=admin&password=${SECRETS.cameraQuery}` },
];

/** What is none of an account, with a private key that can be recognised. */
const CONNECTION_FILE = JSON.stringify({
  TenantId: "00000000-0000-4000-8000-000000000001",
  PrivateKey: `-----BEGIN PRIVATE KEY-----\n${SECRETS.connectionKey}\n-----END PRIVATE KEY-----`,
});

/** @returns the paths of files below a folder that hold one of the secrets, each with its name */
async function leaksIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const found = await Promise.all(
    files.map(async (file) => namesIn(await readFile(file)).map((name) => `${name} in ${file}`)),
  );
  return found.flat();
}

/** The secrets as they were entered, in base64, and as UTF-16, which browsers keep. */
function namesIn(bytes: Buffer): string[] {
  return Object.entries(SECRETS).flatMap(([name, secret]) => {
    const plain = Buffer.from(secret);
    // Three ways in which a text lies in base64, by what stands before it.
    const encoded = [0, 1, 2].map((before) =>
      Buffer.from(
        Buffer.concat([Buffer.alloc(before), plain])
          .toString("base64")
          .slice(before + 1, -4),
      ),
    );
    return [plain, Buffer.from(secret, "utf16le"), ...encoded].some((way) => bytes.includes(way))
      ? [name]
      : [];
  });
}

test("a report is shown before it is saved, and no secret is in it, in the log or in any file of the site, those of the browser among them", async () => {
  test.setTimeout(180_000);
  // A site without cameras of its own: what is entered here would be in the way of other tests.
  const siteDir = await mkdtemp(join(tmpdir(), "evidence-desk-report-"));
  const desk = await startConsole({ siteDir });
  const password =
    (await readFile(join(siteDir, "console", "first-password.txt"), "utf8")).split("\n")[1] ?? "";
  const { page } = desk;
  const { logOn, settings } = screensOf(page);

  await test.step("secrets go every way that there is", async () => {
    await logOn.enter("administrator", SECRETS.logOn);
    await expect(logOn.dialog.getByRole("alert")).toBeVisible();
    await logOn.logOn("administrator", password);
    for (const camera of CAMERAS) await settings.addCamera({ ...camera, area: "Yard" });
    await settings.open();
    await settings.turnTo("Network");
    for (const address of [`http://me:${SECRETS.proxyAddress}@127.0.0.1:9`, "http://127.0.0.1:9"]) {
      await settings.field("Proxy address").fill(address);
      await settings.field("Proxy user").fill(address.includes("me:") ? "" : "me");
      if (!address.includes("me:")) await settings.field("Proxy password").fill(SECRETS.proxyField);
      await settings.button("Save proxy").click();
      await expect(settings.dialog.getByRole("status").first()).toBeVisible();
    }
    await settings.turnTo("Destination");
    await settings.importConnectionFile(CONNECTION_FILE);
    await expect(settings.dialog.getByRole("alert")).toBeVisible();
  });

  await test.step("errors of the page are in the log, without what opens anything", async () => {
    await page.evaluate((secrets) => {
      const { evidenceDesk } = window as unknown as { evidenceDesk: Bridge };
      const ask = (name: string, input: unknown) => evidenceDesk.request(name, input);
      const fail = (text: string) =>
        setTimeout(() => {
          throw new Error(text);
        });
      fail(`PUT https://x.blob.example/c/b?sv=2024&sig=${secrets.sharedAccess} failed`);
      fail(`authorization: Bearer ${secrets.token}`);
      fail(`{"segmentKey":"${secrets.spoolKey}"}`);
      void Promise.reject(new Error("A picture that nobody caught"));
      void ask("site.saveArchive", {
        archiveId: null,
        name: "Other",
        address: "http://127.0.0.1:9",
        token: secrets.archiveToken,
      });
      void ask("no.such.request", { password: secrets.logOn });
    }, SECRETS);
    const log = async () => (await readdir(join(siteDir, "logs"))).map((name) => join(siteDir, "logs", name));
    await expect
      .poll(async () => (await Promise.all((await log()).map((file) => readFile(file, "utf8")))).join(""))
      .toMatch(/"source":"page".*sig=\[secret\] failed[\s\S]*A picture that nobody caught/);
    for (const file of await log()) expect((await lstat(file)).mode & 0o777).toBe(0o600);
  });

  const saved = await test.step("each file of the report can be read before, with the keyboard", async () => {
    await settings.turnTo("About");
    await settings.button("Look at the report").click();
    for (const name of ["versions.json", "settings.json", "exports.json", /^logs\/console\.\d+\.log/]) {
      const entry = settings.dialog.getByRole("button", { name });
      await entry.focus();
      await page.keyboard.press("Enter");
      await expect(entry).toHaveAttribute("aria-expanded", "true");
    }
    await expect(settings.dialog.getByLabel("Content of versions.json")).toHaveValue(
      /"name": "Evidence Desk"/,
    );
    if (process.env["EVIDENCE_DESK_SCREENSHOTS"]) await page.screenshot({ path: "test-results/report.png" });
    await settings.button("Save this report").click();
    const said = settings.dialog.getByRole("status").filter({ hasText: "Saved as" });
    return (await said.textContent())?.replace("Saved as ", "") ?? "";
  });

  const files = unzipSync(await readFile(saved));
  expect(Object.keys(files)).toEqual(
    expect.arrayContaining(["versions.json", "settings.json", "exports.json", "logs/console.1.log"]),
  );
  const texts = Object.entries(files).map(([name, bytes]) => [name, strFromU8(bytes)] as const);
  expect(
    texts.flatMap(([name, text]) => namesIn(Buffer.from(text)).map((secret) => `${secret} in ${name}`)),
  ).toEqual([]);
  for (const word of ["Written out", "Yard", "administrator"])
    expect(texts.filter(([name, text]) => !name.startsWith("logs/") && text.includes(word))).toEqual([]);

  await desk.close();
  // The window's own folder is among them: forms that a browser would remember, storage, sessions, caches.
  expect(existsSync(join(siteDir, "console", "browser"))).toBe(true);
  expect(await leaksIn(siteDir)).toEqual([]);
  await rm(siteDir, { recursive: true, force: true });
});
