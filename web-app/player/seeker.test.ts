import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { FakeMedia, type FakeMediaOptions } from "./testing/fake-media.ts";
import { FrameClock } from "./frame-clock.ts";
import { FrameTimes } from "./frame-times.ts";
import { Seeker } from "./seeker.ts";

/** Where the first shown frame stands in the stream; in the file it is 0. */
const STREAM_START_S = 0.68;
/** Twenty-five a second, then five, and a second without any. */
const STARTS_S = Array.from({ length: 60 }, (_, index) => {
  if (index < 30) return index * 0.04;
  return 1.2 + (index - 30) * 0.2 + (index < 45 ? 0 : 1);
});
const LAST = STARTS_S.length - 1;
const LONGEST_S = (STARTS_S[LAST] ?? 0) + 0.2;

const within = (mediaS: number): number => Math.max(0.004, Math.min(mediaS, LONGEST_S - 0.004));
const frameAt = (mediaS: number): number => STARTS_S.findLastIndex((startS) => startS <= mediaS + 0.000_5);

/** Promises that are settled have had their say: none here waits for more than a few others. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

/** A player as `Playback` has it, and which frame has to be shown in the end. */
class Opened {
  readonly media: FakeMedia;
  readonly clock: FrameClock;
  readonly seeker: Seeker;
  wanted = 0;

  constructor(options: Partial<FakeMediaOptions> = {}) {
    const media = new FakeMedia(STREAM_START_S, {
      ...{ startsS: STARTS_S, tells: "frames", pictureSlips: 0, moves: 0, silences: 0 },
      ...options,
    });
    const times = new FrameTimes(media.read);
    const clock = new FrameClock(media.video(), STREAM_START_S, (mediaS) => times.startAt(mediaS));
    this.seeker = new Seeker(within(0), {
      element: media,
      frameBeside: (...question) => times.beside(...question),
      shownS: () => clock.shownS,
      later: media.later,
      onChange: () => undefined,
    });
    clock.subscribe((mediaS) => this.seeker.shown(mediaS));
    media.onEvent = (event) => event === "seeked" && this.seeker.seeked();
    [this.media, this.clock] = [media, clock];
  }

  open(originS = STREAM_START_S): void {
    if (this.media.isOpen) return;
    this.media.open();
    this.clock.changeSource(originS);
    this.seeker.opened();
  }

  fail(): void {
    this.seeker.closed();
    this.media.replace(0);
  }

  seek(mediaS: number): void {
    this.wanted = frameAt(within(mediaS));
    this.seeker.seek(within(mediaS));
  }

  /** A jump begins at the last place that was wanted, steps to frames that nobody knows yet among it. */
  jump(seconds: number): void {
    const leap = (fromS: number): number => {
      expect(frameAt(fromS), "where a jump begins").toBe(from);
      return within((STARTS_S[from] ?? 0) + seconds);
    };
    const from = this.wanted;
    this.wanted = frameAt(within((STARTS_S[from] ?? 0) + seconds));
    this.seeker.jump(leap);
  }

  step(frames: 1 | -1): void {
    this.wanted = Math.max(0, Math.min(LAST, this.wanted + frames));
    this.seeker.step(frames);
  }

  /** What is said is what is seen, as soon as the browser has told of it. */
  expectTrueLabel(): void {
    const { isUntold, picture } = this.media;
    if (isUntold || picture === null || this.clock.shownS === null) return;
    expect(frameAt(this.clock.shownS), "the label names the picture that is shown").toBe(picture);
  }

  /** Everything that is still to come comes, in the order that is chosen. */
  async finish(choose: () => number): Promise<void> {
    for (let rounds = 0; rounds < 400; rounds += 1) {
      await settle();
      this.expectTrueLabel();
      const pending = this.media.pending();
      if (pending.length === 0) break;
      pending[choose() % pending.length]?.();
    }
    expect(this.media.isSeeking).toBe(false);
    expect(this.seeker.isUnderWay, "nothing is waited for").toBe(false);
    expect(this.media.picture, "the last one that was wanted is shown").toBe(this.wanted);
    expect(frameAt(this.clock.shownS ?? -1)).toBe(this.wanted);
  }
}

