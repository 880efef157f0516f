import { readFile } from "node:fs/promises";
import { expect, test } from "@playwright/test";
import type { Locator, Page } from "playwright-core";
import { startBrowser } from "../fixture/browser.ts";
import { startService } from "../fixture/evidence-service.ts";
import { serviceFolder } from "../fixture/service-folder.ts";
import { isAccessible, USUAL } from "../proof/accessible-page.ts";

const button = (within: Page | Locator, name: string) => within.getByRole("button", { name, exact: true });
const link = (page: Page, name: string) => page.getByRole("link", { name, exact: true });
const field = (page: Page, name: string) => page.getByLabel(name, { exact: true });

const PASSWORD = "nine lamps by the harbour";

async function signIn(page: Page, username: string, password: string): Promise<void> {
  await field(page, "User name").fill(username);
  await field(page, "Password").fill(password);
  await page.keyboard.press("Enter");
  await expect(page.locator("main#content")).toBeVisible();
}

const dir = serviceFolder("people");

test("somebody is invited, chooses a password, is given a right and is locked out, by keyboard", async () => {
  test.setTimeout(240_000);
  const { address } = await startService(dir());
  const browser = await startBrowser();
  const chief = await (await browser.newContext({ viewport: USUAL })).newPage();
  const mara = await (await browser.newContext({ viewport: USUAL })).newPage();
  await chief.goto(address);
  await signIn(chief, "investigator", "investigator");

  let url = "";
  await test.step("inviting", async () => {
    await link(chief, "People").press("Enter");
    await expect(link(chief, "Demo Investigator")).toHaveCount(2);
    await isAccessible(chief, "people");
    await button(chief, "Invite").press("Enter");
    const dialog = chief.getByRole("dialog");
    await expect(dialog.getByLabel("Name", { exact: true })).toBeFocused();
    await dialog.getByLabel("Name", { exact: true }).fill("Mara Lind");
    await dialog.getByLabel("User name").fill("Investigator");
    await chief.keyboard.press("Enter");
    await expect(dialog.getByRole("status")).toContainText("There is an account “investigator” already.");
    await dialog.getByLabel("User name").fill("mara");
    await isAccessible(chief, "inviting");
    await chief.keyboard.press("Enter");
    const made = chief.getByRole("dialog", { name: "A link to pass on" });
    await expect(button(made, "Done")).toBeFocused();
    url = (await made.getByText(/\/link#/).textContent()) ?? "";
    await isAccessible(chief, "a link");
    await chief.keyboard.press("Escape");
    await expect(made).toBeHidden();
  });

  await test.step("choosing a password", async () => {
    await mara.goto(url);
    await isAccessible(mara, "choosing a password");
    const choose = async (password: string): Promise<void> => {
      await field(mara, "New password").fill(password);
      await field(mara, "New password again").fill(password);
      await mara.keyboard.press("Enter");
    };
    await choose("Password2026!");
    await expect(mara.getByRole("alert")).toContainText("on the lists that are tried first");
    await choose(PASSWORD);
    await expect(mara.getByText("The password is set.")).toBeVisible();
    await button(mara, "Go to sign in").press("Enter");
    await signIn(mara, "mara", PASSWORD);
    await expect(link(mara, "People")).toBeHidden();
    await link(mara, "Mara Lind").press("Enter");
    await expect(mara.getByText("This one")).toBeVisible();
    await isAccessible(mara, "my account");
    // The link is used up.
    await mara.goto("about:blank");
    await mara.goto(url);
    await expect(mara.getByRole("alert")).toContainText("was used already");
  });

  await test.step("a group and its rights", async () => {
    await link(chief, "Groups").press("Enter");
    await field(chief, "New group").fill("Night shift");
    await chief.keyboard.press("Enter");
    await expect(chief.getByRole("heading", { name: "Night shift", exact: true })).toBeVisible();
    await field(chief, "User name").fill("mara");
    await chief.keyboard.press("Enter");
    await expect(link(chief, "Mara Lind")).toBeVisible();
    await chief.getByRole("checkbox", { name: /^Administer people/ }).press("Space");
    await button(chief, "Save rights").press("Enter");
    await expect(button(chief, "Save rights")).toBeDisabled();
    await isAccessible(chief, "a group");
    await button(chief, "Remove group").press("Enter");
    await expect(chief.getByText(/still gives rights to its people/)).toBeVisible();
    await mara.goto(`${address}/people`);
    await expect(link(mara, "Demo Investigator")).toBeVisible();
  });

  await test.step("locking", async () => {
    await link(chief, "Mara Lind").press("Enter");
    await expect(chief.getByText("Has it by: Night shift")).toBeVisible();
    await isAccessible(chief, "a person");
    await button(chief, "Lock").press("Enter");
    const asked = chief.getByRole("alertdialog");
    await expect(button(asked, "Cancel")).toBeFocused();
    await isAccessible(chief, "asking");
    await button(asked, "Lock").press("Enter");
    await expect(button(chief, "Unlock")).toBeVisible();
    await expect(chief.getByText("Signed in nowhere.")).toBeVisible();
    await mara.getByRole("button", { name: "Refresh" }).press("Enter");
    await expect(mara.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await field(mara, "User name").fill("mara");
    await field(mara, "Password").fill(PASSWORD);
    await mara.keyboard.press("Enter");
    await expect(mara.getByRole("alert")).toContainText("This account is locked.");
  });

  await test.step("a console's account, another key of it, and its end", async () => {
    await chief.goto(`${address}/service-accounts`);
    await isAccessible(chief, "service accounts");
    await field(chief, "Name").fill("Gatehouse");
    await chief.keyboard.press("Enter");
    const saved = chief.getByRole("dialog", { name: "The connection file" });
    await expect(button(saved, "Save file")).toBeFocused();
    await isAccessible(chief, "the connection file");
    const [file] = await Promise.all([chief.waitForEvent("download"), chief.keyboard.press("Enter")]);
    expect(file.suggestedFilename()).toBe("connection-file Gatehouse.json");
    expect(JSON.parse(await readFile(await file.path(), "utf8"))).toMatchObject({
      ServicePrincipalKey: { kty: "RSA", d: expect.any(String) as unknown },
    });
    await button(saved, "Done").press("Enter");
    await expect(chief.getByRole("heading", { name: "Gatehouse", exact: true })).toBeVisible();
    await button(chief, "New key").press("Enter");
    await expect(button(saved, "Save file")).toBeFocused();
    await chief.keyboard.press("Escape");
    await expect(button(chief, "New key")).toBeFocused();
    await isAccessible(chief, "a service account");
    const takeAway = chief.getByRole("button", { name: /^Take away the key/ });
    await expect(takeAway).toHaveCount(2);
    const asked = chief.getByRole("alertdialog");
    await takeAway.first().press("Enter");
    await isAccessible(chief, "asking for a key");
    await button(asked, "Take away").press("Enter");
    await expect(takeAway).toHaveCount(1);
    await expect(takeAway).toBeDisabled();
    await button(chief, "Lock").press("Enter");
    await button(asked, "Lock").press("Enter");
    await expect(button(chief, "Unlock")).toBeVisible();
  });

  await test.step("wrong passwords", async () => {
    await chief.goto(`${address}/wrong-passwords`);
    await expect(chief.getByText("Nobody typed a wrong password.")).toBeVisible();
    await isAccessible(chief, "wrong passwords");
  });
  await browser.close();
});
