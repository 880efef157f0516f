import type { Locator, Page } from "playwright-core";
import { startBrowser } from "../fixture/browser.ts";
import { expect, test } from "../fixture/test.ts";
import { answeredKeys, keysInSheet } from "../proof/answered-keys.ts";
import { violations } from "../proof/axe.ts";
import { closeEachWay } from "../proof/overlay-walk.ts";
import { asEntered, pastFootageEndUtcMs, serviceAddress } from "../proof/site-facts.ts";
import type { Screens } from "../screen-objects/screens.ts";

const button = (within: Page | Locator, name: string) => within.getByRole("button", { name, exact: true });
const link = (page: Page, name: string) => page.getByRole("link", { name, exact: true });

/** Two evidences of a case and one without, so that lists have rows. */
async function sendEvidence(screens: Screens, siteDir: string, caseName: string) {
  const startUtcMs = (await pastFootageEndUtcMs(siteDir)) - 15 * 60_000;
  const { wizard, canvas, tray } = screens;
  await screens.logOn.logOn("operator", "operator");
  await canvas.tile(1).select();
  await screens.areaView.open("Lobby entrance");
  await wizard.openFrom(canvas.tile(1));
  await wizard.next();
  await wizard.fillTimes("Lobby entrance", {
    name: `Evidence of ${caseName}`,
    start: asEntered(startUtcMs),
    end: asEntered(startUtcMs + 20_000),
  });
  await wizard.next();
  await wizard.associate("Create a new case");
  await wizard.next();
  await wizard.fillCaseField("Case name", caseName);
  await wizard.chooseInCase("Department", "Patrol");
  await wizard.next();
  await wizard.finish();
  await tray.open();
  await tray.exports.newest.isAvailable();
}

