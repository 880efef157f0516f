import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { BlockBlobClient } from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { AzureBlobStore } from "#evidence-service/blobs/azure/azure-blob-store.ts";
import { azureContainer, makeContainer } from "#evidence-service/blobs/azure/azure-container.ts";
import { BlobsUnreachable, readWhole } from "#evidence-service/storage/blob-store.ts";
import { describeBlobStore } from "#evidence-service/blobs/blob-store-suite.ts";
import { openSqliteMetadata } from "#evidence-service/storage/sqlite-metadata.ts";
import { installAzurite, startAzurite, type Azurite } from "./azurite.ts";

const program = await installAzurite();
const why = "missing" in program ? ` (skipped: ${program.missing})` : "";
const FAR_OFF_UTC_MS = Date.UTC(2100, 0);

describe.skipIf(why !== "")(`blobs in Azurite${why}`, () => {
  let azurite: Azurite;
  beforeAll(async () => {
    azurite = await startAzurite("path" in program ? program.path : "");
  });
  afterAll(async () => {
    await azurite.stop();
  });

  /** @param port where Azurite is reached, if that is not its own */
  async function openStore(port?: number, db = openSqliteMetadata(":memory:")) {
    const connectionString = azurite.connectionString(port);
    const container = azureContainer({ connectionString, container: "evidence" });
    await makeContainer(container);
    return { store: new AzureBlobStore({ db, container }), db, close: () => db.destroy() };
  }

  describeBlobStore("AzureBlobStore", () => openStore());

  test("what was sealed is the same for a service that starts anew", async () => {
    const first = await openStore();
    const client = new BlockBlobClient(first.store.uploadUri("restarted", FAR_OFF_UTC_MS));
    await client.upload("sealed", 6);
    await first.store.seal("restarted");
    await client.getBlobLeaseClient().breakLease(0);
    await client.upload("forged", 6);
    const { store, close } = await openStore(undefined, first.db);
    expect((await client.downloadToBuffer()).toString()).toBe("forged");
    expect((await readWhole(store, "restarted", 0, 6)).toString()).toBe("sealed");
    await close();
  });

  test("sealing twice at the same time keeps one content", async () => {
    const { store, close } = await openStore();
    const client = new BlockBlobClient(store.uploadUri("twice", FAR_OFF_UTC_MS));
    await client.upload("one", 3);
    await Promise.all([store.seal("twice"), store.seal("twice")]);
    expect((await readWhole(store, "twice", 0, 3)).toString()).toBe("one");
    await close();
  });

  test("a lease that somebody took before keeps nothing from being sealed, nor open, nor from removal", async () => {
    const { store, close } = await openStore();
    const client = new BlockBlobClient(store.uploadUri("leased", FAR_OFF_UTC_MS));
    await client.upload("sealed", 6);
    const { leaseId } = await client.getBlobLeaseClient().acquireLease(-1);
    await store.seal("leased");
    await client.upload("forged", 6, { conditions: leaseId === undefined ? {} : { leaseId } });
    expect((await readWhole(store, "leased", 0, 6)).toString()).toBe("sealed");
    await store.remove("leased");
    expect(await store.properties("leased")).toBeNull();
    await close();
  });

  test("a reader that stops early ends its download", async () => {
    const wire = await countingWire(azurite.port);
    const { store, close } = await openStore(wire.port);
    const lengthBytes = 64 << 20;
    await new BlockBlobClient(store.uploadUri("long", FAR_OFF_UTC_MS)).uploadData(Buffer.alloc(lengthBytes));
    wire.receivedBytes = 0;
    for await (const chunk of store.read("long", 0, lengthBytes)) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    await vi.waitFor(() => expect(wire.downloading()).toBe(0), { timeout: 10_000 });
    expect(wire.receivedBytes).toBeLessThan(lengthBytes / 4);
    await close();
    await wire.close();
  });

  test("a download that breaks off goes on where it was", async () => {
    const wire = await countingWire(azurite.port);
    const { store, close } = await openStore(wire.port);
    const content = Buffer.alloc(32 << 20, "0123456789");
    await new BlockBlobClient(store.uploadUri("broken", FAR_OFF_UTC_MS)).uploadData(content);
    const chunks: Buffer[] = [];
    for await (const chunk of store.read("broken", 0, content.length)) {
      if (chunks.length === 0) wire.cut();
      chunks.push(chunk);
    }
    expect(Buffer.concat(chunks).equals(content)).toBe(true);
    await close();
    await wire.close();
  });

  test("a store that is gone says so, and is there again when it is", async () => {
    const wire = await countingWire(azurite.port);
    const { store, close } = await openStore(wire.port);
    await new BlockBlobClient(store.uploadUri("away", FAR_OFF_UTC_MS)).upload("here", 4);
    await wire.close();
    await expect(store.properties("away")).rejects.toThrow(BlobsUnreachable);
    await expect(readWhole(store, "away", 0, 4)).rejects.toThrow(BlobsUnreachable);
    await expect(store.seal("away")).rejects.toThrow(BlobsUnreachable);
    await expect(store.remove("away")).rejects.toThrow(BlobsUnreachable);
    const again = await countingWire(azurite.port, wire.port);
    expect((await readWhole(store, "away", 0, 4)).toString()).toBe("here");
    await close();
    await again.close();
  });
});

/** A wire to a service on this machine that counts what comes back through it and can be cut. */
async function countingWire(target: number, at = 0) {
  const ends = new Set<ReturnType<typeof connect>>();
  const server = createServer((near) => {
    const far = connect(target, "127.0.0.1");
    for (const end of [near, far]) {
      ends.add(end);
      end.on("error", () => end.destroy());
      end.on("close", () => {
        ends.delete(end);
        near.destroy();
        far.destroy();
      });
    }
    far.on("data", ({ length }) => (wire.receivedBytes += length));
    near.pipe(far).pipe(near);
  });
  server.listen(at, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const cut = () => ends.forEach((end) => end.destroy());
  const close = async () => {
    server.close();
    cut();
    await once(server, "close");
  };
  const wire = { port, receivedBytes: 0, downloading: () => ends.size, cut, close };
  return wire;
}
