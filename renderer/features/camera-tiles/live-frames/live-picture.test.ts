import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { BarePlayer } from "../archive-video/video-element.ts";
import type { FrameBufferListener } from "./frame-buffer.ts";
import type { LivePictureListener } from "./live-picture.ts";

/** Media time is the instant's, in seconds. */
const NEWEST_UTC_MS = 100_000;

/** Twenty seconds of frames; what is put into the buffer again is there when the test says so. */
const buffer = { isExact: false, becomesExact: (): void => undefined };

vi.mock("../archive-video/archive-source.ts", () => ({ playbackAccess: () => null }));
vi.mock("../../../main-process-client/holdings.ts", () => ({ onNewFootage: () => () => undefined }));
vi.mock("./live-connection.ts", () => ({
  LiveConnection: class {
    follow = () => () => undefined;
  },
}));
vi.mock("./frame-buffer.ts", () => ({
  FrameBuffer: class {
    readonly newestUtcMs = NEWEST_UTC_MS;
    readonly mediaSegments = [{ mediaSeconds: 80, seconds: 20.1, startUtcMs: 80_000 }];
    constructor(_bare: BarePlayer, listener: FrameBufferListener) {
      buffer.becomesExact = () => {
        buffer.isExact = true;
        listener.onExact();
      };
    }
    isExactAt = () => buffer.isExact;
    makeExact = () => undefined;
    mediaAt = (utcMs: number) => utcMs / 1000;
    beside = (utcMs: number) => ({ shownUtcMs: utcMs, insideUtcMs: utcMs });
    close = () => undefined;
  },
}));
const { LivePicture } = await import("./live-picture.ts");

beforeEach(() => {
  vi.useFakeTimers();
  buffer.isExact = false;
  vi.stubGlobal("HTMLMediaElement", { HAVE_METADATA: 1, HAVE_CURRENT_DATA: 2 });
  vi.stubGlobal("document", Object.assign(new EventTarget(), { hidden: false }));
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      observe = () => undefined;
      disconnect = () => undefined;
    },
  );
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function playing() {
  const video = { paused: false, seeking: false, readyState: 4, playbackRate: 1, currentTime: 99.95 };
  const bare = { video, player: {} } as unknown as BarePlayer;
  const onEnd = vi.fn();
  const listener: Partial<LivePictureListener> = { onEnd, onPictures: () => undefined };
  return { video, onEnd, picture: new LivePicture("gate", bare, listener as LivePictureListener) };
}

it("a jump back from the newest picture does not end at the present, however long it takes until it can be sent there", () => {
  const { video, onEnd, picture } = playing();
  picture.holdAt(85_000);
  vi.advanceTimersByTime(5_000);
  expect(onEnd).not.toHaveBeenCalled();
  buffer.becomesExact();
  expect(video.currentTime).toBe(85);
  vi.advanceTimersByTime(1_000);
  expect(onEnd).not.toHaveBeenCalled();
  video.currentTime = 99.95;
  vi.advanceTimersByTime(1_000);
  expect(onEnd).toHaveBeenCalledWith(true);
  picture.close();
});
