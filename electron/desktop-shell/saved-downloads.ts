import { existsSync } from "node:fs";
import { join, parse } from "node:path";
import { isOfConsole } from "./page-origin.ts";

/** Of Electron's `DownloadItem`. */
interface DownloadItem {
  getURL(): string;
  getFilename(): string;
  setSavePath(path: string): void;
}

/** Of Electron's `Session`. */
interface DownloadingSession {
  on(
    name: "will-download",
    listener: (event: { preventDefault(): void }, item: DownloadItem) => void,
  ): unknown;
}

/**
 * Saves what the console's page makes itself, such as a snapshot, in a folder without a question: the page says at once
 * that it is saved. Nothing else is ever downloaded.
 * @param folder the user's folder of downloads, asked for each time
 */
export function saveDownloads(session: DownloadingSession, folder: () => string): void {
  session.on("will-download", (event, item) => {
    if (isMadeByPage(item.getURL())) item.setSavePath(freePath(folder(), item.getFilename()));
    else event.preventDefault();
  });
}

const MADE_IN_PAGE = "blob:";

const isMadeByPage = (url: string): boolean =>
  url.startsWith(MADE_IN_PAGE) && isOfConsole(url.slice(MADE_IN_PAGE.length));

/** As browsers name what has the name of another: `name (1).png`. */
function freePath(folder: string, fileName: string): string {
  // A page says the name: of a path only its last part counts.
  const { name, ext, base } = parse(fileName);
  let path = join(folder, base);
  for (let count = 1; existsSync(path); count += 1) path = join(folder, `${name} (${count})${ext}`);
  return path;
}