type Act =
  | { readonly kind: "happen"; readonly which: number }
  | { readonly kind: "seek"; readonly mediaS: number }
  | { readonly kind: "jump"; readonly seconds: number }
  | { readonly kind: "step"; readonly frames: 1 | -1 }
  | { readonly kind: "open" }
  | { readonly kind: "fail" };

const happen = fc.record({ kind: fc.constant("happen" as const), which: fc.nat(20) });
const seek = fc.record({
  kind: fc.constant("seek" as const),
  mediaS: fc.double({ min: -1, max: LONGEST_S + 1, noNaN: true }),
});
const jump = fc.record({ kind: fc.constant("jump" as const), seconds: fc.constantFrom(-2, -0.5, 0.5, 2) });
const step = fc.record({
  kind: fc.constant("step" as const),
  frames: fc.constantFrom(1 as const, -1 as const),
});
const open = fc.record({ kind: fc.constant("open" as const) });
const fail = fc.record({ kind: fc.constant("fail" as const) });
const tells = fc.constantFrom("frames" as const, "positions" as const);

async function act(player: Opened, acts: readonly Act[], orders: readonly number[]): Promise<void> {
  let isFile = false;
  for (const what of acts) {
    await settle();
    if (what.kind === "open") player.open(isFile ? 0 : STREAM_START_S);
    else if (what.kind === "seek") player.seek(what.mediaS);
    else if (what.kind === "jump") player.jump(what.seconds);
    else if (what.kind === "step") player.step(what.frames);
    else if (what.kind === "fail") {
      if (!isFile) player.fail();
      isFile = true;
    } else {
      const pending = player.media.pending();
      pending[what.which % pending.length]?.();
    }
    player.expectTrueLabel();
  }
  player.open(isFile ? 0 : STREAM_START_S);
  let place = 0;
  await player.finish(() => orders[place++ % orders.length] ?? 0);
}

const orders = fc.array(fc.nat(20), { minLength: 1, maxLength: 30 });

test("whatever comes in whatever order, the last place that was wanted is shown, and its label names it", async () => {
  const acts = fc.array(
    fc.oneof({ weight: 6, arbitrary: happen }, { weight: 2, arbitrary: jump }, seek, step, step, open, fail),
    { maxLength: 60 },
  );
  await fc.assert(
    fc.asyncProperty(
      ...([acts, orders, tells, fc.nat(2), fc.nat(2)] as const),
      async (all, order, told, moves, slips) => {
        // Of a picture that slips only browsers tell that tell frames.
        const pictureSlips = told === "frames" ? slips : 0;
        await act(new Opened({ tells: told, moves, pictureSlips }), all, order);
      },
    ),
    { numRuns: 300 },
  );
});

test("a service that is silent about frames loses no place either", async () => {
  vi.spyOn(console, "warn").mockReturnValue();
  const acts = fc.array(fc.oneof({ weight: 4, arbitrary: happen }, jump, seek, open, fail), {
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(acts, orders, tells, fc.nat(6), async (all, order, told, silences) => {
      await act(new Opened({ tells: told, silences }), all, order);
    }),
    { numRuns: 150 },
  );
});

test("jumps while an evidence is opened add up, though its beginning is gone to as well", async () => {
  const player = new Opened();
  player.jump(2);
  player.open();
  player.jump(2);
  for (const next of ["answers come", "the first place is arrived at"]) {
    await settle();
    expect(player.media.pending(), next).not.toHaveLength(0);
    player.media.pending()[0]?.();
    player.jump(0.5);
  }
  await player.finish(() => 0);
  expect(player.wanted).toBe(frameAt(within(5)));
});

test("what another one moves the element to is not taken for the place that was wanted", async () => {
  const player = new Opened({ moves: 2 });
  player.open();
  player.seek(1);
  await player.finish(() => 20);
  expect(player.media.mediaS).toBeCloseTo(1.004, 6);
});

test("a jump pressed before the frame of a step is known keeps that frame", async () => {
  const player = new Opened();
  player.open();
  player.seek(2);
  await player.finish(() => 0);
  player.step(1);
  player.step(1);
  player.jump(0.5);
  player.jump(0.5);
  player.step(-1);
  await player.finish(() => 0);
  expect(player.wanted).toBe(frameAt(2) + 2 + 2 + 2 - 1);
});
