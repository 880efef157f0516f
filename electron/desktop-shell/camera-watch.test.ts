import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Camera, cameraProblem } from "#shared/domain/camera.ts";
import { ArchiveClient } from "../adapters/archive-client/archive-client.ts";
import { cameraFeed, type CamerasChange } from "./camera-feed.ts";
import { watchCameras } from "./camera-watch.ts";

const GATE: Camera = {
  ...{
    id: "gate",
    name: "Gate",
    area: "North",
    state: "recording",
    connectingSinceUtcMs: null,
    problem: null,
  },
};

let server: Server;
let cameras: Camera[];
let looks: number;
let told: CamerasChange[];
let stop: () => void;

beforeEach(async () => {
  [cameras, looks, told] = [[GATE], 0, []];
  server = createServer((_request, response) => {
    looks += 1;
    response.end(JSON.stringify({ cameras }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const archive = new ArchiveClient(() => ({ baseUrl, token: "secret" }));
  stop = watchCameras(
    archive,
    cameraFeed((change) => told.push(change)),
    5,
  );
  await expect.poll(() => told.length).toBe(1);
});

afterEach(async () => {
  stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** Until the archive has been asked and has answered at least once more. */
async function looked(): Promise<void> {
  const before = looks;
  await expect.poll(() => looks).toBeGreaterThan(before + 1);
}

test.each<[string, Partial<Camera>]>([
  ["a problem that came", { problem: cameraProblem({ code: "DISK_FULL", message: "Full." }) }],
  ["another state", { state: "no-signal" }],
  ["another name", { name: "Main gate" }],
])("%s is told", async (_words, change) => {
  cameras = [{ ...GATE, ...change }];
  await expect.poll(() => told.at(-1)?.changed).toEqual(cameras);
});

test("nothing is told while nothing changes", async () => {
  await looked();
  expect(told).toHaveLength(1);
});
