import type { Locator, Page } from "playwright-core";
import { expect, test } from "../fixture/test.ts";
import { closeEachWay, type Overlay } from "../proof/overlay-walk.ts";
import { overlaysInSource } from "../proof/overlays-in-source.ts";
import type { Screens } from "../screen-objects/screens.ts";

const WIZARD = "renderer/features/export-wizard";
const SETTINGS = "renderer/features/settings";
const TILES = "renderer/features/camera-tiles";
const WEB = "web-app";

/** What this walk does not open, and why, or where it is opened and closed instead. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "renderer/features/logon/log-on-dialog.tsx Dialog": "nothing closes it but logging on; focus.spec.ts",
  "renderer/features/notification-tray/export-actions.tsx ConfirmDialog": "focus-stays.spec.ts",
  [`${WIZARD}/export-wizard.tsx Dialog 1`]: "stands in for the wizard until the cameras are known",
  [`${WIZARD}/export-wizard.tsx Dialog 2`]:
    "asks about a draft whose wizard is not open: only after a crash while it closed",
  [`${SETTINGS}/about-settings.tsx aria-controls`]: "opens within the page, nothing closes; report.spec.ts",
  [`${SETTINGS}/account-change-dialog.tsx Dialog`]: "change-destination.spec.ts",
  [`${SETTINGS}/archive-settings.tsx ConfirmDialog 1`]: "other-archive.spec.ts",
  [`${SETTINGS}/archive-settings.tsx ConfirmDialog 2`]: "other-archive.spec.ts",
  [`${SETTINGS}/doubted-clock.tsx ConfirmDialog`]: "opens only while an archive doubts its clock",
  [`${SETTINGS}/authority-settings.tsx FileTrigger`]: "the system's own dialog for files",
  [`${SETTINGS}/connection-settings.tsx FileTrigger`]: "the system's own dialog for files",
  [`${WEB}/pages/app-frame.tsx NativeSelect`]: "the browser's own list; web-application.spec.ts",
  "renderer/app-shell/canvas-window.tsx KeysSheet": "the same sheet as the top bar's, in a further window",
  [`${WEB}/pages/app-frame.tsx KeysSheet`]: "web-application.spec.ts",
  [`${WEB}/player/transport.tsx NativeSelect`]: "the browser's own list; web-application.spec.ts",
  [`${WEB}/pages/access-panel.tsx NativeSelect`]: "the browser's own list",
  [`${WEB}/pages/audit-filter-form.tsx NativeSelect`]: "the browser's own list",
  [`${WEB}/pages/default-access.tsx NativeSelect`]: "the browser's own list",
  [`${WEB}/pages/kept-field.tsx NativeSelect`]: "the browser's own list",
  [`${WEB}/pages/change-dialog.tsx Dialog`]: "web-application.spec.ts",
  [`${WEB}/pages/note-texts-dialog.tsx Dialog`]: "web-application.spec.ts",
  [`${WEB}/pages/edit-case-dialog.tsx Select`]: "web-application.spec.ts",
  [`${WEB}/pages/give-access-dialog.tsx Select`]: "web-application.spec.ts",
  [`${WEB}/pages/why-dialog.tsx Dialog`]: "web-application.spec.ts",
  [`${WEB}/pages/factor-dialog.tsx Dialog`]: "second-factor.spec.ts",
  [`${WEB}/pages/factor-reset-button.tsx ConfirmDialog`]: "second-factor.spec.ts",
  [`${WEB}/pages/made-link-dialog.tsx Dialog`]: "people.spec.ts",
  [`${WEB}/pages/person-dialog.tsx Dialog`]: "people.spec.ts",
  [`${WEB}/pages/lock-button.tsx ConfirmDialog`]: "people.spec.ts",
  [`${WEB}/pages/account-keys.tsx ConfirmDialog`]: "people.spec.ts",
  [`${WEB}/pages/connection-file-dialog.tsx Dialog`]: "people.spec.ts",
  [`${WEB}/pages/person-groups.tsx Select`]: "the list of “Edit case” once more",
};

const button = (within: Page | Locator, name: string) => within.getByRole("button", { name, exact: true });
const dialogOf = (page: Page, name: string) => page.getByRole("dialog", { name, exact: true });
/** In the bar at the top, where nothing is to be pressed. */
const BESIDE = { x: 60, y: 12 };

