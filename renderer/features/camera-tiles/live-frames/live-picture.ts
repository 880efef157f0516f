/** A tile's live picture, frame by frame: as near to the present as frames come, together with the camera's other tiles. */
import type { LiveFrame, LiveStart } from "#shared/archive-api/live-stream.ts";
import { onNewFootage } from "../../../main-process-client/holdings.ts";
import { playbackAccess } from "../archive-video/archive-source.ts";
import { liveStep } from "../archive-video/live-edge.ts";
import { mediaAtInstant, type ClockedMediaSegment } from "../archive-video/playback-playlist.ts";
import type { BarePlayer } from "../archive-video/video-element.ts";
import { SharedByCamera } from "../archive-video/shared-by-camera.ts";
import { FrameBuffer } from "./frame-buffer.ts";
import type { FramePlace } from "./held-frames.ts";
import { FrameDelay } from "./frame-delay.ts";
import { LiveConnection } from "./live-connection.ts";

const LOOK_INTERVAL_MS = 250;
/** A picture stays that long when the line is broken, before it is said that there is none. */
const LOST_MS = 10_000;
/** A camera that is recorded, and of which nothing has come by then, is looked for in what is recorded. */
const NOTHING_MS = 15_000;
/** The first is what was there before. */
const RECORDED_TWICE = 2;
/** A picture that was paused is played on from what is held, if that is within so long. */
const HELD_MS = 60_000;
/** Nearer to the newest frame than this there is nothing to play. */
const END_S = 0.1;

export const liveConnection = new LiveConnection(playbackAccess);

const delays = new SharedByCamera(() => new FrameDelay());

/** The page's own clock that nobody sets. */
const nowMs = (): number => performance.timeOrigin + performance.now();

export interface LivePictureListener {
  /** There are pictures on the screen, or again. */
  readonly onPictures: () => void;
  /** There have been none for a while; they come again by themselves. */
  readonly onLost: () => void;
  /** Live pictures must be played another way. */
  readonly onRefused: (why: string) => void;
  /** This computer has no decoder for what comes. */
  readonly onUnplayable: (codec: string) => void;
  /** What was held is played to its end. @param isLive more is coming at this moment */
  readonly onEnd: (isLive: boolean) => void;
  /** What was to be held is not there any more. */
  readonly onNotHeld: (utcMs: number) => void;
  /** The instant of the frame that is on the screen, milliseconds UTC; null while there is none. */
  readonly readShownUtcMs: () => number | null;
}

/** Where a picture stands that is not kept at the present. */
type Held =
  /** To be shown as soon as it can be. */
  | { readonly kind: "at"; readonly utcMs: number; readonly pictures?: never }
  /** The one on the screen, or so many from it, as soon as it can be shown to the frame. */
  | { readonly kind: "shown"; readonly pictures: number }
  /** It stands there. */
  | { readonly kind: "frame"; readonly shownUtcMs: number; readonly insideUtcMs: number };

export class LivePicture {
  readonly #cameraId: string;
  readonly #bare: BarePlayer;
  readonly #listener: LivePictureListener;
  readonly #buffer: FrameBuffer;
  readonly #sharedDelay: ReturnType<typeof delays.use>;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #sight: IntersectionObserver;
  #isInSight = true;
  #unfollow: (() => void) | null = null;
  /** Since when nothing has been expected in vain. */
  #quietSinceMs = performance.now();
  #isBroken = false;
  /** How often footage was heard of since the camera is followed. */
  #footageHeard = 0;
  readonly #endListening: () => void;
  #isStart = true;
  /** Since when the picture is not kept at the present. */
  #heldSinceMs: number | null = null;
  #held: Held | null = null;
  /** The frame that is to stand is the newest: until the next one comes it is not there to the frame. */
  #isAtNewest = false;
  #isClosed = false;

