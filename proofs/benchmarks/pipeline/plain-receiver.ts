/**
 * The least a server can do with an upload: each PUT becomes a file, in a process of its own. An address that begins
 * with /durable/ is answered when the file is on the disk.
 */
import { createWriteStream } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

const [folder = "."] = process.argv.slice(2);
let received = 0;

const server = createServer((request, response) => {
  const flush = request.url?.startsWith("/durable/") === true;
  const file = createWriteStream(join(folder, `received-${(received += 1)}`), { flush });
  pipeline(request, file).then(
    () => response.writeHead(201, { etag: '"1"' }).end(),
    () => response.destroy(),
  );
});

server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ listening: `http://127.0.0.1:${port}` })}\n`);
});

// A bench that was ended leaves nobody behind.
process.on("disconnect", () => process.exit());
