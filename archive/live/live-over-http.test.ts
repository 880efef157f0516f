import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  LIVE_KIND,
  liveHelloSchema,
  LiveMessageReader,
  type LiveStart,
  liveStartSchema,
  readLiveFrame,
} from "#shared/archive-api/live-stream.ts";
import { readFragments, readInitDefaults, readInitSegment } from "#media/fragmented-reader.ts";
import { startArchive, type RunningArchive } from "../archive-server.ts";
import { ask, PAGE_ORIGIN, TEST_TOKEN } from "../testing/archive-program.ts";
import { makeAnnexBClip } from "../testing/odd-camera/annex-b-clip.ts";
import { startOddCamera, type OddCamera } from "../testing/odd-camera/odd-camera.ts";

let dir: string;
let camera: OddCamera;
let archive: RunningArchive;
let token: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "evidence-desk-live-"));
  // A key frame every ten seconds: nothing of the camera is a finished footage file for a while.
  const clip = await makeAnnexBClip({ codec: "h264", size: "96x64", rate: 10, group: 100, seconds: 30 });
  camera = await startOddCamera({ clip, fps: 10, isJoined: false });
  archive = await startArchive({
    ...{ dir, port: 0, token: TEST_TOKEN, allowedOrigins: [PAGE_ORIGIN], log: () => undefined },
  });
  const source = { kind: "rtsp", url: camera.url };
  await ask(archive.url, "/cameras/gate", "PUT", { name: "Gate", area: "Yard", source });
  token = ((await (await ask(archive.url, "/playback-tokens", "POST")).json()) as { token: string }).token;
});

afterAll(async () => {
  await archive.close();
  await camera.close();
  await rm(dir, { recursive: true, force: true });
});

/** An open answer, read as the console reads it. */
class Viewer {
  readonly starts: LiveStart[] = [];
  readonly frames: {
    slot: number;
    shownUtcMs: number;
    cameUtcMs: number;
    isKept: boolean;
    fragment: Uint8Array;
  }[] = [];
  readonly ended: Promise<string>;
  stream = "";
  readonly #leaving = new AbortController();
  readonly #response: Promise<Response>;

  constructor() {
    const headers = { authorization: `Bearer ${token}`, origin: PAGE_ORIGIN };
    this.#response = fetch(`${archive.url}/live`, { headers, signal: this.#leaving.signal });
    this.ended = this.#read().then(
      () => "ended",
      (error: unknown) => String(error),
    );
  }

  get response(): Promise<Response> {
    return this.#response;
  }

  async choose(...cameras: string[]): Promise<number> {
    await expect.poll(() => this.stream).not.toBe("");
    const choices = cameras.map((cameraId, at) => ({ slot: at + 1, cameraId }));
    const body = JSON.stringify({ choices });
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    return (await fetch(`${archive.url}/live/${this.stream}/cameras`, { method: "PUT", headers, body }))
      .status;
  }

  leave(): void {
    this.#leaving.abort();
  }

  async #read(): Promise<void> {
    const reader = new LiveMessageReader();
    for await (const bytes of (await this.#response).body ?? [])
      for (const { slot, kind, content } of reader.take(bytes as Uint8Array)) {
        const json = (): unknown => JSON.parse(Buffer.from(content).toString());
        if (kind === LIVE_KIND.hello) this.stream = liveHelloSchema.parse(json()).stream;
        if (kind === LIVE_KIND.start) this.starts.push(liveStartSchema.parse(json()));
        const frame = kind === LIVE_KIND.frame ? readLiveFrame(content) : null;
        if (frame !== null) this.frames.push({ ...frame, slot, cameUtcMs: Date.now() });
      }
  }
}

