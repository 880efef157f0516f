import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { pipeline } from "node:stream";

/** One file, served to whoever knows its address: this process. */
export interface PackageFeed {
  readonly url: string;
  close(): void;
}

/**
 * electron-updater takes packages over HTTP alone. What was fetched and found to be sound is given to it from this
 * computer, under an address that nobody can guess; it compares the SHA-512 once more.
 * @param name the last part of the address, by whose ending packages are told apart
 */
export async function feedPackage(path: string, name: string): Promise<PackageFeed> {
  const address = `/${randomBytes(16).toString("hex")}/${encodeURIComponent(name)}`;
  const server = createServer((request, response) => {
    if (request.method === "GET" && request.url === address)
      pipeline(createReadStream(path), response, () => undefined);
    else response.writeHead(404).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${address}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
