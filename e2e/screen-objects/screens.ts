import type { Page } from "playwright-core";
import { AreaView } from "./area-view.ts";
import { Canvas } from "./canvas.ts";
import { ExportWizard } from "./export-wizard.ts";
import { LogOnDialog } from "./log-on-dialog.ts";
import { NotificationTray } from "./notification-tray.ts";
import { Settings } from "./settings.ts";
import { Sidebar } from "./sidebar.ts";

/** Everything a script can see and use of the console, found by role and accessible name. */
export interface Screens {
  logOn: LogOnDialog;
  areaView: AreaView;
  canvas: Canvas;
  wizard: ExportWizard;
  tray: NotificationTray;
  sidebar: Sidebar;
  settings: Settings;
}

export function screensOf(page: Page): Screens {
  return {
    logOn: new LogOnDialog(page),
    areaView: new AreaView(page),
    canvas: new Canvas(page),
    wizard: new ExportWizard(page),
    tray: new NotificationTray(page),
    sidebar: new Sidebar(page),
    settings: new Settings(page),
  };
}