test("the web application by keyboard: the focus is never nowhere, and each place answers the keys of the sheet", async ({
  screens,
  siteDir,
}) => {
  test.setTimeout(240_000);
  const caseName = `By keyboard ${Date.now()}`;
  await sendEvidence(screens, siteDir, caseName);
  const browser = await startBrowser();
  const page = await browser.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(await serviceAddress(siteDir));
  const main = page.locator("main#content");
  const dialog = page.getByRole("dialog", { name: "Keys", exact: true });

  await test.step("signing in and out", async () => {
    for (const isLast of [false, true]) {
      const name = page.getByRole("textbox", { name: "User name" });
      await expect(name).toBeFocused();
      await name.fill("investigator");
      await page.getByLabel("Password").fill("investigator");
      await button(page, "Sign in").press("Enter");
      await expect(main).toBeFocused();
      if (!isLast) await button(page, "Sign out").press("Enter");
    }
  });

  await test.step("the sheet, by its button and by its key", async () => {
    await closeEachWay(page, {
      ...{ source: "", name: "Keys", opener: button(page, "Keys"), key: "Enter", overlay: dialog },
      ways: ["Escape", button(dialog, "Close"), button(dialog, "Done"), { x: 5, y: 400 }],
    });
    await link(page, "Evidence").focus();
    await page.keyboard.press("?");
    await expect(dialog).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(link(page, "Evidence")).toBeFocused();
    const search = page.getByRole("searchbox");
    await search.focus();
    await page.keyboard.press("?");
    await expect(search).toHaveValue("?");
    await expect(dialog).toBeHidden();
    await page.keyboard.press("Escape");
    await expect(search).toHaveValue("");
  });

  /** The sheet as it is written for some places. */
  const sheetOf = async (...places: readonly string[]) => {
    await button(page, "Keys").press("Enter");
    const written = await keysInSheet(page, ...places);
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    return written;
  };

  await test.step("a list: its keys, and a row that a search takes away", async () => {
    const row = link(page, caseName);
    await row.waitFor();
    // Enter follows the link: the browser's own.
    const written = (await sheetOf("In a list")).filter((cap) => cap !== "Enter");
    expect(await answeredKeys(row, async () => row.focus())).toEqual(written);
    await row.focus();
    await page.evaluate(() => {
      history.replaceState(null, "", "/cases?text=nothing-has-this-name");
      window.dispatchEvent(new PopStateEvent("popstate"));
    });
    await expect(row).toBeHidden();
    await expect(main).toBeFocused();
    await page.getByRole("searchbox").fill("");
    await row.waitFor();
    await expect(page.getByRole("status").filter({ hasText: /^[1-9]\d*\+? Cases shown$/ })).toBeAttached();
    await page.getByRole("searchbox").press("ArrowDown");
    await expect(page.getByRole("table").getByRole("link").first()).toBeFocused();
    await row.press("Enter");
    await expect(main).toBeFocused();
  });

  await test.step("a button that changes what it does keeps the focus", async () => {
    await button(page, "Close case").press("Enter");
    await expect(button(page, "Reopen case")).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(button(page, "Close case")).toBeFocused();
  });

  await test.step("dialogs of a case, and lists in them, give the focus back", async () => {
    for (const [opener, name, done, list] of [
      ["Edit…", "Edit case", "Cancel", "Category"],
      ["Give access…", "Give access", "Cancel", "May"],
      ["Ask why…", "Why does somebody see this?", "Done", null],
      ["Protect from deletion…", "Protect from deletion", "Cancel", null],
    ] as const) {
      const opened = page.getByRole("dialog", { name, exact: true });
      const ways = ["Escape", button(opened, "Close"), button(opened, done)];
      const own = { source: "", name, opener: button(page, opener), key: "Enter", overlay: opened };
      await closeEachWay(page, { ...own, ways });
      if (list === null) continue;
      await button(page, opener).press("Enter");
      await closeEachWay(page, {
        ...{ source: "", name: list, key: "Enter", overlay: page.getByRole("listbox", { name: list }) },
        ...{ opener: opened.getByRole("button", { name: new RegExp(`${list}$`) }), ways: ["Escape"] },
      });
      await page.keyboard.press("Escape");
      await expect(button(page, opener)).toBeFocused();
    }
  });

  await test.step("a note is written, corrected, and what it said before is read", async () => {
    const notes = page.getByRole("region", { name: "Notes", exact: true });
    const field = notes.getByRole("textbox", { name: "New note" });
    await field.fill("A red car.");
    await button(notes, "Add note").press("Enter");
    await expect(field).toHaveValue("");
    await expect(field).toBeFocused();
    const correcting = page.getByRole("dialog", { name: "Correct the note", exact: true });
    const opener = notes.getByRole("button", { name: /^Correct the note of/ });
    await closeEachWay(page, {
      ...{ source: "", name: "Correct the note", opener, key: "Enter", overlay: correcting },
      ways: ["Escape", button(correcting, "Close"), button(correcting, "Cancel")],
    });
    await opener.press("Enter");
    await correcting.getByRole("textbox").fill("A blue car.");
    expect(await violations(page)).toEqual([]);
    await button(correcting, "Save").press("Enter");
    await expect(notes.getByText(/; edited/)).toBeVisible();
    await expect(opener).toBeFocused();
    const texts = page.getByRole("dialog", { name: "Texts of the note", exact: true });
    const earlier = notes.getByRole("button", { name: /^Earlier texts of the note/ });
    await closeEachWay(page, {
      ...{ source: "", name: "Texts of the note", opener: earlier, key: "Enter", overlay: texts },
      ways: ["Escape", button(texts, "Close"), button(texts, "Done"), { x: 5, y: 400 }],
    });
    await earlier.press("Enter");
    await expect(texts.getByRole("listitem")).toContainText(["A blue car.", "A red car."]);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    expect(await violations(page)).toEqual([]);
  });

  await test.step("lists of the browser itself give the focus back", async () => {
    const zone = page.getByRole("combobox", { name: "Time zone" });
    await zone.focus();
    await page.keyboard.press("Alt+ArrowDown");
    await page.keyboard.press("Escape");
    await expect(zone).toBeFocused();
  });

  await test.step("the player and its time bar", async () => {
    await link(page, `Evidence of ${caseName}`).press("Enter");
    const player = page.getByRole("region", { name: "Player" });
    const speed = player.getByRole("combobox", { name: "Speed" });
    await button(player, "Play").waitFor();
    const inPlayer = await sheetOf("In the player");
    const onBar = await sheetOf("On the player's time bar");
    const nothing = async () => {};
    expect(await answeredKeys(player, nothing)).toEqual(inPlayer);
    // A button is pressed by Enter and by Space: the video stays as it is.
    const pressed = ["Ctrl + Enter", "Enter"];
    expect(await answeredKeys(button(player, "Back 15 s"), nothing)).toEqual(
      [...inPlayer, ...pressed].toSorted(),
    );
    const bar = player.getByRole("slider", { name: "Position" });
    expect(await answeredKeys(bar, nothing)).toEqual([...new Set([...inPlayer, ...onBar])].toSorted());
    expect(await answeredKeys(speed, nothing)).toEqual([]);
    await button(page, "Verify now").press("Enter");
    await expect(button(page, "Verify now")).toBeFocused();
  });

  await test.step("the audit trail of an evidence: filtered by its form, and back to what an entry is about", async () => {
    const name = `Evidence of ${caseName}`;
    await link(page, "Audit trail").press("Enter");
    const entries = page.getByRole("table", { name: "Entries of the audit trail" });
    await expect(entries.getByText("began to play the video of").first()).toBeVisible();
    const who = page.getByRole("textbox", { name: "Who" });
    await who.fill("nobody at all");
    await who.press("Enter");
    await expect(page.getByText("No entry fits.")).toBeVisible();
    await button(page, "Show all").press("Enter");
    await entries.getByRole("link", { name }).first().press("Enter");
    await expect(page.getByRole("heading", { name })).toBeVisible();
  });

  await test.step("taking evidence out of its case is asked about first", async () => {
    const name = "Take the evidence out of its case";
    const opened = page.getByRole("dialog", { name, exact: true });
    await closeEachWay(page, {
      ...{ source: "", name, opener: button(page, "Take out of the case…"), key: "Enter", overlay: opened },
      ways: ["Escape", button(opened, "Close"), button(opened, "Cancel")],
    });
  });
  await browser.close();
});
