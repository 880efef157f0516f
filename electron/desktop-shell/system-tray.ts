import { app, Menu, nativeImage, Notification, Tray } from "electron";
import {
  type ExportsChange,
  hasIssue,
  isUnfinished,
  type ExportSummary,
} from "#shared/domain/export-status.ts";
import { PRODUCT_NAME } from "#shared/domain/brand.ts";
import { DesktopNotifications } from "./desktop-notifications.ts";
import { ExportNotices } from "./export-notices.ts";
import { trayWords } from "./tray-words.ts";

export interface SystemTrayOptions {
  readonly iconPath: string;
  readonly issueIconPath: string;
  readonly onOpen: () => void;
  /** A notification was clicked that told of this export. */
  readonly onOpenExport: (exportId: string) => void;
}

/** What the operator on duty wants of the system's tray. `hide`: neither icon nor notifications. */
export type TrayMode = "show" | "hide" | "notifications-only";

/** Of the notice that exports go on without a window, which tells of no export alone. */
const STILL_RUNNING = "";

/** The icon in the system's tray and the native notifications; made only where the runtime has both. */
export class SystemTray {
  readonly #options: SystemTrayOptions;
  readonly #notices = new ExportNotices();
  readonly #notifications = new DesktopNotifications((words) => new Notification(words));
  readonly #toldOfClosing = new Set<string>();
  #mode: TrayMode = "show";
  #shown = { issues: 0, running: 0 };
  #icon: Tray | null = null;

  constructor(options: SystemTrayOptions) {
    this.#options = options;
    this.#icon = this.#makeIcon();
    this.#draw();
  }

  get mode(): TrayMode {
    return this.#mode;
  }

  setMode(mode: TrayMode): void {
    this.#mode = mode;
    if (mode === "show") {
      this.#icon ??= this.#makeIcon();
      return this.#draw();
    }
    this.#icon?.destroy();
    this.#icon = null;
  }

  /** @param change what of all is not as it was when this was called last */
  show(statuses: readonly ExportSummary[], { changed, removed }: ExportsChange): void {
    const shown = { issues: statuses.filter(hasIssue).length, running: statuses.filter(isUnfinished).length };
    const isNews = shown.issues !== this.#shown.issues || shown.running !== this.#shown.running;
    this.#shown = shown;
    if (isNews) this.#draw();
    for (const { exportId, ...words } of this.#notices.of(changed))
      this.#tell(exportId, words, () => this.#options.onOpenExport(exportId));
    this.#notices.forget(removed);
    this.#notifications.takeBack(removed);
  }

  /** Said once to each operator: who knows it is not told at every closing. */
  tellStillRunning(username: string): void {
    if (this.#toldOfClosing.has(username)) return;
    this.#toldOfClosing.add(username);
    const body = `Exports go on. ${this.#icon === null ? "Start the console again" : "Open the console here"} to see them.`;
    this.#tell(STILL_RUNNING, { title: PRODUCT_NAME, body }, this.#options.onOpen);
  }

  #makeIcon(): Tray {
    const icon = new Tray(nativeImage.createFromPath(this.#options.iconPath));
    icon.on("click", this.#options.onOpen);
    return icon;
  }

  /** The menu is made anew: on Linux a menu stays as it was when it was set. */
  #draw(): void {
    // In the dock, or at the launcher's icon, where a desktop shows numbers there.
    app.setBadgeCount(this.#shown.issues);
    if (this.#icon === null) return;
    const { iconPath, issueIconPath, onOpen } = this.#options;
    const words = trayWords(this.#shown);
    this.#icon.setImage(nativeImage.createFromPath(this.#shown.issues > 0 ? issueIconPath : iconPath));
    this.#icon.setToolTip(`${PRODUCT_NAME}: ${words}`);
    this.#icon.setContextMenu(
      Menu.buildFromTemplate([
        { label: words, enabled: false },
        { type: "separator" },
        { label: `Open ${PRODUCT_NAME}`, click: onOpen },
        {
          label: this.#shown.running > 0 ? "Quit; exports go on at the next start" : "Quit",
          click: () => app.quit(),
        },
      ]),
    );
  }

  #tell(about: string, words: { readonly title: string; readonly body: string }, onClick: () => void): void {
    if (this.#mode === "hide" || !Notification.isSupported()) return;
    this.#notifications.tell(about, words, onClick);
  }
}
