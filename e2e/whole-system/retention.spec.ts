import { expect, test } from "@playwright/test";
import type { Locator, Page } from "playwright-core";
import { startBrowser } from "../fixture/browser.ts";
import { startService } from "../fixture/evidence-service.ts";
import { serviceFolder } from "../fixture/service-folder.ts";
import { isAccessible, USUAL } from "../proof/accessible-page.ts";

const button = (within: Page | Locator, name: string) => within.getByRole("button", { name, exact: true });
const dir = serviceFolder("retention");

test("how long evidence is kept is set, and a case protected, by keyboard", async () => {
  test.setTimeout(120_000);
  const { address } = await startService(dir());
  const page = await (await (await startBrowser()).newContext({ viewport: USUAL })).newPage();
  const dialog = page.getByRole("dialog");
  await page.goto(`${address}/administration`);
  await page.getByLabel("User name", { exact: true }).fill("investigator");
  await page.getByLabel("Password", { exact: true }).fill("investigator");
  await page.keyboard.press("Enter");

  await test.step("of a category", async () => {
    await button(page, "Retention of Theft").press("Enter");
    await dialog.getByRole("combobox").selectOption("Years");
    await dialog.getByRole("textbox").fill("101");
    await expect(button(dialog, "Save")).toBeDisabled();
    await dialog.getByRole("textbox").fill("5");
    await isAccessible(page, "retention of a category");
    await button(dialog, "Save").press("Enter");
    await expect(dialog).toBeHidden();
    await expect(button(page, "Retention of Theft")).toBeFocused();
    await expect(page.getByRole("row", { name: /^Theft/ })).toContainText("5 years");
  });

  await test.step("of everything else", async () => {
    await button(page, "Change the retention").press("Enter");
    await dialog.getByRole("checkbox").press("Space");
    await isAccessible(page, "retention");
    await button(dialog, "Save").press("Enter");
    await expect(dialog).toBeHidden();
    await expect(page.getByRole("region", { name: "Retention", exact: true })).toContainText("Two people");
  });

  await test.step("what goes next, and the recycle bin", async () => {
    await page.getByRole("link", { name: "Retention", exact: true }).press("Enter");
    await expect(page.getByText("Nothing goes within 30 days.")).toBeVisible();
    await expect(page.getByText("The recycle bin is empty.")).toBeVisible();
    await isAccessible(page, "what goes next");
  });

  await test.step("protecting a case takes one person, lifting that two", async () => {
    await page.goto(`${address}/cases/demo-case-2`);
    await button(page, "Protect from deletion…").press("Enter");
    await expect(dialog.getByLabel("Reason")).toBeFocused();
    await page.keyboard.type("The court asked for it");
    await isAccessible(page, "protecting");
    await button(dialog, "Protect").press("Enter");
    await expect(dialog).toBeHidden();
    await button(page, "Lift the protection").press("Enter");
    await expect(page.getByText("investigator asked a second person to lift it")).toBeVisible();
    await button(page, "Lift the protection").press("Enter");
    await expect(page.getByText("You have asked for it already")).toBeVisible();
    await isAccessible(page, "a protected case");
  });
});