function overConsole(page: Page, { tray, canvas }: Screens): Overlay[] {
  const tile = canvas.tile(1).element;
  const [settings, keys] = [dialogOf(page, "Settings"), dialogOf(page, "Keys")];
  const { question } = canvas.tile(1);
  const header = page.locator("header");
  return [
    {
      ...{ source: `${SETTINGS}/settings-dialog.tsx Dialog`, name: "Settings", key: "Enter" },
      ...{ opener: button(header, "Settings"), overlay: settings },
      ways: ["Escape", button(settings, "Close"), button(settings, "Done")],
    },
    {
      ...{ source: "renderer/app-shell/top-bar.tsx KeysSheet", name: "Keys", key: "Enter" },
      ...{ opener: button(header, "Keys"), overlay: keys },
      ways: ["Escape", button(keys, "Close"), button(keys, "Done"), BESIDE],
    },
    {
      ...{ source: "renderer/features/notification-tray/notification-tray.tsx aria-controls" },
      ...{ name: "Notifications", opener: tray.button, key: "Enter", overlay: tray.region },
      ways: ["Escape", BESIDE],
    },
    {
      ...{ source: `${TILES}/tile-frame.tsx ContextMenu`, name: "the tile's menu", key: "Shift+F10" },
      ...{ opener: tile, overlay: page.getByRole("menu"), ways: ["Escape", BESIDE] },
    },
    {
      ...{ source: `${TILES}/tile-controls.tsx MenuButton`, name: "the menu of speeds", key: "Enter" },
      ...{ opener: button(tile, "Speed 1×"), overlay: page.getByRole("menu"), ways: ["Escape", BESIDE] },
    },
    {
      ...{ source: `${TILES}/jump-to-time.tsx PopoverDialog`, name: "Jump to time", key: "Enter" },
      ...{ opener: button(tile, "Jump to time"), overlay: question },
      ways: ["Escape", button(question, "Cancel"), BESIDE],
    },
  ];
}

/** A list that opens below its button. */
function selectOf(page: Page, source: string, within: Locator, label: string): Overlay {
  const opener = within.getByRole("button", { name: new RegExp(`${label}$`) });
  const overlay = page.getByRole("listbox", { name: label });
  return { source, name: label, opener, key: "Enter", overlay, ways: ["Escape"] };
}

/** A question that is answered with no. */
function questionOf(page: Page, source: string, opener: Locator): Overlay {
  const overlay = page.getByRole("alertdialog");
  const ways = ["Escape", button(overlay, "Cancel"), button(overlay, "Close")];
  return { source, name: source, opener, key: "Enter", overlay, ways };
}

