import { once } from "node:events";
import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { INIT_FILE, footageFilePath, sessionFolder } from "#archive/ground/archive-folder.ts";
import { join } from "node:path";
import { SEEK_PAGE } from "./seek-page.ts";

/** A plain server: the page, the player, and the archive's files as they lie on the disk. */
export interface StaticServer {
  readonly origin: string;
  /** What it gives as /static/playlist.m3u8. */
  playlist: string;
  close(): Promise<void>;
}

export async function staticServer(dir: string, cameraId: string): Promise<StaticServer> {
  const player = createRequire(import.meta.url).resolve("video.js/dist/video.min.js");
  const served = { playlist: "" };
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    const [, session = "", file = ""] = /^\/static\/segments\/(\d{13})\/([a-z0-9.]+)$/.exec(path) ?? [];
    if (path === "/") response.setHeader("content-type", "text/html").end(SEEK_PAGE);
    else if (path === "/static/playlist.m3u8") response.end(served.playlist);
    else {
      const stored = session === "" ? player : footageFile(dir, cameraId, session, file);
      createReadStream(stored)
        .on("error", () => response.writeHead(404).end())
        .pipe(response);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return Object.assign(served, { origin: `http://127.0.0.1:${port}`, close });
}

function footageFile(dir: string, cameraId: string, session: string, file: string): string {
  if (file === INIT_FILE) return join(sessionFolder(dir, cameraId, session), INIT_FILE);
  return footageFilePath(sessionFolder(dir, cameraId, session), Number.parseInt(file, 10));
}
