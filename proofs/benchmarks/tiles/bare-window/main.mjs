/** One window of Electron with the page that is named, and nothing of ours: what tiles are measured against there. */
import { app, BrowserWindow } from "electron";

const [address = "", width = "1600", height = "1000", folder = ""] = (process.env.BARE_WINDOW ?? "").split(
  " ",
);

// The archive knows the console's page and no other; this one reads it all the same.
app.commandLine.appendSwitch("disable-web-security");
app.commandLine.appendSwitch("autoplay-policy", "no-user-gesture-required");
app.setPath("userData", folder);
app.on("window-all-closed", () => app.quit());
// Not awaited: Electron is ready only when this file has been read to its end.
void app.whenReady().then(() => {
  const window = new BrowserWindow({
    width: Number(width),
    height: Number(height),
    useContentSize: true,
    webPreferences: { sandbox: true, webSecurity: false },
  });
  return window.loadURL(address);
});