test("whatever opens over the console is opened and closed by keyboard, and the focus comes back", async ({
  desk,
  screens,
}) => {
  test.setTimeout(240_000);
  const { page } = desk;
  page.setDefaultTimeout(30_000);
  const { canvas, wizard, settings } = screens;
  const walked = new Set<string>();
  const walk = async (overlay: Overlay) => {
    await test.step(overlay.name, () => closeEachWay(page, overlay));
    walked.add(overlay.source);
  };
  await screens.logOn.logOn("administrator", "administrator");
  await canvas.choosePattern("2×2");
  // Whatever stood in the tiles before: other specs use the same site.
  for (const [number, camera] of [
    [1, "Car park barrier"],
    [2, "Lobby entrance"],
  ] as const) {
    await canvas.tile(number).select();
    await screens.areaView.open(camera);
  }
  await canvas.tile(1).isPlaying();
  const tile = canvas.tile(1).element;
  for (const overlay of overConsole(page, screens)) await walk(overlay);

  await test.step("the wizard, its dialog of cameras, its lists and its question", async () => {
    const openWizard = async () => {
      await tile.focus();
      await page.keyboard.press("Shift+F10");
      await page.getByRole("menuitem", { name: /^Send evidence/ }).focus();
      await page.keyboard.press("Enter");
      await expect(wizard.dialog).toBeVisible();
    };
    for (const way of ["Escape", button(wizard.dialog, "Cancel"), button(wizard.dialog, "Close")]) {
      await openWizard();
      if (typeof way === "string") await page.keyboard.press(way);
      else await way.press("Enter");
      await expect(wizard.dialog).toBeHidden();
      await expect(tile).toBeFocused();
    }
    walked.add(`${WIZARD}/wizard-dialog.tsx Dialog`);

    await openWizard();
    const cameras = dialogOf(page, "Add cameras");
    await walk({
      ...{ source: `${WIZARD}/add-cameras-dialog.tsx Dialog`, name: "Add cameras", key: "Enter" },
      ...{ opener: button(wizard.dialog, "Add cameras"), overlay: cameras },
      ways: ["Escape", button(cameras, "Cancel"), button(cameras, "Close")],
    });
    // Escape empties a search first; one that is empty keeps it from nobody.
    await button(wizard.dialog, "Add cameras").focus();
    await page.keyboard.press("Enter");
    await page.keyboard.type("lobby");
    await expect(cameras.getByRole("option")).toHaveCount(1);
    await page.keyboard.press("ArrowDown");
    await expect(cameras.getByRole("option", { name: /Lobby entrance/ })).toBeFocused();
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Escape");
    await expect(cameras.getByRole("searchbox")).toHaveValue("");
    await page.keyboard.press("Escape");
    await expect(cameras).toBeHidden();
    await expect(button(wizard.dialog, "Add cameras")).toBeFocused();
    // Tab goes to a camera that can be picked, and from there Escape closes as well, whatever is checked.
    await page.keyboard.press("Enter");
    await expect(cameras.getByRole("searchbox")).toBeFocused();
    await page.keyboard.press("Tab");
    await expect(cameras.getByRole("option", { disabled: false }).first()).toBeFocused();
    await page.keyboard.press("Space");
    await page.keyboard.press("Escape");
    await expect(cameras).toBeHidden();
    await expect(button(wizard.dialog, "Add cameras")).toBeFocused();
    // After success, too.
    await button(wizard.dialog, "Add cameras").focus();
    await page.keyboard.press("Enter");
    await cameras.getByRole("option", { name: /Lobby entrance/ }).click();
    await button(cameras, "OK").press("Enter");
    await expect(button(wizard.dialog, "Add cameras")).toBeFocused();

    await wizard.next();
    await wizard.next();
    await wizard.associate("Create a new case");
    await wizard.next();
    await walk(selectOf(page, `${WIZARD}/new-case-step.tsx Select 1`, wizard.dialog, "Department"));
    await walk(selectOf(page, `${WIZARD}/new-case-step.tsx Select 2`, wizard.dialog, "Category"));

    const question = page.getByRole("alertdialog");
    const keep = [button(question, "Keep editing"), button(question, "Close"), "Escape"];
    await walk({
      ...{ source: `${WIZARD}/wizard-dialog.tsx ConfirmDialog`, name: "Discard?", key: "Enter" },
      ...{ opener: button(wizard.dialog, "Cancel"), overlay: question, ways: keep },
    });
    await button(wizard.dialog, "Cancel").press("Enter");
    await button(question, "Discard").press("Enter");
    await expect(wizard.dialog).toBeHidden();
    await expect(tile).toBeFocused();
  });

  await test.step("what the settings open", async () => {
    await settings.open();
    await settings.turnTo("Cameras");
    await walk(selectOf(page, `${SETTINGS}/camera-fields.tsx Select 1`, settings.dialog, "Transport"));
    await walk(selectOf(page, `${SETTINGS}/camera-fields.tsx Select 2`, settings.dialog, "Shape"));
    const edit = page.getByRole("dialog", { name: /^Edit Lobby entrance/ });
    await walk({
      ...{ source: `${SETTINGS}/edit-camera-dialog.tsx Dialog`, name: "Edit a camera", key: "Enter" },
      ...{ opener: settings.button("Edit Lobby entrance"), overlay: edit },
      ways: ["Escape", button(edit, "Cancel"), button(edit, "Close")],
    });
    const remove = settings.button("Remove Lobby entrance");
    await walk(questionOf(page, `${SETTINGS}/camera-settings.tsx ConfirmDialog`, remove));

    await settings.turnTo("Site");
    await walk(
      selectOf(page, `${SETTINGS}/site-settings.tsx Select`, settings.dialog, "Time zone of the site"),
    );
    const zone = settings.dialog.getByRole("button", { name: /Time zone of the site$/ });
    await zone.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("option", { name: "Europe/Paris", exact: true }).click();
    await expect(zone).toBeFocused();
    const change = settings.button("Change time zone");
    await walk(questionOf(page, `${SETTINGS}/site-settings.tsx ConfirmDialog`, change));
    const add = dialogOf(page, "Add an archive");
    await walk({
      ...{ source: `${SETTINGS}/archive-dialog.tsx Dialog`, name: "Add an archive", key: "Enter" },
      ...{ opener: settings.button("Add an archive"), overlay: add },
      ways: ["Escape", button(add, "Cancel"), button(add, "Close")],
    });
    await settings.close();
  });

  await test.step("what is typed in the settings stays while they are open, and is not lost unasked", async () => {
    const question = page.getByRole("alertdialog", { name: "Leave without saving?" });
    const keep = [button(question, "Keep editing"), button(question, "Close"), "Escape"];
    const opener = button(page.locator("header"), "Settings");
    await opener.focus();
    await page.keyboard.press("Enter");
    await settings.turnTo("Cameras");
    await settings.field("Address").fill("rtsp://half.example/typed");
    await settings.turnTo("Destination");
    await settings.field("Bandwidth cap in Mbit/s").fill("12");
    await settings.turnTo("Cameras");
    await expect(settings.field("Address")).toHaveValue("rtsp://half.example/typed");
    const leave = { source: `${SETTINGS}/leave-question.tsx ConfirmDialog`, name: "Leave?", key: "Enter" };
    await walk({ ...leave, opener: settings.button("Done"), overlay: question, ways: keep });
    await settings.field("Address").press("Escape");
    await expect(question.getByText("Not saved: Add a camera, Spool and bandwidth.")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(settings.field("Address")).toBeFocused();
    // Typed and taken back again is nothing to ask about.
    await settings.field("Address").fill("");
    await settings.turnTo("Destination");
    await settings.field("Bandwidth cap in Mbit/s").fill("");
    await settings.button("Done").press("Enter");
    await expect(settings.dialog).toBeHidden();
    await expect(opener).toBeFocused();

    await page.keyboard.press("Enter");
    await settings.turnTo("Cameras");
    await settings.button("Edit Lobby entrance").press("Enter");
    const edit = page.getByRole("dialog", { name: /^Edit Lobby entrance/ });
    const area = edit.getByLabel("Area", { exact: true });
    await area.fill("Elsewhere");
    await area.press("Escape");
    await button(question, "Keep editing").press("Enter");
    await expect(area).toHaveValue("Elsewhere");
    await button(edit, "Cancel").press("Enter");
    await button(question, "Discard").press("Enter");
    await expect(edit).toBeHidden();
    await expect(settings.button("Edit Lobby entrance")).toBeFocused();
    await settings.turnTo("Site");
    await settings.button("Add an archive").press("Enter");
    const archive = dialogOf(page, "Add an archive");
    await archive.getByLabel("Name", { exact: true }).fill("Half an archive");
    await page.keyboard.press("Escape");
    await button(question, "Discard").press("Enter");
    await expect(archive).toBeHidden();
    await settings.button("Done").press("Enter");
    await expect(opener).toBeFocused();
  });

  // Whatever is added to either page has to be walked here, or be said to be walked elsewhere.
  const { openers, strays } = await overlaysInSource();
  expect(strays).toEqual([]);
  expect([...walked, ...Object.keys(ELSEWHERE)].toSorted()).toEqual(openers);
});
