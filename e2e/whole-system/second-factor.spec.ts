import { expect, test } from "@playwright/test";
import { Secret, TOTP } from "otpauth";
import type { Locator, Page } from "playwright-core";
import { startBrowser } from "../fixture/browser.ts";
import { startService } from "../fixture/evidence-service.ts";
import { serviceFolder } from "../fixture/service-folder.ts";
import { isAccessible, USUAL } from "../proof/accessible-page.ts";

const button = (within: Page | Locator, name: string) => within.getByRole("button", { name, exact: true });
const link = (page: Page, name: string) => page.getByRole("link", { name, exact: true });
const field = (within: Page | Locator, name: string) => within.getByLabel(name, { exact: true });

async function givePassword(page: Page): Promise<void> {
  await field(page, "User name").fill("investigator");
  await field(page, "Password").fill("investigator");
  await page.keyboard.press("Enter");
}

/** What an app shows now that was given the secret as text. */
async function codeOf(within: Page | Locator, stepsLater = 0): Promise<string> {
  const secret = (await field(within, "Or type this secret into it").inputValue()).replaceAll(" ", "");
  return codeAt(secret, stepsLater);
}
const codeAt = (secret: string, stepsLater: number): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + stepsLater * 30_000 });

const dir = serviceFolder("second-factor");

test("an app is set up, asked for, replaced by a recovery code, reset and required, by keyboard", async () => {
  test.setTimeout(240_000);
  const { address } = await startService(dir());
  const page = await (await (await startBrowser()).newContext({ viewport: USUAL })).newPage();
  await page.goto(address);
  await givePassword(page);
  const dialog = page.getByRole("dialog");
  let codes: string[] = [];
  let secret = "";

  await test.step("setting an app up", async () => {
    await link(page, "Demo Investigator").first().press("Enter");
    await button(page, "Set up an app").press("Enter");
    await expect(field(dialog, "Your password")).toBeFocused();
    await isAccessible(page, "the password once more");
    await page.keyboard.press("Escape");
    await expect(button(page, "Set up an app")).toBeFocused();
    await page.keyboard.press("Enter");
    await field(dialog, "Your password").fill("wrong");
    await page.keyboard.press("Enter");
    await expect(dialog.getByRole("status")).toContainText("The user name or the password is wrong.");
    await field(dialog, "Your password").fill("investigator");
    await page.keyboard.press("Enter");
    await expect(dialog.getByRole("img", { name: /^Picture for the app/ })).toBeVisible();
    await isAccessible(page, "the secret");
    secret = (await field(dialog, "Or type this secret into it").inputValue()).replaceAll(" ", "");
    await field(dialog, "Code that the app shows").fill("000000");
    await page.keyboard.press("Enter");
    await expect(dialog.getByRole("status")).toContainText("The code is wrong");
    await field(dialog, "Code that the app shows").fill(await codeOf(dialog, -1));
    await page.keyboard.press("Enter");
    await expect(button(dialog, "I have kept them")).toBeFocused();
    codes = await dialog.getByRole("listitem").allTextContents();
    expect(codes).toHaveLength(10);
    await isAccessible(page, "recovery codes");
    await page.keyboard.press("Enter");
    await expect(page.getByText("10 codes left")).toBeVisible();
    await isAccessible(page, "my account with an app");
  });

  await test.step("signing in with a code, and with a recovery code", async () => {
    await button(page, "Sign out").press("Enter");
    await givePassword(page);
    await expect(field(page, "Code of your authenticator app")).toBeFocused();
    await isAccessible(page, "the second step");
    await page.keyboard.type("000000");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("alert")).toContainText("The code is wrong");
    // What waits outlives a page that is opened anew.
    await page.reload();
    await expect(field(page, "Code of your authenticator app")).toBeFocused();
    await page.keyboard.type(codeAt(secret, 0));
    await page.keyboard.press("Enter");
    await expect(page.locator("main#content")).toBeVisible();
    await button(page, "Sign out").press("Enter");
    await givePassword(page);
    await button(page, "Use a recovery code").press("Enter");
    await expect(field(page, "Recovery code")).toBeFocused();
    await page.keyboard.type(codes[0] ?? "");
    await isAccessible(page, "a recovery code");
    await page.keyboard.press("Enter");
    await expect(page.locator("main#content")).toBeVisible();
    // Who it was knows whether it was themselves.
    await link(page, "Demo Investigator").first().press("Enter");
    await expect(page.getByRole("cell", { name: /^A recovery code was used/ })).toBeVisible();
    await expect(page.getByRole("cell", { name: /^A wrong code after/ })).toBeVisible();
    await isAccessible(page, "unusual activity");
  });

  await test.step("requiring it of everybody, and resetting it", async () => {
    await link(page, "People").press("Enter");
    await link(page, "Second factor").press("Enter");
    await page.getByRole("checkbox", { name: "Everybody" }).press("Space");
    await isAccessible(page, "who has to have one");
    await button(page, "Save").press("Enter");
    await expect(button(page, "Save")).toBeDisabled();
    await page.goto(`${address}/people/investigator`);
    await expect(page.getByText("App, 9 recovery codes")).toBeVisible();
    await button(page, "Reset second factor").press("Enter");
    const asked = page.getByRole("alertdialog");
    await expect(button(asked, "Cancel")).toBeFocused();
    await isAccessible(page, "asking");
    await page.keyboard.press("Escape");
    await expect(button(page, "Reset second factor")).toBeFocused();
    await page.keyboard.press("Enter");
    await button(asked, "Reset").press("Enter");
    await expect(asked).toBeHidden();
    await expect(page.getByText("To be set up at the next sign-in")).toBeVisible();
    await page.reload();
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  });

  await test.step("setting it up to come in", async () => {
    await givePassword(page);
    await expect(page.getByRole("heading", { name: "Set up a second factor" })).toBeVisible();
    await expect(page.getByRole("img", { name: /^Picture for the app/ })).toBeVisible();
    await isAccessible(page, "a required set-up");
    await field(page, "Code that the app shows").fill(await codeOf(page));
    await page.keyboard.press("Enter");
    await isAccessible(page, "recovery codes at sign-in");
    await button(page, "I have kept them").press("Enter");
    await expect(page.locator("main#content")).toBeVisible();
  });
});

