import { expect, test, vi } from "vitest";
import {
  LIVE_KIND,
  LiveMessageReader,
  liveStartSchema,
  readLiveFrame,
} from "#shared/archive-api/live-stream.ts";
import type { Track } from "#media/track.ts";
import { LiveAnswers, VIEWERS_MAX } from "./live-answers.ts";
import { LiveAnswer } from "./live-answer.ts";
import { LiveFeeds } from "./live-feeds.ts";

const sampleEntry = Buffer.alloc(86);
sampleEntry.writeUInt32BE(86);
sampleEntry.write("avc1", 4, "latin1");
const PICTURE: Track = {
  ...{ trackId: 1, handler: "vide", timescale: 90_000, codec: "avc1", width: 96, height: 64, sampleEntry },
};

const START_US = 1_790_000_000_000_000;

/** A camera of ten frames a second and a key frame a second, which sends when it is told to. */
class ModelCamera {
  #frames = 0;
  readonly #sink: ReturnType<LiveFeeds["sink"]>;
  readonly #frameBytes: number;
  constructor(feeds: LiveFeeds, cameraId: string, frameBytes = 50) {
    this.#sink = feeds.sink(cameraId);
    this.#frameBytes = frameBytes;
  }
  send(count: number): void {
    for (let sent = 0; sent < count; sent++) {
      const instantUs = START_US + this.#frames * 100_000;
      const frame = { instantUs, isSync: this.#frames % 10 === 0, bytes: Buffer.alloc(this.#frameBytes) };
      if (this.#frames++ === 0) this.#sink.begin(PICTURE, frame);
      this.#sink.frame(frame);
    }
  }
  end(): void {
    this.#sink.end();
    this.#frames = 0;
  }
}

/** What has come of each slot: "start", and numbers of frames. */
function reading(answer: LiveAnswer) {
  const seen: { slot: number; what: number | "start" | "hello" | "alive" }[] = [];
  const reader = new LiveMessageReader();
  answer.on("data", (bytes: Buffer) => {
    for (const { slot, kind, content } of reader.take(bytes)) {
      if (kind === LIVE_KIND.start) liveStartSchema.parse(JSON.parse(Buffer.from(content).toString()));
      const names = {
        [LIVE_KIND.start]: "start",
        [LIVE_KIND.hello]: "hello",
        [LIVE_KIND.alive]: "alive",
      } as const;
      seen.push({ slot, what: names[kind as 1] ?? readLiveFrame(content)?.sequence ?? -1 });
    }
  });
  return {
    seen,
    of: (slot: number) => seen.filter((each) => each.slot === slot).map(({ what }) => what),
  };
}

const opened = (feeds: LiveFeeds, options: Partial<ConstructorParameters<typeof LiveAnswer>[0]> = {}) =>
  new LiveAnswer({ feeds, mayGoOn: () => true, onClosed: () => undefined, ...options });

test("one answer carries several cameras, and what is chosen changes while it is open", async () => {
  const feeds = new LiveFeeds();
  const [door, yard] = [new ModelCamera(feeds, "door"), new ModelCamera(feeds, "yard")];
  door.send(12);
  const answer = opened(feeds);
  const { seen, of } = reading(answer);
  answer.choose({
    choices: [
      { slot: 1, cameraId: "door" },
      { slot: 2, cameraId: "yard" },
    ],
  });
  await vi.waitFor(() => expect(of(1)).toEqual(["start", 11, 12]));
  expect(seen[0]).toEqual({ slot: 0, what: "hello" });
  // One that does not send yet comes by itself.
  yard.send(2);
  door.send(1);
  await vi.waitFor(() => expect([of(1).at(-1), of(2)]).toEqual([13, ["start", 1, 2]]));
  answer.choose({
    choices: [
      { slot: 2, cameraId: "yard" },
      { slot: 3, cameraId: "door" },
    ],
  });
  door.send(1);
  await vi.waitFor(() => expect(of(3)).toEqual(["start", 11, 12, 13, 14]));
  expect([of(1).at(-1), of(2)]).toEqual([13, ["start", 1, 2]]);
  answer.destroy();
});

test("a camera that begins anew says what it is before its frames", async () => {
  const feeds = new LiveFeeds();
  const door = new ModelCamera(feeds, "door");
  const answer = opened(feeds);
  const { of } = reading(answer);
  answer.choose({ choices: [{ slot: 1, cameraId: "door" }] });
  door.send(2);
  await vi.waitFor(() => expect(of(1)).toEqual(["start", 1, 2]));
  door.end();
  door.send(2);
  await vi.waitFor(() => expect(of(1)).toEqual(["start", 1, 2, "start", 3, 4]));
  answer.destroy();
});

test("a viewer that does not read costs half a megabyte, and goes on at the newest key frame", async () => {
  const feeds = new LiveFeeds();
  const door = new ModelCamera(feeds, "door", 100_000);
  const answer = opened(feeds);
  answer.choose({ choices: [{ slot: 1, cameraId: "door" }] });
  answer.read(0);
  door.send(205);
  expect(answer.readableLength).toBeLessThan(512 * 1024 + 200_000);
  const { of } = reading(answer);
  await vi.waitFor(() => expect(of(1).at(-1)).toBe(205));
  const numbers = of(1).filter((what) => typeof what === "number");
  expect(numbers.length).toBeLessThan(80);
  expect(numbers.slice(-5)).toEqual([201, 202, 203, 204, 205]);
  answer.destroy();
});

test("a viewer that is gone without a word is noticed", async () => {
  const onClosed = vi.fn<() => void>();
  const feeds = new LiveFeeds();
  const answer = opened(feeds, { onClosed, aliveMs: 10, stuckMs: 50 });
  const door = new ModelCamera(feeds, "door", 600_000);
  answer.choose({ choices: [{ slot: 1, cameraId: "door" }] });
  answer.read(0);
  door.send(5);
  await vi.waitFor(() => expect(onClosed).toHaveBeenCalledOnce());
  expect(answer.cameraCount).toBe(0);
});

test("a viewer that reads hears that the line is well, and the answer ends when its token does", async () => {
  let mayGoOn = true;
  const answer = opened(new LiveFeeds(), { aliveMs: 10, mayGoOn: () => mayGoOn });
  const { of } = reading(answer);
  const ended = vi.fn<() => void>();
  answer.on("end", ended);
  await vi.waitFor(() => expect(of(0).slice(0, 3)).toEqual(["hello", "alive", "alive"]));
  mayGoOn = false;
  await vi.waitFor(() => expect(ended).toHaveBeenCalledOnce());
});

test("no more consoles watch than there is room for, and one that ends makes room", async () => {
  const answers = new LiveAnswers(new LiveFeeds());
  const open = () => answers.open(() => true);
  const all = Array.from({ length: VIEWERS_MAX }, open);
  expect(open).toThrow(expect.objectContaining({ code: "TOO_MANY_VIEWERS" }));
  all[0]?.destroy();
  await vi.waitFor(() => expect(answers.load.viewers).toBe(VIEWERS_MAX - 1));
  const id = open().id;
  answers.choose(id, { choices: [{ slot: 1, cameraId: "door" }] });
  expect(answers.load.cameras).toBe(1);
  answers.close();
  expect(() => answers.choose("0", { choices: [] })).toThrow(
    expect.objectContaining({ code: "UNKNOWN_STREAM" }),
  );
});

/** Of groups of six: in order of decoding a key frame, two pictures shown before it, three after it. */
const OPEN_GROUP = [3, 1, 2, 4, 5, 6];

test("pictures of an open group that need the one before come to those alone who have that", async () => {
  const feeds = new LiveFeeds();
  const sink = feeds.sink("door");
  const send = (group: number) => {
    for (const [place, shown] of OPEN_GROUP.entries()) {
      const [instantUs, decodeUs] = [shown, place].map((at) => START_US + (group * 6 + at) * 100_000);
      const frame = { instantUs: instantUs ?? 0, decodeUs: decodeUs ?? 0, isSync: place === 0 };
      const bytes = Buffer.alloc(50);
      if (group === 0 && place === 0) sink.begin(PICTURE, { ...frame, bytes });
      sink.frame({ ...frame, bytes });
    }
  };
  send(0);
  const answer = opened(feeds);
  const { of } = reading(answer);
  answer.choose({ choices: [{ slot: 1, cameraId: "door" }] });
  await vi.waitFor(() => expect(of(1)).toEqual(["start", 1, 4, 5, 6]));
  send(1);
  await vi.waitFor(() => expect(of(1)).toEqual(["start", 1, 4, 5, 6, 7, 8, 9, 10, 11, 12]));
  answer.destroy();
});
