import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FrameDater } from "./frame-dater.ts";
import { SoundDater } from "./sound-dater.ts";

const SECOND_US = 1_000_000;
const FRAME_US = 100_000;
const PACKET_US = 64_000;
const LENGTH_US = 60 * SECOND_US;

/** Frames and packets that ffmpeg holds. */
const PICTURE_LAG = 2;
const SOUND_LAG = 1;

interface Clock {
  readonly rate: number;
  readonly jumpAtUs: number;
  readonly jumpUs: number;
}

interface Camera {
  /** When no sound is sent, and for how long its stamps stand still meanwhile. */
  readonly pause?: { readonly fromUs: number; readonly lastsUs: number };
  /** Sound begins so much later than the picture, and is counted from there on. */
  readonly soundBeginsUs?: number;
  /** What would come from one moment to another comes at the other. */
  readonly stall?: { readonly fromUs: number; readonly toUs: number };
  readonly picture: Clock;
  readonly sound: Clock;
  /** ffmpeg lets stamps of the sound stand still that go back. */
  readonly standsStill?: boolean;
  /** How long each takes to get here. */
  readonly pictureLateUs: number;
  readonly soundLateUs: number;
}

const STEADY: Clock = { rate: 1, jumpAtUs: Infinity, jumpUs: 0 };
const BEHAVED: Camera = { picture: STEADY, sound: STEADY, pictureLateUs: 20_000, soundLateUs: 130_000 };

interface Sent {
  readonly takenUs: number;
  readonly mediaUs: number;
  readonly arrivalUs: number;
}

/** How late this machine is for everything, by what time, in pieces of this. */
const BUSY_US = 400_000;

function sentBy(
  clock: Clock,
  stepUs: number,
  lateUs: number,
  jitter: readonly number[],
  busyUs: readonly number[],
): Sent[] {
  let reachedUs = 0;
  return Array.from({ length: Math.floor(LENGTH_US / stepUs) }, (_, at) => {
    const takenUs = at * stepUs;
    const mediaUs = 10 * SECOND_US + takenUs * clock.rate + (takenUs >= clock.jumpAtUs ? clock.jumpUs : 0);
    const gotUs = takenUs + lateUs + (jitter[at % jitter.length] ?? 0);
    reachedUs = Math.max(reachedUs, gotUs + (busyUs[Math.floor(gotUs / BUSY_US)] ?? 0));
    return { takenUs, mediaUs, arrivalUs: reachedUs };
  });
}

/** As ffmpeg gives out a clock that was set back: tick by tick, until it has caught up. */
function standing(sent: readonly Sent[]): Sent[] {
  let lastUs = -Infinity;
  return sent.map((each) => {
    lastUs = Math.max(each.mediaUs, lastUs + SECOND_US / 16_000);
    return { ...each, mediaUs: lastUs };
  });
}

/** Without what was not sent; the stamps of the rest go on as if nothing had been. */
function paused(sent: readonly Sent[], pause: Camera["pause"]): Sent[] {
  if (pause === undefined) return [...sent];
  const { fromUs, lastsUs } = pause;
  return sent
    .filter(({ takenUs }) => takenUs < fromUs || takenUs >= fromUs + lastsUs)
    .map((each) => (each.takenUs < fromUs ? each : { ...each, mediaUs: each.mediaUs - lastsUs }));
}

function stalled(sent: readonly Sent[], stall: Camera["stall"]): Sent[] {
  const { fromUs, toUs } = stall ?? { fromUs: Infinity, toUs: 0 };
  return sent.map((each) =>
    each.arrivalUs < fromUs ? each : { ...each, arrivalUs: Math.max(each.arrivalUs, toUs) },
  );
}

