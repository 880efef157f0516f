import { app, Menu, nativeImage, Notification, Tray } from "electron";
import { hasIssue, isUnfinished, type ExportStatus } from "#shared/domain/export-status.ts";
import { PRODUCT_NAME } from "#shared/domain/brand.ts";

export interface SystemTrayOptions {
  readonly iconPath: string;
  readonly issueIconPath: string;
  readonly onOpen: () => void;
}

/** The icon in the system's tray and the native notifications; made only where the runtime has both. */
export class SystemTray {
  readonly #tray: Tray;
  readonly #options: SystemTrayOptions;
  readonly #known = new Map<string, ExportStatus["kind"]>();

  constructor(options: SystemTrayOptions) {
    this.#options = options;
    this.#tray = new Tray(nativeImage.createFromPath(options.iconPath));
    this.#tray.setToolTip(PRODUCT_NAME);
    this.#tray.on("click", options.onOpen);
    this.#tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: `Open ${PRODUCT_NAME}`, click: options.onOpen },
        { label: "Quit", click: () => app.quit() },
      ]),
    );
  }

  show(statuses: readonly ExportStatus[]): void {
    const issues = statuses.filter(hasIssue).length;
    this.#tray.setImage(
      nativeImage.createFromPath(issues > 0 ? this.#options.issueIconPath : this.#options.iconPath),
    );
    const running = statuses.filter(isUnfinished).length;
    this.#tray.setToolTip(`${PRODUCT_NAME}: ${running} running, ${issues} with an issue`);
    for (const status of statuses) this.#notifyOfEnd(status);
  }

  tellStillRunning(): void {
    notify(PRODUCT_NAME, "Exports go on. Open the console again from this icon.");
  }

  #notifyOfEnd(status: ExportStatus): void {
    const before = this.#known.get(status.exportId);
    this.#known.set(status.exportId, status.kind);
    if (before === undefined || before === status.kind) return;
    const cameras = status.cameraExports.map(({ cameraName }) => cameraName).join(", ");
    if (status.kind === "available") notify("Evidence is available", cameras);
    if (status.kind === "failed")
      notify("An export has failed", `${cameras}: ${status.failure?.message ?? ""}`);
  }
}

function notify(title: string, body: string): void {
  if (Notification.isSupported()) new Notification({ title, body }).show();
}
