import { isolated } from "#shared/domain/names.ts";
import { app, Menu, nativeImage, Notification, Tray } from "electron";
import { hasIssue, isUnfinished, type ExportSummary } from "#shared/domain/export-status.ts";
import { PRODUCT_NAME } from "#shared/domain/brand.ts";

export interface SystemTrayOptions {
  readonly iconPath: string;
  readonly issueIconPath: string;
  readonly onOpen: () => void;
}

/** What the operator on duty wants of the system's tray. `hide`: neither icon nor notifications. */
export type TrayMode = "show" | "hide" | "notifications-only";

/** The icon in the system's tray and the native notifications; made only where the runtime has both. */
export class SystemTray {
  readonly #options: SystemTrayOptions;
  readonly #known = new Map<string, ExportSummary["kind"]>();
  #mode: TrayMode = "show";
  #icon: Tray | null;

  constructor(options: SystemTrayOptions) {
    this.#options = options;
    this.#icon = this.#makeIcon();
  }

  setMode(mode: TrayMode): void {
    this.#mode = mode;
    if (mode === "show") {
      this.#icon ??= this.#makeIcon();
      return;
    }
    this.#icon?.destroy();
    this.#icon = null;
  }

  /** @param changed those of all that are not as they were when this was called last */
  show(statuses: readonly ExportSummary[], changed: readonly ExportSummary[]): void {
    const issues = statuses.filter(hasIssue).length;
    const running = statuses.filter(isUnfinished).length;
    const path = issues > 0 ? this.#options.issueIconPath : this.#options.iconPath;
    this.#icon?.setImage(nativeImage.createFromPath(path));
    this.#icon?.setToolTip(`${PRODUCT_NAME}: ${running} running, ${issues} with an issue`);
    for (const status of changed) this.#tellOfEnd(status);
  }

  tellStillRunning(): void {
    this.#notify(PRODUCT_NAME, "Exports go on. Start the console again to see them.");
  }

  #makeIcon(): Tray {
    const icon = new Tray(nativeImage.createFromPath(this.#options.iconPath));
    icon.setToolTip(PRODUCT_NAME);
    icon.on("click", this.#options.onOpen);
    icon.setContextMenu(
      Menu.buildFromTemplate([
        { label: `Open ${PRODUCT_NAME}`, click: this.#options.onOpen },
        { label: "Quit", click: () => app.quit() },
      ]),
    );
    return icon;
  }

  #tellOfEnd(status: ExportSummary): void {
    const before = this.#known.get(status.exportId);
    this.#known.set(status.exportId, status.kind);
    if (before === undefined || before === status.kind) return;
    const cameras = status.cameraExports.map(({ cameraName }) => isolated(cameraName)).join(", ");
    if (status.kind === "available") this.#notify("Evidence is available", cameras);
    if (status.kind === "failed") {
      this.#notify("An export has failed", `${cameras}: ${status.failure?.message ?? ""}`);
    }
  }

  #notify(title: string, body: string): void {
    if (this.#mode !== "hide" && Notification.isSupported()) new Notification({ title, body }).show();
  }
}
