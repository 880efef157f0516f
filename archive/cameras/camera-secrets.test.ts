import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { camerasAnswerSchema, type ShownSource } from "#shared/archive-api/archive-api.ts";
import { startArchive, type RunningArchive } from "../archive-server.ts";
import { verifyArchive } from "../archive-upkeep.ts";
import { cameraKeyFile } from "../ground/archive-folder.ts";
import { writeCameraFile } from "../index/camera-file.ts";
import { footageIndex } from "../index/footage-index.ts";
import { openIndex } from "../index/open-index.ts";
import { ask, TEST_TOKEN } from "../testing/archive-program.ts";
import { doorkeeper } from "../testing/doorkeeper.ts";
import { makeCameraClip } from "../testing/loop-clip-for-tests.ts";
import { startTestCamera } from "../testing/rtsp-server.ts";

const LONG = { timeout: 40_000, interval: 100 };

let dir: string;
let archive: RunningArchive | null;
let lines: string[];
let answers: string[];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "evidence-desk-secrets-"));
  [archive, lines, answers] = [null, [], []];
});

afterEach(async () => {
  await archive?.close();
  await rm(dir, { recursive: true, force: true });
});

async function start(): Promise<void> {
  archive = await startArchive({ dir, port: 0, token: TEST_TOKEN, log: (line) => lines.push(line) });
}

async function stop(): Promise<void> {
  await archive?.close();
  archive = null;
}

async function call(path: string, method = "GET", body?: unknown): Promise<{ status: number; text: string }> {
  const answer = await ask(archive?.url ?? "", path, method, body);
  const text = await answer.text();
  answers.push(text);
  return { status: answer.status, text };
}

const put = (id: string, source: Record<string, unknown>, name = id) =>
  call(`/cameras/${id}`, "PUT", { name, area: "House", source: { kind: "rtsp", ...source } });
const shown = async (id: string) => JSON.parse((await call(`/cameras/${id}/source`)).text) as ShownSource;
const codeOf = ({ text }: { text: string }) => (JSON.parse(text) as { code: string }).code;

async function listed() {
  return camerasAnswerSchema.parse(JSON.parse((await call("/cameras")).text)).cameras;
}

/** All that is written into the archive's folder, as text. */
async function onDisk(): Promise<string> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith(".ts"));
  return (
    await Promise.all(
      files.map((file) => readFile(join(file.parentPath, file.name), "latin1").catch(() => "")),
    )
  ).join("\n");
}

const KINDS = {
  classic: "rtsp://ann:Geheim1@127.0.0.1:9/s",
  at: "rtsp://ann:x@Geheim2@127.0.0.1:9/s",
  slash: "rtsp://ann:y/Geheim3#z@127.0.0.1:9/s",
  query: "rtsp://127.0.0.1:9/s?user=ann&password=Geheim4@%41&channel=1",
};

