import { afterEach, beforeEach, expect, it, vi } from "vitest";
import {
  LIVE_KIND,
  liveChoicesSchema,
  liveFrameHeader,
  liveMessage,
  type LiveChoices,
  type LiveFrame,
} from "#shared/archive-api/live-stream.ts";
import { LiveConnection } from "./live-connection.ts";

const STREAM = "0b8ee7b4-6f5c-4d8b-9d0c-3f5d6a1b2c3d";
const TIMING = { silentMs: 20_000, lingerMs: 300, pausesMs: [10], refusedMs: [300_000] };
/** For what is about silence. */
const IMPATIENT = { ...TIMING, silentMs: 400 };
const json = (content: object): Uint8Array => new TextEncoder().encode(JSON.stringify(content));

/** One answer that stays open. */
class OpenAnswer {
  isGone = false;
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  readonly body = new ReadableStream<Uint8Array>({
    start: (controller) => void (this.#controller = controller),
  });
  constructor(signal: AbortSignal | null | undefined) {
    signal?.addEventListener("abort", () => this.break());
  }
  write(bytes: Uint8Array): void {
    this.#controller?.enqueue(bytes);
  }
  /** The line breaks, or the page has given it up. */
  break(): void {
    if (this.isGone) return;
    this.isGone = true;
    this.#controller?.error(new TypeError("network error"));
  }
}

/** As much of an archive as is needed, which does what it is told to. */
class ModelArchive {
  readonly answers: OpenAnswer[] = [];
  readonly chosen: LiveChoices["choices"][] = [];
  readonly tokens: (string | null)[] = [];
  status = 200;
  isMute = false;
  readonly fetch = async (_address: string, init: RequestInit): Promise<Response> => {
    this.tokens.push(new Headers(init.headers).get("authorization"));
    if (init.method === "PUT") {
      this.chosen.push(liveChoicesSchema.parse(JSON.parse(init.body as string)).choices);
      return new Response(null, { status: 204 });
    }
    const answer = new OpenAnswer(init.signal);
    this.answers.push(answer);
    if (this.status === 200 && !this.isMute)
      answer.write(liveMessage(0, LIVE_KIND.hello, json({ stream: STREAM })));
    return new Response(this.status === 200 ? answer.body : null, { status: this.status });
  };
  start(slot: number): void {
    const start = { generation: "g", codec: "avc1.42c00b", zeroUtcMs: 0, head: "AAAA" };
    this.answers.at(-1)?.write(liveMessage(slot, LIVE_KIND.start, json(start)));
  }
  frame(slot: number, sequence: number, isKey = true, bytes = 1): void {
    const header = liveFrameHeader({ sequence, isKey, isKept: false, shownUtcMs: 5 });
    this.answers.at(-1)?.write(liveMessage(slot, LIVE_KIND.frame, header, new Uint8Array(bytes)));
  }
}

let archive: ModelArchive;
let access: { baseUrl: string; token: string; expiresUtcMs: number };
let connection: LiveConnection;
const ends: (() => void)[] = [];

beforeEach(() => {
  archive = new ModelArchive();
  vi.stubGlobal("fetch", archive.fetch);
  access = { baseUrl: "http://archive.test", token: "t", expiresUtcMs: 1 };
  connection = connectionWith(TIMING);
});

function connectionWith(timing: typeof TIMING): LiveConnection {
  const mine = access;
  return new LiveConnection(() => mine, timing);
}

afterEach(() => {
  for (const end of ends.splice(0)) end();
});

function follow(cameraId: string) {
  const listener = {
    ...{ start: vi.fn<() => void>(), frame: vi.fn<(frame: LiveFrame) => void>() },
    ...{ lost: vi.fn<() => void>(), refused: vi.fn<() => void>() },
  };
  const end = connection.follow(cameraId, listener);
  ends.push(end);
  return { ...listener, end };
}

const wanted = (): string[] => (archive.chosen.at(-1) ?? []).map(({ cameraId }) => cameraId);

it("asks for all tiles by one answer, and changes what is in it while it is open", async () => {
  const [door, yard] = [follow("door"), follow("yard")];
  await vi.waitFor(() => expect(wanted()).toEqual(["door", "yard"]));
  archive.frame(archive.chosen.at(-1)![1]!.slot, 7);
  await vi.waitFor(() => expect(yard.frame).toHaveBeenCalledWith(expect.objectContaining({ sequence: 7 })));
  expect(door.frame).not.toHaveBeenCalled();
  door.end();
  follow("gate");
  await vi.waitFor(() => expect(wanted()).toEqual(["yard", "gate"]));
  expect([archive.answers.length, new Set(archive.tokens)]).toEqual([1, new Set(["Bearer t"])]);
});

it("asks once for a camera in several tiles, and gives each what has come since the newest key frame", async () => {
  const [first, yard] = [follow("door"), follow("yard")];
  await vi.waitFor(() => expect(wanted()).toEqual(["door", "yard"]));
  const slot = archive.chosen.at(-1)![0]!.slot;
  archive.start(slot);
  for (const sequence of [1, 2]) archive.frame(slot, sequence, sequence === 1);
  await vi.waitFor(() => expect(first.frame).toHaveBeenCalledTimes(2));
  const second = follow("door");
  const got = ({ frame }: typeof first) => frame.mock.calls.map(([each]) => [each.sequence, each.isKept]);
  expect([second.start.mock.calls.length, got(second)]).toEqual([
    1,
    [
      [1, true],
      [2, true],
    ],
  ]);
  archive.frame(slot, 3, false);
  await vi.waitFor(() => expect(got(second).at(-1)).toEqual([3, false]));
  expect(got(first).at(-1)).toEqual([3, false]);
  // One that leaves takes nothing from the other; with the last the camera is not sent any more.
  first.end();
  archive.frame(slot, 4, true);
  await vi.waitFor(() => expect(got(second).at(-1)).toEqual([4, false]));
  expect([archive.chosen.length, first.frame.mock.calls.length]).toEqual([1, 3]);
  second.end();
  await vi.waitFor(() => expect(wanted()).toEqual(["yard"]));
  expect(yard.frame).not.toHaveBeenCalled();
});

it("of too much behind a key frame who comes gets that, and goes on with the next one", async () => {
  follow("door");
  await vi.waitFor(() => expect(wanted()).toEqual(["door"]));
  const { slot } = archive.chosen.at(-1)![0]!;
  archive.start(slot);
  archive.frame(slot, 1, true, 1);
  for (const sequence of [2, 3, 4]) archive.frame(slot, sequence, false, 5 * 1024 * 1024);
  const first = follow("door");
  await vi.waitFor(() => expect(first.frame).toHaveBeenCalledTimes(4));
  const late = follow("door");
  archive.frame(slot, 5, false);
  archive.frame(slot, 6, true);
  await vi.waitFor(() => expect(late.frame).toHaveBeenCalledTimes(2));
  expect(late.frame.mock.calls.map(([{ sequence }]) => sequence)).toEqual([1, 6]);
});

it("shows nobody who comes to a broken line what was there before it broke", async () => {
  const first = follow("door");
  await vi.waitFor(() => expect(wanted()).toEqual(["door"]));
  const { slot } = archive.chosen.at(-1)![0]!;
  archive.start(slot);
  archive.frame(slot, 1);
  await vi.waitFor(() => expect(first.frame).toHaveBeenCalledOnce());
  archive.answers[0]!.break();
  await vi.waitFor(() => expect(first.lost).toHaveBeenCalledOnce());
  expect(follow("door").start).not.toHaveBeenCalled();
});

it("tells that the line broke, and goes on by another with all that is wanted", async () => {
  const door = follow("door");
  await vi.waitFor(() => expect(wanted()).toEqual(["door"]));
  archive.answers[0]!.break();
  await vi.waitFor(() => expect(archive.answers).toHaveLength(2));
  await vi.waitFor(() => expect(archive.chosen).toHaveLength(2));
  expect([door.lost.mock.calls.length, wanted()]).toEqual([1, ["door"]]);
  archive.frame(archive.chosen.at(-1)![0]!.slot, 9);
  await vi.waitFor(() => expect(door.frame).toHaveBeenCalledOnce());
});

it("takes a line that says nothing any more for broken", async () => {
  connection = connectionWith(IMPATIENT);
  follow("door");
  await vi.waitFor(() => expect(archive.answers.length).toBeGreaterThan(1), { timeout: 5_000 });
});

it("says so where the archive knows nothing of it, and asks no more", async () => {
  archive.status = 404;
  const door = follow("door");
  await vi.waitFor(() => expect(door.refused).toHaveBeenCalledOnce());
  expect([connection.isRefused, archive.answers.length]).toEqual([true, 1]);
  // Another archive may know it.
  access.baseUrl += "/other";
  expect(connection.isRefused).toBe(false);
});

it("tries again what was refused after a while, each time later, until it is given", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  try {
    archive.status = 404;
    connection = connectionWith({ ...TIMING, refusedMs: [1_000, 5_000] });
    const refuse = async () => {
      const { refused, end } = follow("door");
      await vi.waitFor(() => expect(refused).toHaveBeenCalledOnce());
      end();
    };
    await refuse();
    vi.advanceTimersByTime(1_001);
    expect(connection.isRefused).toBe(false);
    await refuse();
    vi.advanceTimersByTime(1_001);
    expect(connection.isRefused).toBe(true);
    vi.advanceTimersByTime(4_000);
    expect(connection.isRefused).toBe(false);
    archive.status = 200;
    follow("door");
    await vi.waitFor(() => expect(wanted()).toEqual(["door"]));
  } finally {
    vi.useRealTimers();
  }
});

it("gives up where what stands between passes nothing on", async () => {
  archive.isMute = true;
  connection = connectionWith(IMPATIENT);
  const door = follow("door");
  await vi.waitFor(() => expect(door.refused).toHaveBeenCalledOnce(), { timeout: 5_000 });
  expect(archive.answers.length).toBeGreaterThan(1);
});

it("tries again without end while the archive refuses for another reason", async () => {
  archive.status = 503;
  const door = follow("door");
  await vi.waitFor(() => expect(archive.answers.length).toBeGreaterThan(3));
  archive.status = 200;
  await vi.waitFor(() => expect(wanted()).toEqual(["door"]));
  expect(door.refused).not.toHaveBeenCalled();
});

it("leaves the line when nobody has watched for a while, and not between one tile and the next", async () => {
  const door = follow("door");
  await vi.waitFor(() => expect(wanted()).toEqual(["door"]));
  const [answer] = archive.answers;
  door.end();
  const yard = follow("yard");
  await vi.waitFor(() => expect(wanted()).toEqual(["yard"]));
  expect(answer!.isGone).toBe(false);
  yard.end();
  await vi.waitFor(() => expect(answer!.isGone).toBe(true));
  expect(archive.answers).toHaveLength(1);
});
