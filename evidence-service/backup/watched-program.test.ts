import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientSettings } from "../storage/postgres/postgres-place.ts";
import { runWatched, ServerSilent } from "./watched-program.ts";

/** It takes connections, and says nothing. */
const server = createServer((socket) => socket.on("error", () => undefined)); // Its end is the other one's.
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "watched-program-"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const settings = () => {
  const url = `postgresql://app@127.0.0.1:${(server.address() as AddressInfo).port}/postgres`;
  return clientSettings({ url, schema: "watched", suspectedAfterMs: 100 });
};
const shell = (...words: string[]) => ({ name: "sh", words: ["-c", ...words], environment: {} });

test("a program that comes no further is ended where the server is silent, also one that does not end when asked", async () => {
  const stubborn = shell("trap '' TERM; exec sleep 30");
  const watch = { settings: settings(), progress: async () => 0 };
  await expect(runWatched(stubborn, watch)).rejects.toBeInstanceOf(ServerSilent);
});

test("one that comes further goes on, whatever the server says to others", async () => {
  const file = join(folder, "growing");
  const slow = shell(
    'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do printf x >> "$0"; sleep 0.1; done',
    file,
  );
  const size = () =>
    stat(file).then(
      (found) => found.size,
      () => 0, // It is not made yet.
    );
  await runWatched(slow, { settings: settings(), progress: size });
  expect(await size()).toBe(15);
});

test("what a program says when it fails is handed on", async () => {
  const failing = runWatched(shell("echo so it is >&2; exit 1"), {
    settings: settings(),
    progress: async () => 0,
  });
  await expect(failing).rejects.toMatchObject({ stderr: "so it is\n" });
});