describe("the password of a camera", () => {
  test("is in no answer, log line or file, whichever way the address has it", async () => {
    await start();
    for (const [id, url] of Object.entries(KINDS)) expect((await put(id, { url })).status).toBe(204);
    await put("apart", { url: "rtsp://127.0.0.1:9/s", user: "ann", password: "Geheim5" });
    await expect
      .poll(async () => (await listed()).every(({ state }) => state === "no-signal"), LONG)
      .toBe(true);
    expect((await listed()).map(({ problem }) => problem?.message)).toEqual(
      Array.from({ length: 5 }, () => "127.0.0.1:9: Connection refused"),
    );
    expect(await shown("at")).toEqual({
      ...{ kind: "rtsp", url: "rtsp://127.0.0.1:9/s", user: "ann", hasPassword: true, transport: "tcp" },
      ratio: null,
    });
    expect(await shown("query")).toMatchObject({
      url: "rtsp://127.0.0.1:9/s?user=ann&password={hidden}&channel=1",
      hasPassword: false,
    });
    expect(codeOf(await put("classic", { url: "rtsp://ann:Geheim6@host/b@other/x" }))).toBe(
      "ADDRESS_INVALID",
    );
    expect(codeOf(await put("none", { url: "rtsp://ann:Geheim7@" }))).toBe("ADDRESS_INVALID");
    await put("none", { url: "http://ann:Geheim8@host" });
    await stop();
    for (const text of [lines.join("\n"), answers.join("\n"), await onDisk()])
      expect(text).not.toContain("Geheim");
    expect((await stat(cameraKeyFile(dir))).mode & 0o777).toBe(0o600);
    expect((await verifyArchive(dir)).broken).toEqual([]);
  });

  test("is as little touched by a camera's shape as the shape by it", async () => {
    await start();
    await put("wide", { url: "rtsp://ann:Geheim9@127.0.0.1:9/s", ratio: "16:9" });
    expect(await shown("wide")).toMatchObject({ ratio: "16:9", hasPassword: true });
    await put("wide", { url: "rtsp://127.0.0.1:9/s" });
    expect(await shown("wide")).toMatchObject({ ratio: "16:9", hasPassword: true });
    await put("wide", { url: "rtsp://127.0.0.1:9/s", ratio: null });
    expect(await shown("wide")).toMatchObject({ ratio: null, hasPassword: true });
    expect(codeOf(await put("wide", { url: "rtsp://127.0.0.1:9/s", ratio: "wide" }))).toBe("BAD_REQUEST");
    await stop();
  });

  test("of an older archive is sealed at its start, and nothing of the camera is lost", async () => {
    const database = openIndex(dir);
    for (const [id, url] of Object.entries(KINDS)) {
      const source = { kind: "rtsp", url, transport: "tcp", ratio: null } as const;
      const camera = { name: id, area: "House", source };
      writeCameraFile(dir, id, { ...camera, recorded: id !== "slash" });
      footageIndex(database).putCamera(id, camera);
    }
    database.close();
    expect(await onDisk()).toContain("Geheim2");
    await start();
    expect(await onDisk()).not.toContain("Geheim");
    expect(await shown("slash")).toMatchObject({
      url: "rtsp://127.0.0.1:9/s",
      user: "ann",
      hasPassword: true,
    });
    expect((await listed()).find(({ id }) => id === "slash")?.state).toBe("stopped");
    await stop();
    lines = [];
    await start();
    expect(lines.join("\n")).not.toContain("sealed");
    await stop();
    expect((await verifyArchive(dir)).broken).toEqual([]);
  });

  test("that an older version did not know as one is sealed beside what it had sealed", async () => {
    await start();
    await put("door", { url: "rtsp://ann:Geheim1@127.0.0.1:9/s?token=Geheim2" });
    await stop();
    const database = openIndex(dir);
    const door = footageIndex(database).camera("door")!;
    const { source } = door;
    if (source.kind !== "rtsp") throw new Error("It is an RTSP camera.");
    const url = `${source.url}&authbasic=Geheim3`;
    const known = { name: door.name, area: door.area, source: { ...source, url } };
    writeCameraFile(dir, "door", { ...known, recorded: true });
    footageIndex(database).putCamera("door", known);
    database.close();
    await start();
    expect(await shown("door")).toMatchObject({
      url: "rtsp://127.0.0.1:9/s?token={hidden}&authbasic={hidden}",
      user: "ann",
      hasPassword: true,
    });
    expect(await onDisk()).not.toContain("Geheim");
    await put("door", { url: "rtsp://127.0.0.1:9/t?authbasic={hidden}&token={hidden}" });
    expect(await shown("door")).toMatchObject({ hasPassword: true });
    await stop();
  });

  test("stays while the rest is changed, and goes to no other host", async () => {
    await start();
    await put("door", { url: KINDS.classic });
    await put("door", { url: "rtsp://127.0.0.1:9/other", transport: "udp" });
    expect(await shown("door")).toMatchObject({ user: "ann", hasPassword: true, transport: "udp" });
    // Who says nothing of the transport does not change it either.
    await put("door", { url: "rtsp://127.0.0.1:9/third" });
    expect(await shown("door")).toMatchObject({ hasPassword: true, transport: "udp" });
    expect(codeOf(await put("door", { url: "rtsp://10.9.9.9/other" }))).toBe("PASSWORD_NEEDED");
    await put("door", { url: "rtsp://127.0.0.1:9/s?token=Geheim9&x=1" });
    await put("door", { url: "rtsp://127.0.0.1:9/s?token={hidden}&x=2" });
    expect(await shown("door")).toMatchObject({ url: "rtsp://127.0.0.1:9/s?token={hidden}&x=2" });
    expect(codeOf(await put("door", { url: "rtsp://127.0.0.1:9/s?pwd={hidden}" }))).toBe("PASSWORD_NEEDED");
    await put("door", { url: "rtsp://127.0.0.1:9/s", user: "", password: "" });
    // What was hidden in the old address is given in the new one, and there is no password beside it.
    await put("door", { url: "rtsp://127.0.0.1:9/s?token=old" });
    expect((await put("door", { url: "rtsp://10.9.9.9/s?token=new" })).status).toBe(204);
    expect(codeOf(await put("door", { url: "rtsp://127.0.0.1:9/s?token={hidden}" }))).toBe("PASSWORD_NEEDED");
    await put("door", { url: "rtsp://127.0.0.1:9/s" });
    expect(await shown("door")).toMatchObject({ user: "", hasPassword: false });
  });

  test("whose key is gone is asked for again", async () => {
    await start();
    await put("door", { url: KINDS.classic });
    await stop();
    await rm(cameraKeyFile(dir));
    await start();
    await expect
      .poll(async () => (await listed())[0]?.problem?.message, LONG)
      .toContain("enter it again in Settings");
    expect(codeOf(await put("door", { url: "rtsp://127.0.0.1:9/s" }))).toBe("PASSWORD_NEEDED");
    expect((await put("door", { url: "rtsp://127.0.0.1:9/s", password: "new" })).status).toBe(204);
  });
});

