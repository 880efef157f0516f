import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeSpool } from "../../export-pipeline/ports/segment-spool-suite.ts";
import { SegmentWorker } from "../segment-encryptor/segment-workers.ts";
import { FolderSpool } from "./folder-spool.ts";

const FOOTAGE = randomBytes(300_000);
const HOUR_MS = 3_600_000;
const RECORDED = { startUtcMs: HOUR_MS, endUtcMs: 2 * HOUR_MS };
const EMPTY = { startUtcMs: 2 * HOUR_MS, endUtcMs: 3 * HOUR_MS };
const { n = "", e = "" } = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({
  format: "jwk",
});

describeSpool("the spool folder", async () => {
  const folder = await mkdtemp(join(tmpdir(), "spool-"));
  let isStuck = false;
  const server = createServer((request, response) => {
    if (request.url === `/${EMPTY.startUtcMs}`) {
      response.writeHead(404).end(JSON.stringify({ code: "NO_FOOTAGE", detail: "There is no frame." }));
      return;
    }
    response.writeHead(200, { "content-length": FOOTAGE.length });
    if (isStuck) response.write(FOOTAGE.subarray(0, 1_000));
    else response.end(FOOTAGE);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const worker = new SegmentWorker(new URL("../segment-encryptor/segment-worker.ts", import.meta.url));
  const spool = new FolderSpool({
    settings: () => ({ folder, quotaBytes: 1e9 }),
    worker,
    exportUrl: (_cameraId, { startUtcMs }) => ({
      baseUrl: `http://127.0.0.1:${port}/${startUtcMs}`,
      token: "token",
    }),
  });
  return {
    ...{ spool, recorded: RECORDED, empty: EMPTY },
    recipient: { jwk: { kty: "RSA", kid: "k", n, e }, protocol: "2.0" },
    whileStuck: async (work) => {
      isStuck = true;
      await work();
      isStuck = false;
    },
    close: async () => {
      await worker.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
});