/** A key of the browser's own, as Chromium gives one to tests. */
async function pluggedIn(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const can = { hasResidentKey: true, hasUserVerification: true, isUserVerified: true };
  const options = { protocol: "ctap2", transport: "internal", automaticPresenceSimulation: true } as const;
  await devtools.send("WebAuthn.addVirtualAuthenticator", { options: { ...options, ...can } });
}

test("a passkey is made, renamed, asked for after the password and in its place, and removed, by keyboard", async () => {
  test.setTimeout(240_000);
  const { address } = await startService(dir());
  const page = await (await (await startBrowser()).newContext({ viewport: USUAL })).newPage();
  await pluggedIn(page);
  // Browsers have passkeys for names, and for no address that is a number.
  await page.goto(address);
  await expect(button(page, "Sign in with a passkey")).toBeHidden();
  await page.goto(address.replace("127.0.0.1", "localhost"));
  await isAccessible(page, "sign in with a passkey");
  await givePassword(page);
  const dialog = page.getByRole("dialog");

  await test.step("making and renaming one", async () => {
    await link(page, "Demo Investigator").first().press("Enter");
    await button(page, "Add a passkey").press("Enter");
    await field(dialog, "Your password").fill("investigator");
    await isAccessible(page, "naming a passkey");
    await page.keyboard.press("Enter");
    await expect(button(dialog, "I have kept them")).toBeFocused();
    await page.keyboard.press("Enter");
    await button(page, "Rename: This device").press("Enter");
    await field(dialog, "Name").fill("Work laptop");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("cell", { name: "Work laptop", exact: true })).toBeVisible();
    await isAccessible(page, "my account with a passkey");
    // One device is no two.
    await button(page, "Add a passkey").press("Enter");
    await field(dialog, "Your password").fill("investigator");
    await page.keyboard.press("Enter");
    await expect(dialog.getByRole("status")).toContainText("has a passkey for the account already");
    await page.keyboard.press("Escape");
  });

  await test.step("after the password, and in its place", async () => {
    await button(page, "Sign out").press("Enter");
    await givePassword(page);
    await expect(button(page, "Sign in with your passkey")).toBeFocused();
    await isAccessible(page, "the second step with a passkey");
    await page.keyboard.press("Enter");
    await expect(page.locator("main#content")).toBeVisible();
    await button(page, "Sign out").press("Enter");
    await button(page, "Sign in with a passkey").press("Enter");
    await expect(page.locator("main#content")).toBeVisible();
  });

  await test.step("removing it, and making one to come in", async () => {
    await link(page, "Demo Investigator").first().press("Enter");
    await button(page, "Remove: Work laptop").press("Enter");
    await field(dialog, "Your password").fill("investigator");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("cell", { name: "Work laptop", exact: true })).toBeHidden();
    await link(page, "People").press("Enter");
    await link(page, "Second factor").press("Enter");
    await page.getByRole("checkbox", { name: "Everybody" }).press("Space");
    await button(page, "Save").press("Enter");
    await expect(button(page, "Save")).toBeDisabled();
    await button(page, "Sign out").press("Enter");
    await givePassword(page);
    await expect(button(page, "Make a passkey")).toBeFocused();
    await isAccessible(page, "a required set-up with a choice");
    await page.keyboard.press("Enter");
    await button(page, "I have kept them").press("Enter");
    await expect(page.locator("main#content")).toBeVisible();
  });
});