test(
  "a camera that is moved, renamed and given another password is one camera with one history",
  { timeout: 90_000 },
  async () => {
    const clip = await makeCameraClip(dir, "96x64", 60);
    const cameras = [
      await startTestCamera(clip, doorkeeper("basic", "ann", "old")),
      await startTestCamera(clip, doorkeeper("digest", "bob", "n:e/w@")),
    ] as const;
    await start();
    const holding = async () => {
      const { text } = await call("/holdings?camera=door");
      return (JSON.parse(text) as { holdings: { oldestUtcMs: number; newestUtcMs: number }[] }).holdings[0];
    };
    await put("door", { url: cameras[0].url, user: "ann", password: "old" });
    await expect.poll(async () => (await holding())?.newestUtcMs ?? 0, LONG).toBeGreaterThan(0);
    const before = await holding();
    const played = cameras[0].requests.filter((request) => request.startsWith("PLAY")).length;
    expect((await call("/cameras/door", "PATCH", { name: "Back door", area: "Yard" })).status).toBe(204);
    expect(cameras[0].requests.filter((request) => request.startsWith("PLAY"))).toHaveLength(played);
    await put("door", { url: cameras[1].url, user: "bob", password: "n:e/w@" }, "Back door");
    await expect
      .poll(async () => (await holding())?.newestUtcMs ?? 0, LONG)
      .toBeGreaterThan((before?.newestUtcMs ?? 0) + 1_000);
    expect((await holding())?.oldestUtcMs).toBe(before?.oldestUtcMs);
    expect((await listed()).map(({ id, name }) => [id, name])).toEqual([["door", "Back door"]]);
    expect(codeOf(await call("/cameras/nobody", "PATCH", { name: "a", area: "b" }))).toBe("UNKNOWN_CAMERA");
    await stop();
    for (const camera of cameras) await camera.close();
  },
);
