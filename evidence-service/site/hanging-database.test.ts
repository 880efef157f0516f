/** A server that hangs: the system takes connections for it, and nothing is ever said on them. */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { holdsTables } from "../backup/postgres-dump.ts";
import { SchemaUse } from "../storage/postgres/schema-use.ts";
import {
  isWithoutService,
  type MetadataPlace,
  metadataRefusal,
  openMetadata,
  openMetadataForReading,
} from "./metadata-place.ts";
import { findMarks } from "./restore-mark.ts";

const server = createServer((socket) => socket.on("error", () => undefined)); // Its end is the other one's.
let dir: string;
let place: Extract<MetadataPlace, { kind: "postgres" }>;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "hanging-"));
  // Each with a port of its own: who was kept waiting tells the next one.
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `postgresql://app@127.0.0.1:${(server.address() as AddressInfo).port}/postgres`;
  place = { kind: "postgres", url, schema: "hanging", suspectedAfterMs: 100 };
});
afterEach(async () => {
  server.close();
  await rm(dir, { recursive: true, force: true });
});

const taken = () =>
  SchemaUse.take({ place, patienceMs: 0, displaced: () => undefined }).catch((error: unknown) => {
    throw metadataRefusal(error, place);
  });

test.each([
  ["takes its place", taken],
  ["opens its metadata", () => openMetadata(place, () => undefined)],
  ["reads them", () => openMetadataForReading(place)],
  ["asks whether they are there", () => isWithoutService(place)],
  ["asks whether they are being restored", () => findMarks(dir, place)],
  ["restores them", () => holdsTables(place)],
])("whoever %s is told that the database does not answer, not that it refuses", async (_, ask) => {
  await expect(ask()).rejects.toMatchObject({ code: "POSTGRES_UNREACHABLE" });
});