  constructor(cameraId: string, bare: BarePlayer, listener: LivePictureListener) {
    this.#cameraId = cameraId;
    this.#bare = bare;
    this.#listener = listener;
    this.#sharedDelay = delays.use(cameraId);
    this.#buffer = new FrameBuffer(bare, {
      onAppended: this.#appended,
      onExact: () => this.#becameExact(),
      onBroken: (why) => this.#refused(why),
      onUnplayable: (codec) => {
        this.close();
        listener.onUnplayable(codec);
      },
    });
    this.#timer = setInterval(this.#look, LOOK_INTERVAL_MS);
    this.#sight = new IntersectionObserver((entries) => {
      this.#isInSight = entries.at(-1)?.isIntersecting ?? true;
      this.#followIfSeen();
    });
    this.#sight.observe(bare.video);
    document.addEventListener("visibilitychange", this.#followIfSeen);
    this.#endListening = onNewFootage(cameraId, () => (this.#footageHeard += 1));
    this.#followIfSeen();
  }

  /** What is held, on both clocks. */
  get mediaSegments(): readonly ClockedMediaSegment[] {
    return this.#buffer.mediaSegments;
  }

  /** The instant that is stood at, or will be in a moment; null while playing. */
  get heldAtUtcMs(): number | null {
    const held = this.#held;
    if (held === null) return null;
    if (held.kind !== "shown") return held.kind === "at" ? held.utcMs : held.insideUtcMs;
    const shownUtcMs = this.#listener.readShownUtcMs();
    if (shownUtcMs === null) return null;
    return this.#buffer.beside(shownUtcMs, held.pictures)?.insideUtcMs ?? shownUtcMs;
  }

  /**
   * Shows an instant of what is held, exactly, and does not go on to the present by itself; what comes is held for a
   * while.
   */
  holdAt(utcMs: number): void {
    this.#hold({ kind: "at", utcMs });
  }

  /** The picture on the screen stands, to the frame. The video must be paused already. */
  holdShown(): void {
    this.#hold({ kind: "shown", pictures: 0 });
  }

  /** What is held is played: where it stood does not count any more. */
  playHeld(): void {
    if (this.#held?.kind !== "at") this.#held = null;
  }

  /** What is held is gone through from picture to picture: where it stood, or was to stand, does not count any more. */
  stepAway(): void {
    this.#held = null;
    this.#isAtNewest = false;
  }

  /**
   * So many pictures on or back from the one that stands, or will in a moment.
   * @returns "outside" for one that is not held any more, "not yet" for one that has not come
   */
  step(pictures: 1 | -1): "stepped" | "outside" | "not yet" {
    const held = this.#held;
    const fromUtcMs = held?.kind === "frame" ? held.shownUtcMs : this.#listener.readShownUtcMs();
    if (fromUtcMs === null || held?.kind === "at") return "outside";
    const before = held?.kind === "shown" ? held.pictures : 0;
    const place = this.#buffer.beside(fromUtcMs, before + pictures);
    if (place === null || (held?.kind === "frame" && !this.#isThere(place)))
      return pictures > 0 && !this.#isHeldOut ? "not yet" : "outside";
    if (held?.kind === "frame") this.#hold({ kind: "frame", ...place });
    else this.#hold({ kind: "shown", pictures: before + pictures });
    return "stepped";
  }

  #hold(held: Held): void {
    this.#held = held;
    this.#heldSinceMs ??= performance.now();
    const place =
      held.kind === "shown" ? null : held.kind === "at" ? this.#buffer.beside(held.utcMs, 0) : held;
    if (this.#buffer.isExactAt(place)) this.#becameExact();
    else this.#buffer.makeExact();
  }

  #becameExact(): void {
    // A picture that was drawn while the video came to a stand is told of with the next frame of the page.
    if (this.#held?.kind === "shown") return afterNextFrames(() => this.#toHeld());
    if (this.#heldSinceMs !== null) return this.#toHeld();
    // The buffer was filled anew while playing.
    this.#isStart = true;
    const newestUtcMs = this.#buffer.newestUtcMs;
    if (newestUtcMs !== null && this.#bare.video.readyState >= HTMLMediaElement.HAVE_METADATA)
      this.#bare.video.currentTime = this.#buffer.mediaAt(this.#wantedUtcMs(newestUtcMs));
  }

  #toHeld(): void {
    const held = this.#held;
    if (this.#isClosed) return;
    if (held === null) this.#bare.video.currentTime += 0;
    else if (held.kind === "frame") this.#bare.video.currentTime = this.#buffer.mediaAt(held.insideUtcMs);
    else if (held.kind === "at") this.#standAt(held.utcMs, this.#buffer.beside(held.utcMs, 0));
    else this.#standAtShown(held.pictures);
  }

  #standAtShown(pictures: number): void {
    const shownUtcMs = this.#listener.readShownUtcMs();
    const place = shownUtcMs === null ? null : this.#buffer.beside(shownUtcMs, pictures);
    this.#standAt(place?.insideUtcMs ?? shownUtcMs, place);
  }

  /** @param utcMs within the frame at the place */
  #standAt(utcMs: number | null, place: FramePlace | null): void {
    this.#isAtNewest = place !== null && !this.#isThere(place);
    if (this.#isAtNewest) return;
    const { video } = this.#bare;
    const mediaS = utcMs === null ? video.currentTime : mediaAtInstant(this.mediaSegments, utcMs);
    const isFrame = place !== null && utcMs !== null && video.paused;
    this.#held = isFrame ? { kind: "frame", shownUtcMs: place.shownUtcMs, insideUtcMs: utcMs } : null;
    if (mediaS !== null) video.currentTime = mediaS;
    else if (utcMs !== null) this.#listener.onNotHeld(utcMs);
  }

  #isThere({ shownUtcMs }: FramePlace): boolean {
    return shownUtcMs <= (this.#buffer.newestUtcMs ?? -Infinity);
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#sight.disconnect();
    this.#endListening();
    document.removeEventListener("visibilitychange", this.#followIfSeen);
    this.#unfollow?.();
    this.#unfollow = null;
    this.#sharedDelay.release();
    this.#buffer.close();
  }

  /** What nobody sees is not sent. */
  readonly #followIfSeen = (): void => {
    const isSeen = this.#isInSight && !document.hidden && !this.#isClosed;
    if (isSeen && this.#unfollow === null && !this.#isHeldOut) this.#follow();
    if (!isSeen && this.#unfollow !== null) {
      this.#unfollow();
      this.#unfollow = null;
    }
  };

  #follow(): void {
    this.#quietSinceMs = performance.now();
    this.#footageHeard = 0;
    this.#isStart = true;
    this.#unfollow = liveConnection.follow(this.#cameraId, {
      start: (start) => this.#started(start),
      frame: (frame) => this.#came(frame),
      lost: () => this.#lost(),
      refused: () => this.#refused("the archive does not give them"),
    });
  }

  #started(start: LiveStart): void {
    if (!this.#isClosed) this.#buffer.start(start);
  }

  #came(frame: LiveFrame): void {
    const put = this.#isClosed ? null : this.#buffer.frame(frame);
    if (put === null) return;
    const atMs = nowMs();
    this.#quietSinceMs = performance.now();
    this.#isBroken = false;
    // What was there before says how long it lay in the archive, and nothing of the line; nor does what is held.
    if (this.#isAtNewest) this.#toHeld();
    if (!put.isKept && this.#heldSinceMs === null) this.#sharedDelay.one.add(atMs, atMs - put.shownUtcMs);
  }

  #lost(): void {
    if (this.#isBroken || this.#isClosed) return;
    this.#isBroken = true;
    this.#quietSinceMs = performance.now();
    if (this.#buffer.newestUtcMs === null) this.#listener.onLost();
  }

  #refused(why: string): void {
    if (this.#isClosed) return;
    this.close();
    this.#listener.onRefused(why);
  }

  readonly #appended = (): void => {
    if (this.#isStart) this.#look();
  };

  readonly #look = (): void => {
    if (this.#isClosed || document.hidden) return;
    if (this.#heldSinceMs !== null) return this.#lookAtHeld();
    this.#lookAtSilence();
    const { video } = this.#bare;
    const newestUtcMs = this.#buffer.newestUtcMs;
    if (newestUtcMs === null || this.#isClosed || video.readyState < HTMLMediaElement.HAVE_METADATA) return;
    if (video.seeking) return;
    this.#bringTo(this.#wantedUtcMs(newestUtcMs));
    if (video.paused) void this.#bare.player.play()?.catch(() => undefined);
    if (!this.#isBroken && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA)
      this.#listener.onPictures();
  };

  #lookAtSilence(): void {
    const quietMs = performance.now() - this.#quietSinceMs;
    if (this.#isBroken && quietMs > LOST_MS) return this.#listener.onLost();
    const hasNothing = this.#buffer.newestUtcMs === null && !this.#isBroken && this.#unfollow !== null;
    const isRecorded = this.#footageHeard >= RECORDED_TWICE;
    if (hasNothing && isRecorded && quietMs > NOTHING_MS) this.#refused("nothing comes of the camera");
  }

  /** Before anything has come by the line, the newest of what was kept. */
  #wantedUtcMs(newestUtcMs: number): number {
    const { delayMs } = this.#sharedDelay.one;
    if (delayMs === null) return newestUtcMs;
    const wantedUtcMs = nowMs() - delayMs;
    // A camera that has been away left nothing to be shown of that time.
    return this.#isStart ? Math.min(wantedUtcMs, newestUtcMs) : wantedUtcMs;
  }

  #bringTo(wantedUtcMs: number): void {
    const { player, video } = this.#bare;
    const wantedS = this.#buffer.mediaAt(wantedUtcMs);
    const step = liveStep((wantedS - video.currentTime) * 1000, this.#isStart);
    const isHeld = isWithin(video.buffered, wantedS);
    if (step.kind === "jump" && !isHeld) return;
    this.#isStart = false;
    const rate = step.kind === "play" ? step.rate : 1;
    if (rate !== video.playbackRate) player.playbackRate(rate);
    if (step.kind === "jump") video.currentTime = wantedS;
  }

  get #isHeldOut(): boolean {
    return this.#heldSinceMs !== null && performance.now() - this.#heldSinceMs > HELD_MS;
  }

  /** It is sent back as soon as what is held is exact: until then the video is still at the present, which ends nothing. */
  get #isOnItsWay(): boolean {
    return this.#held?.kind === "at" && !this.#isAtNewest;
  }

  #lookAtHeld(): void {
    if (this.#isHeldOut && this.#unfollow !== null) {
      this.#unfollow();
      this.#unfollow = null;
    }
    const newestUtcMs = this.#buffer.newestUtcMs;
    const { video } = this.#bare;
    if (newestUtcMs === null || video.paused || video.seeking || this.#isOnItsWay) return;
    if (video.currentTime > this.#buffer.mediaAt(newestUtcMs) - END_S)
      this.#listener.onEnd(this.#unfollow !== null);
  }
}

function isWithin(ranges: TimeRanges, seconds: number): boolean {
  for (let index = 0; index < ranges.length; index += 1)
    if (seconds >= ranges.start(index) - 0.05 && seconds <= ranges.end(index)) return true;
  return false;
}

/** With the second frame of the page from now on, all that was drawn until now has been told of. */
function afterNextFrames(then: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(then));
}
