import { describe, expect, test } from "vitest";
import { interleaved } from "../../testing/odd-camera/rtp-packets.ts";
import { StampWatch } from "../rtsp-gate/stamp-watch.ts";
import { CameraOwnTime, type OwnTime } from "./camera-own-time.ts";
import { FrameDater } from "./frame-dater.ts";

const SECOND_US = 1_000_000;
const FPS = 10;
const TYPE = 96;

/** Of a camera whose clock goes back by three seconds after ten, as ffmpeg tells it: it counts until that has caught up. */
function told(isWatched: boolean): { times: OwnTime[]; time: CameraOwnTime } {
  const watch = new StampWatch({ type: TYPE, codec: "H264", clockRate: 90_000 });
  const dater = new FrameDater();
  const time = new CameraOwnTime(() => (isWatched ? watch : null), dater, null);
  const times = Array.from({ length: 20 * FPS }, (_, at) => {
    const sentS = at / FPS - (at >= 10 * FPS ? 3 : 0);
    const rtp = { channel: 0, type: TYPE, sequence: at, stamp: 90_000 * (7 + sentS), isMarked: true };
    const arrivalUs = (at * SECOND_US) / FPS;
    watch.look(interleaved(rtp, Buffer.from([0x41, 0])), arrivalUs);
    const isStill = at >= 10 * FPS && sentS <= 10 - 1 / FPS;
    const mediaUs = isStill ? 9_900_000 + (at - 10 * FPS) * 11 : sentS * SECOND_US;
    dater.instant({ mediaUs, arrivalUs });
    return time.of(mediaUs, arrivalUs);
  });
  return { times, time };
}

describe("a camera's clock that goes back", () => {
  test("is told with its width and from that frame on, where its stamps come over a line that is seen", () => {
    const { times, time } = told(true);
    expect(times.flatMap(({ jump }, at) => (jump === null ? [] : [{ at, byUs: jump.byUs }]))).toEqual([
      { at: 10 * FPS, byUs: -3 * SECOND_US },
    ]);
    times.forEach(({ stampUs }, at) => {
      const trueUs = ((at - (at >= 10 * FPS ? 3 * FPS : 0)) * SECOND_US) / FPS;
      expect(Math.abs(stampUs - trueUs)).toBeLessThan(1);
    });
    expect(time.told).toMatchObject({ jumps: 1, lastJump: { byUs: -3 * SECOND_US } });
  });

  test("is told without one where it is not", () => {
    const { times, time } = told(false);
    expect(times.filter(({ jump }) => jump !== null)).toHaveLength(1);
    expect(time.told).toMatchObject({ jumps: 1, lastJump: { byUs: null } });
  });
});
