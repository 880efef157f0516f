import type { Page } from "playwright-core";
import { withAnswersHeld } from "../fixture/held-answers.ts";
import { expect, test } from "../fixture/test.ts";

const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.tagName);

test("the focus is where the work is", async ({ desk, screens }) => {
  test.setTimeout(240_000);
  const { page } = desk;

  await test.step("a log-on that is refused goes on at the password, and is said each time", async () => {
    const { dialog } = screens.logOn;
    // Without words it is hidden, and has no role.
    const alert = dialog.locator("[role=alert]");
    const password = dialog.getByLabel("Password", { exact: true });
    await dialog.getByLabel("User name", { exact: true }).fill("administrator");
    await alert.evaluate((element) => {
      const said: string[] = [];
      new MutationObserver(() => said.push(element.textContent ?? "")).observe(element, {
        ...{ childList: true, characterData: true, subtree: true },
      });
      Object.assign(window, { said });
    });
    for (const _ of ["once", "twice"]) {
      await password.fill("wrong");
      await dialog.getByRole("button", { name: "Log on", exact: true }).focus();
      await page.keyboard.press("Enter");
      await expect(password).toHaveValue("");
      await expect(password).toBeFocused();
    }
    const said = await page.evaluate<string[]>("window.said");
    expect(said.filter((text) => text !== "").length).toBe(2);
  });
  await screens.logOn.logOn("administrator", "administrator");
  await expect.poll(() => focused(page)).toMatch(/^Tile 1/);
  await screens.canvas.choosePattern("2×2");
  // Whatever stood in the tiles before: other specs use the same site.
  for (const [number, camera] of [
    [1, "Car park barrier"],
    [2, "Lobby entrance"],
  ] as const) {
    await screens.canvas.tile(number).select();
    await screens.areaView.open(camera);
  }
  await screens.canvas.tile(1).isPlaying();

  await test.step("the wizard, opened and closed from a tile that is not the first", async () => {
    const tile = screens.canvas.tile(2);
    await screens.wizard.openFrom(tile);
    await screens.wizard.next();
    await screens.wizard.next();
    const { dialog } = screens.wizard;
    await screens.wizard.associate("Create a new case");
    await screens.wizard.next();
    await screens.wizard.next();
    await expect(dialog.getByRole("textbox", { name: "Case name" })).toBeFocused();
    await page.keyboard.type("Not to be");
    await screens.wizard.next();
    await expect(dialog.getByRole("button", { name: /Department$/ })).toBeFocused();
    await screens.wizard.back();

    await screens.wizard.associate("Select existing case");
    await screens.wizard.next();
    // Who goes through the cases on the way to something else has chosen none.
    await expect(dialog.getByRole("option", { name: /^Forklift/ })).toBeVisible();
    await page.keyboard.press("Tab");
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("option");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Tab");
    await expect(screens.wizard.button("Cancel")).toBeFocused();
    await expect(dialog.getByText("No case selected", { exact: true })).toBeVisible();
    await dialog.getByRole("searchbox").focus();
    // Quicker than the answer: what is entered is the list of what was typed, not the one before.
    await withAnswersHeld(desk.pid, async (isHeld) => {
      await page.keyboard.type("Forklift");
      await page.keyboard.press("ArrowDown");
      if (isHeld) await expect(dialog.getByRole("searchbox")).toBeFocused();
    });
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toMatch(/^Forklift/);
    await expect(page.getByRole("status").getByText("1 case found.")).toBeAttached();
    await expect(dialog.getByRole("option")).toHaveCount(1);
    await page.keyboard.press("Enter");
    await expect(dialog.getByText(/^Selected: Forklift/)).toBeVisible();
    await screens.wizard.next();
    await screens.wizard.button("Cancel").click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Discard" }).click();
    await expect.poll(() => focused(page)).toMatch(/^Tile 2/);
  });

  await test.step("ArrowDown goes from the search of the area view to the camera that was found", async () => {
    const { region } = screens.areaView;
    await region.getByRole("searchbox").fill("barrier");
    await expect(region.getByRole("treeitem", { name: /^Car park barrier/ })).toBeVisible();
    await region.getByRole("searchbox").press("ArrowDown");
    await screens.canvas.tile(2).select();
    await region.getByRole("searchbox").press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect(screens.canvas.tile(2).element).toHaveAccessibleName("Tile 2 – Car park barrier");
    await region.getByRole("searchbox").fill("");
  });

  await test.step("keys count with Caps Lock too, and a sheet shows them", async () => {
    await screens.canvas.tile(1).element.focus();
    await page.keyboard.press("?");
    const sheet = page.getByRole("dialog", { name: "Keys", exact: true });
    await expect(sheet.getByText("Back to live")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(sheet).toBeHidden();
    await expect.poll(() => focused(page)).toMatch(/^Tile 1/);
    await page.keyboard.press("T");
    const jump = page.getByRole("dialog", { name: "Jump to time" });
    await expect(jump).toBeVisible();
    await page.keyboard.press("?");
    // What is typed is in place of the time that stood there, and not behind its milliseconds.
    await expect(jump.getByRole("textbox")).toHaveValue("?");
    await expect(sheet).toBeHidden();
    await page.keyboard.press("Escape");
    await expect(jump).toBeHidden();
    await expect.poll(() => focused(page)).not.toBe("BODY");
  });

  await test.step("Escape closes the tray from anywhere", async () => {
    await screens.tray.open();
    await screens.canvas.tile(1).element.focus();
    await page.keyboard.press("Escape");
    await expect(screens.tray.region).toBeHidden();
    await expect.poll(() => focused(page)).toMatch(/^Notifications/);
  });

  await test.step("a drag of the area view's edge that is given up leaves it as it was", async () => {
    const separator = page.getByRole("separator", { name: "Width of the area view" });
    const widthPx = async () => (await screens.areaView.region.boundingBox())?.width ?? 0;
    const before = await widthPx();
    const dragFurther = async () => {
      const box = await separator.boundingBox();
      if (box === null) throw new Error("The edge of the area view is not in sight.");
      await page.mouse.move(box.x + box.width / 2, box.y + 100);
      await page.mouse.down();
      await page.mouse.move(box.x + 90, box.y + 100, { steps: 3 });
      await expect.poll(widthPx).toBeGreaterThan(before + 60);
    };
    // As the system takes a pointer away: a touch becomes a gesture, a pen leaves, a window comes over it.
    await separator.evaluate((edge: HTMLElement) => {
      edge.addEventListener("pointerdown", ({ pointerId }) => {
        edge.ownerDocument.addEventListener("cancel-drag", () => {
          edge.dispatchEvent(new PointerEvent("pointercancel", { pointerId, bubbles: true }));
          edge.releasePointerCapture(pointerId);
        });
      });
    });
    await dragFurther();
    await page.evaluate(() => document.dispatchEvent(new Event("cancel-drag")));
    await expect.poll(widthPx).toBe(before);
    await page.mouse.up();

    await screens.tray.open();
    await dragFurther();
    await page.keyboard.press("Escape");
    await expect.poll(widthPx).toBe(before);
    await page.mouse.move(before + 200, 200);
    await page.mouse.up();
    expect(await widthPx()).toBe(before);
    // It was the drag that was given up; the tray is another's to close.
    await expect(separator).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(screens.tray.region).toBeHidden();
    await page.reload();
    await expect(separator).toHaveAttribute("aria-valuenow", String(before));
  });

  await test.step("the area view is as wide as the operator makes it, also after a reload", async () => {
    const separator = page.getByRole("separator", { name: "Width of the area view" });
    const widthPx = async () => (await screens.areaView.region.boundingBox())?.width;
    const before = (await widthPx()) ?? 0;
    await separator.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await expect.poll(widthPx).toBe(before + 32);
    await page.reload();
    await expect.poll(widthPx).toBe(before + 32);
  });
});