/** How far each packet of sound is recorded from the frame that was taken before it, by when it was taken. */
function apart(
  camera: Camera,
  jitter: readonly number[],
  busyUs: readonly number[] = [],
): { takenUs: number; apartUs: number }[] {
  const pictures = stalled(
    sentBy(camera.picture, FRAME_US, camera.pictureLateUs, jitter, busyUs),
    camera.stall,
  );
  const heardOf = sentBy(camera.sound, PACKET_US, camera.soundLateUs, jitter.toReversed(), busyUs);
  const { soundBeginsUs = 0 } = camera;
  const begun = heardOf
    .filter(({ takenUs }) => takenUs >= soundBeginsUs)
    .map((each) => ({ ...each, mediaUs: each.mediaUs - soundBeginsUs }));
  const given = stalled(paused(begun, camera.pause), camera.stall);
  const sounds = camera.standsStill === true ? standing(given) : given;
  const ofPicture = new FrameDater();
  // The recorder looks at the first frames together, and tells a rate that is far off.
  if (Math.abs(camera.picture.rate - 1) > 0.15) ofPicture.expect(1 / camera.picture.rate);
  const [shown, heard] = [new Array<number>(), new Array<number>()];
  const clock = {
    get pace() {
      return ofPicture.pace;
    },
    get breaks() {
      return ofPicture.breaks;
    },
    instantAt: (mediaUs: number) => ofPicture.instantAt(mediaUs),
    mediaAt: (instantUs: number) => ofPicture.mediaAt(instantUs),
    comingAt: (arrivalUs: number) => ofPicture.comingAt(arrivalUs),
    firstMediaUs: pictures[0]?.mediaUs ?? null,
    soundLaterUs: (sounds[0]?.arrivalUs ?? 0) - (pictures[0]?.arrivalUs ?? 0),
  };
  const ofSound = new SoundDater<null>(clock, (_, instantUs) => void heard.push(instantUs));
  let waiting: (Sent & { readonly nextArrivalUs: number })[] = [];
  const events = [
    ...pictures.slice(PICTURE_LAG).map(({ arrivalUs }, at) => ({
      atUs: arrivalUs,
      date: () => {
        const laterArrivalsUs = pictures.slice(at + 1, at + 1 + PICTURE_LAG).map((each) => each.arrivalUs);
        const frame = pictures[at];
        if (frame === undefined) return;
        shown.push(ofPicture.instant({ ...frame, laterArrivalsUs }));
        ofSound.passed(frame.arrivalUs);
      },
    })),
    ...sounds.slice(SOUND_LAG).map(({ arrivalUs }, at) => ({
      atUs: arrivalUs,
      date: () => {
        waiting.push(...sounds.slice(at, at + 1).map((each) => ({ ...each, nextArrivalUs: arrivalUs })));
        // The recorder lets sound wait for its first picture.
        if (shown.length === 0) return;
        for (const packet of waiting) ofSound.take(null, packet);
        waiting = [];
      },
    })),
  ].toSorted((a, b) => a.atUs - b.atUs);
  for (const { date } of events) date();
  ofSound.release();
  return heard.flatMap((heardUs, at) => {
    const takenUs = sounds[at]?.takenUs ?? 0;
    const frame = Math.floor(takenUs / FRAME_US);
    const shownUs = shown[frame];
    if (shownUs === undefined) return [];
    return [{ takenUs, apartUs: heardUs - takenUs - (shownUs - frame * FRAME_US) }];
  });
}

const worstUs = (found: readonly { takenUs: number; apartUs: number }[], fromUs = 0): number =>
  Math.max(...found.filter(({ takenUs }) => takenUs >= fromUs).map(({ apartUs }) => Math.abs(apartUs)));

const APART_US = 40_000;

/** Up to five milliseconds, as in a network of a house. */
const jitters = fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 3, maxLength: 40 });
const latencies = fc.integer({ min: 0, max: 150_000 });
const jumpsUs = fc.oneof(
  fc.integer({ min: -4_000 * SECOND_US, max: -400_000 }),
  fc.integer({ min: 400_000, max: 4_000 * SECOND_US }),
);
const jumpTimes = fc.integer({ min: 6 * SECOND_US, max: 40 * SECOND_US });
const clocks: fc.Arbitrary<Clock> = fc.record({
  rate: fc.constant(1),
  jumpAtUs: jumpTimes,
  jumpUs: jumpsUs,
});

const clocksOfQuiet: fc.Arbitrary<Clock> = fc.record({
  rate: fc.constant(1),
  jumpAtUs: fc.constant(25 * SECOND_US),
  jumpUs: jumpsUs,
});

const cameraWith = (picture: fc.Arbitrary<Clock>, sound: fc.Arbitrary<Clock>): fc.Arbitrary<Camera> =>
  fc.record({ picture, sound, pictureLateUs: latencies, soundLateUs: latencies });

