import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHttpApplication } from "../http/http-application.ts";
import { SenderPriority } from "../http/sender-priority.ts";
import { registerBlockBlobRoutes } from "./block-blob-routes.ts";
import { describeBlobStore, type StoreUnderTest } from "./blob-store-suite.ts";
import { FileBlobStore } from "./file-blob-store.ts";
import { openSqliteMetadata } from "../storage/sqlite-metadata.ts";

describeBlobStore("blobs as files", startFileBlobStore);

/** The store, and over HTTP the routes that its addresses point at. */
async function startFileBlobStore(): Promise<StoreUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), "file-blob-store-"));
  const db = openSqliteMetadata(":memory:");
  const app = await createHttpApplication("error");
  let url = "";
  const address = { container: "container", sasSecrets: () => [Buffer.alloc(32, 1)], url: () => url };
  const room = { taking: <T>(_lengthBytes: number, write: () => Promise<T>) => write() };
  const store = new FileBlobStore({ db, folder, room, ...address });
  registerBlockBlobRoutes(app, {
    store,
    mayUse: async () => true,
    senders: new SenderPriority(),
    now: Date.now,
    onAway: () => undefined,
  });
  url = await app.listen({ host: "127.0.0.1", port: 0 });
  const close = async () => {
    await app.close();
    await db.destroy();
    await rm(folder, { recursive: true });
  };
  return { store, close };
}