test("frames come one by one, long before their footage file is finished, and say when they were sent", async () => {
  const viewer = new Viewer();
  const { headers } = await viewer.response;
  expect(headers.get("access-control-allow-origin")).toBe(PAGE_ORIGIN);
  expect(headers.get("cache-control")).toContain("no-store");
  expect(await viewer.choose("gate", "nobody")).toBe(204);
  await expect.poll(() => viewer.frames.length, { timeout: 30_000 }).toBeGreaterThan(20);
  const { starts, frames } = viewer;
  const head = Buffer.from(starts[0]!.head, "base64");
  expect(readInitSegment(head)[0]).toMatchObject({ width: 96, height: 64, codec: starts[0]!.codec });
  expect(starts[0]!.codec).toMatch(/^avc1\.[0-9a-f]{6}$/);
  for (const { fragment, shownUtcMs } of frames) {
    const [read] = readFragments(Buffer.from(fragment), readInitDefaults(head)).flatMap(
      ({ tracks }) => tracks,
    );
    const ticks = (read?.baseDecodeTicks ?? 0) + (read?.samples[0]?.compositionOffsetTicks ?? 0);
    expect(starts[0]!.zeroUtcMs + ticks / 1000).toBeCloseTo(shownUtcMs, 1);
  }
  const sentMs = camera.sent().pictures.map(({ sentUs }) => sentUs / 1000);
  // The camera's own note of when it sent each frame, against the instant that viewers are told.
  const nearest = (atMs: number): number => Math.min(...sentMs.map((each) => Math.abs(each - atMs)));
  for (const { shownUtcMs } of frames) expect(nearest(shownUtcMs)).toBeLessThanOrEqual(300);
  expect((await (await ask(archive.url, "/health")).json()) as object).toMatchObject({
    live: { viewers: 1, cameras: 2 },
  });
  viewer.leave();
  const viewers = async () =>
    ((await (await ask(archive.url, "/health")).json()) as { live: { viewers: number } }).live.viewers;
  await expect.poll(viewers).toBe(0);
});

test("who comes in the middle of a long group has a picture at once", async () => {
  const viewer = new Viewer();
  await viewer.choose("gate");
  await expect.poll(() => viewer.frames.length, { timeout: 10_000 }).toBeGreaterThan(5);
  const kept = viewer.frames.filter(({ isKept }) => isKept);
  expect(kept.length).toBeGreaterThan(0);
  // They come together, however far apart they were recorded.
  expect(kept.at(-1)!.cameUtcMs - kept[0]!.cameUtcMs).toBeLessThan(
    Math.max(500, (kept.at(-1)!.shownUtcMs - kept[0]!.shownUtcMs) / 2),
  );
  viewer.leave();
});

test("without a token nothing is shown, what is unfit is refused, and what has ended is said to have", async () => {
  const status = async (path: string, init: RequestInit = {}) =>
    (await fetch(`${archive.url}${path}`, init)).status;
  expect(await status("/live")).toBe(401);
  expect(await status("/live", { headers: { authorization: "Bearer wrong" } })).toBe(401);
  const put = (path: string, body: object) => ask(archive.url, path, "PUT", body);
  const gone = await put(`/live/${crypto.randomUUID()}/cameras`, { choices: [] });
  expect([gone.status, await gone.json()]).toMatchObject([404, { code: "UNKNOWN_STREAM" }]);
  const unfit = await put(`/live/${crypto.randomUUID()}/cameras`, {
    choices: [{ slot: 0, cameraId: "gate" }],
  });
  expect([unfit.status, await unfit.json()]).toMatchObject([400, { code: "BAD_REQUEST" }]);
  expect((await ask(archive.url, "/live", "HEAD")).status).toBe(404);
});

test("an archive that stops ends the answer as an answer ends", async () => {
  const viewer = new Viewer();
  await viewer.choose("gate");
  await expect.poll(() => viewer.frames.length, { timeout: 10_000 }).toBeGreaterThan(0);
  await archive.close();
  expect(await viewer.ended).toBe("ended");
  archive = await startArchive({ dir, port: 0, token: TEST_TOKEN, log: () => undefined });
});