describe("sound stays beside its picture", () => {
  test.each([
    ["when the picture's clock alone jumps", cameraWith(clocks, fc.constant(STEADY))],
    ["when the sound's clock alone jumps", cameraWith(fc.constant(STEADY), clocks)],
    ["when both jump, at other times and by other amounts", cameraWith(clocks, clocks)],
    ["when nothing jumps", cameraWith(fc.constant(STEADY), fc.constant(STEADY))],
  ])("%s", (_, cameras) => {
    fc.assert(
      fc.property(cameras, jitters, (camera, jitter) => worstUs(apart(camera, jitter)) <= APART_US),
      { numRuns: 60 },
    );
  });

  test("when both jump by the same amount, and one of the two is there first", () => {
    const jump = { rate: 1, jumpAtUs: 20 * SECOND_US, jumpUs: 3_600 * SECOND_US };
    expect(worstUs(apart({ ...BEHAVED, picture: jump, sound: jump }, [0, 3_000, 1_000]))).toBeLessThan(
      APART_US,
    );
  });

  test.each([0.84, 0.97, 0.98, 0.99, 0.995, 0.999, 1.001, 1.005, 1.01, 1.02, 1.03, 1.2])(
    "when the sound's clock runs at a rate of %d, from the first packet on",
    (rate) => {
      const found = apart({ ...BEHAVED, sound: { ...STEADY, rate } }, [0, 3_000, 1_000]);
      expect(worstUs(found)).toBeLessThan(APART_US);
    },
  );

  test.each([
    [0.32, 4],
    [0.96, 4],
    [1.28, 0],
    [9.6, 0],
  ])("when no sound is sent for %d s that its stamps do not count, after %d s at most", (seconds, afterS) => {
    const pause = {
      fromUs: 10 * SECOND_US,
      lastsUs: Math.round((seconds * SECOND_US) / PACKET_US) * PACKET_US,
    };
    const found = apart({ ...BEHAVED, pause }, [0, 3_000, 1_000]);
    const beginUs = pause.fromUs + pause.lastsUs;
    const counted = found.filter(
      ({ takenUs }) => takenUs < pause.fromUs || takenUs >= beginUs + afterS * SECOND_US,
    );
    expect(worstUs(counted)).toBeLessThan(APART_US);
  });

  test.each([0.448, 0.96, 1.472])(
    "when it begins %d s after its picture, and both are counted from there",
    (begins) => {
      const soundBeginsUs = begins * SECOND_US;
      const camera = { ...BEHAVED, pictureLateUs: 30_000, soundLateUs: 40_000, soundBeginsUs };
      expect(worstUs(apart(camera, [0, 3_000, 1_000]))).toBeLessThan(APART_US);
    },
  );

  test("when the network holds back both for two seconds and gives all at once", () => {
    const stall = { fromUs: 20 * SECOND_US, toUs: 22 * SECOND_US };
    const found = apart({ ...BEHAVED, stall }, [0, 3_000, 1_000]);
    expect(worstUs(found)).toBeLessThan(APART_US);
  });

  test("when the sound's clock runs by up to two and a half per cent too fast or too slow", () => {
    const rated = fc.double({ min: 0.975, max: 1.025, noNaN: true }).map((rate) => ({ ...STEADY, rate }));
    // One in four thousand was like this one, and 41 ms apart.
    const sound = { ...STEADY, rate: 0.975 };
    const slowAndEarly: Camera = { picture: STEADY, sound, pictureLateUs: 90_339, soundLateUs: 0 };
    fc.assert(
      fc.property(
        cameraWith(fc.constant(STEADY), rated),
        jitters,
        (camera, jitter) => worstUs(apart(camera, jitter)) <= APART_US,
      ),
      { numRuns: 40, examples: [[slowAndEarly, [0, 438, 2_100, 4_764, 4_495]]] },
    );
  });

  test.each([0.84, 0.97, 0.999, 1.001, 1.03, 1.2])(
    "when the picture's clock runs at a rate of %d",
    (rate) => {
      const found = apart({ ...BEHAVED, picture: { ...STEADY, rate } }, [0, 3_000, 1_000]);
      expect(worstUs(found, 5 * SECOND_US)).toBeLessThan(APART_US);
    },
  );

  const setBack = { rate: 1, jumpAtUs: 10 * SECOND_US, jumpUs: -3_600 * SECOND_US };
  const pieces = LENGTH_US / BUSY_US;

  test("when its stamps stand still, and this machine is late for it now and then", () => {
    const lateUs = (at: number): number => (at > 30 && at < 110 && at % 8 === 0 ? 200_000 : 0);
    const busyUs = Array.from({ length: pieces }, (_, at) => lateUs(at));
    const camera = { ...BEHAVED, sound: setBack, standsStill: true };
    expect(worstUs(apart(camera, [0, 3_000, 1_000], busyUs), 48 * SECOND_US)).toBeLessThan(APART_US);
  });

  test("when its stamps stand still, and on, once this machine has been late for nothing for a while", () => {
    // It is late until 40 s; one camera in some hundreds takes until 49 s to be found beside its picture again.
    const busy = fc.array(fc.integer({ min: 0, max: 400_000 }), { minLength: 60, maxLength: 60 });
    const camera = fc.record({ pictureLateUs: latencies, soundLateUs: latencies });
    fc.assert(
      fc.property(camera, jitters, busy, (late, jitter, lateUs) => {
        const busyUs = [...Array.from({ length: 40 }, () => 0), ...lateUs];
        const set = { ...late, picture: STEADY, sound: setBack, standsStill: true };
        return worstUs(apart(set, jitter, busyUs), 54 * SECOND_US) <= APART_US;
      }),
      { numRuns: 40 },
    );
  });

  test("on a machine that is late for everything in the first ten seconds, in time of quiet and when a clock is set", () => {
    const busy = fc.array(fc.integer({ min: 0, max: 400_000 }), { minLength: 25, maxLength: 25 });
    const late = fc.record({
      picture: clocksOfQuiet,
      sound: fc.constant(STEADY),
      pictureLateUs: latencies,
      soundLateUs: latencies,
    });
    fc.assert(
      fc.property(late, jitters, busy, (camera, jitter, busyUs) => {
        const found = apart(camera, jitter, busyUs);
        return (
          worstUs(
            found.filter(({ takenUs }) => takenUs < 20 * SECOND_US),
            12 * SECOND_US,
          ) <= APART_US && worstUs(found, 30 * SECOND_US) <= APART_US
        );
      }),
      { numRuns: 60 },
    );
  });
});
