import { describe, expect, test } from "vitest";
import { interleaved, report } from "../../testing/odd-camera/rtp-packets.ts";
import { StampWatch } from "./stamp-watch.ts";
import type { SentJump } from "../frames/sent-stamps.ts";

const TYPE = 96;
const SECOND_US = 1_000_000;

interface Frame {
  readonly atS: number;
  readonly stampS: number;
}

/** What is noticed of frames of two packets each. */
function watched(frames: readonly Frame[], base = 90_000): { watch: StampWatch; jumps: SentJump[] } {
  const watch = new StampWatch({ type: TYPE, codec: "H264", clockRate: 90_000 });
  const jumps: SentJump[] = [];
  for (const [sequence, { atS, stampS }] of frames.entries()) {
    const rtp = {
      channel: 0,
      type: TYPE,
      sequence,
      stamp: base + Math.round(stampS * 90_000),
      isMarked: true,
    };
    const packet = interleaved(rtp, Buffer.from([0x41, 0]));
    watch.look(Buffer.concat([packet, packet]), atS * SECOND_US);
    if (watch.lastJump !== null && watch.lastJump !== jumps.at(-1)) jumps.push(watch.lastJump);
  }
  return { watch, jumps };
}

const FPS = 10;

const steady = (count: number, of: (at: number) => Partial<Frame> = () => ({})): Frame[] =>
  Array.from({ length: count }, (_, at) => ({ atS: at / FPS, stampS: at / FPS, ...of(at) }));

/** I P B B P B B: a P-frame is sent before the two that are shown before it. */
const reordered = (at: number): number => (at === 0 ? 0 : at + (at % 3 === 1 ? 2 : -1));

/** The same, and from the 200th frame on four of them between others. */
const moreLater = (at: number): number => {
  if (at < 200) return reordered(at);
  return at === 200 ? 200 : at + ((at - 200) % 5 === 1 ? 4 : -1);
};

/** The same numbers each time. */
function* numbers(): Generator<number> {
  for (let seed = 1; ;) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield seed / 2_147_483_648;
  }
}

describe("the camera's clock on the line", () => {
  const inOrder = (at: number): number => at;
  // B-frames are sent by as much in another order as a smaller step back makes.
  const jumpsOf = [
    ...[3600, 1.5, 0.4, -0.4, -3, -3600].map((byS) => [byS, "frames in order", inOrder] as const),
    ...[3600, 1.5, -0.4, -0.7, -0.95, -3, -3600].map((byS) => [byS, "B-frames", reordered] as const),
  ];
  test.each(jumpsOf)("jumps by %d s beside %s: noticed once, with its width", (byS, _, stampAt) => {
    const sent = steady(300, (at) => ({ stampS: stampAt(at) / FPS + (at >= 200 ? byS : 0) }));
    const { jumps } = watched(sent);
    expect(jumps).toHaveLength(1);
    expect(Math.abs((jumps[0]?.byUs ?? 0) - byS * SECOND_US)).toBeLessThan(310_000);
    expect(Math.abs((jumps[0]?.atUs ?? 0) - 20 * SECOND_US)).toBeLessThan(310_000);
  });

  test("jumps by its own count where it is slow", () => {
    const { jumps } = watched(steady(300, (at) => ({ stampS: (at / FPS) * 0.5 + (at >= 200 ? 3600 : 0) })));
    expect(jumps).toHaveLength(1);
    expect(Math.abs((jumps[0]?.byUs ?? 0) - 3600 * SECOND_US)).toBeLessThan(10_000);
  });

  const held = (at: number): number => (at >= 200 && at < 215 ? 21.5 : at / FPS);
  const late = numbers();
  const steps = numbers();
  let passedS = 0;
  const uneven = Array.from({ length: 400 }, () => (passedS += 0.02 + 0.38 * (steps.next().value ?? 0)));
  test.each([
    ["runs steadily", steady(400)],
    ["runs at half the rate", steady(400, (at) => ({ stampS: at / FPS / 2 }))],
    ["runs at twice the rate", steady(400, (at) => ({ stampS: (at / FPS) * 2 }))],
    ["is of a camera with B-frames", steady(400, (at) => ({ stampS: reordered(at) / FPS }))],
    [
      "is of a camera that sends more B-frames after a while",
      steady(400, (at) => ({ stampS: moreLater(at) / FPS })),
    ],
    [
      "is of a camera with B-frames that the network holds back",
      steady(400, (at) => ({ stampS: reordered(at) / FPS, atS: held(at) })),
    ],
    ["comes late by up to 0.3 s", steady(400, (at) => ({ atS: at / FPS + 0.3 * (late.next().value ?? 0) }))],
    ["is held back by the network for 1.5 s", steady(400, (at) => ({ atS: held(at) }))],
    ["is of a camera that sends nothing for 8 s", steady(400).filter(({ atS }) => atS < 20 || atS > 28)],
    [
      "is of a camera that goes to one frame a second",
      steady(400).filter((_, at) => at < 200 || at % 10 === 0),
    ],
    ["is of uneven frames", uneven.map((atS) => ({ atS, stampS: atS }))],
    [
      "is of uneven frames that are held back for 1 s",
      uneven.map((atS, at) => ({ atS: at >= 200 && at < 205 ? (uneven[205] ?? 0) : atS, stampS: atS })),
    ],
  ])("does not jump where it %s", (_, sent) => {
    expect(watched(sent).jumps).toEqual([]);
  });

  test("begins anew after 32 bits without a jump, and goes on counting", () => {
    const { watch, jumps } = watched(steady(300), 2 ** 32 - 900_000);
    expect(jumps).toEqual([]);
    const [first, last] = [watch.cameBy(5 * SECOND_US), watch.cameBy(25 * SECOND_US)];
    expect((last?.stampUs ?? 0) - (first?.stampUs ?? 0)).toBe(20 * SECOND_US);
  });
});

describe("packets that did not come", () => {
  const packet = (sequence: number, channel = 0): Buffer =>
    interleaved(
      { channel, type: TYPE, sequence, stamp: sequence * 9_000, isMarked: true },
      Buffer.from([0x41, 0]),
    );

  function lossesOf(sequences: readonly (readonly [number, number?])[]): number[] {
    const watch = new StampWatch({ type: TYPE, codec: "H264", clockRate: 90_000 });
    return sequences.flatMap(([sequence, sender], at) => {
      watch.look(packet(sequence, sender), at * SECOND_US);
      return watch.losses.isBetween((at - 1) * SECOND_US, at * SECOND_US) ? [at] : [];
    });
  }

  test("are noticed by the numbers of those behind them, over the end of the numbers too", () => {
    expect(lossesOf([[65_533], [65_534], [65_535], [0], [1], [3], [4]])).toEqual([5]);
    expect(lossesOf([[65_534], [2], [3]])).toEqual([1]);
  });

  test("are none where packets come twice or in another order, or another sender counts anew", () => {
    expect(lossesOf([[10], [11], [11], [13], [12], [14]])).toEqual([3]);
    expect(lossesOf([[10], [11], [5_000, 2], [5_001, 2]])).toEqual([]);
  });
});

describe("the camera's clock of day", () => {
  const UTC_US = 1_790_000_000_250_000;
  const picture = (stamp: number): Buffer =>
    interleaved({ channel: 0, type: TYPE, sequence: 1, stamp, isMarked: true }, Buffer.from([0x41, 0]));

  test("is that of the picture's own reports, by its stamps, over their end too", () => {
    const watch = new StampWatch({ type: TYPE, codec: "H264", clockRate: 90_000 });
    watch.look(picture(2 ** 32 - 45_000), SECOND_US);
    watch.look(Buffer.concat([report(0, 45_000, UTC_US), report(2, 45_000, 5_000_000)]), 2 * SECOND_US);
    watch.look(picture(90_000), 3 * SECOND_US);
    const day = watch.dayBetween(0, 3 * SECOND_US);
    expect(Math.abs((day?.utcUs ?? 0) - UTC_US)).toBeLessThan(2);
    expect((day?.stampUs ?? 0) - (watch.cameBy(SECOND_US)?.stampUs ?? 0)).toBe(SECOND_US);
    expect(watch.dayBetween(2 * SECOND_US, 3 * SECOND_US)).toBeNull();
  });

  test("is not known of a camera that counts from its beginning, or says nothing of it", () => {
    const watch = new StampWatch({ type: TYPE, codec: "H264", clockRate: 90_000 });
    watch.look(picture(0), 0);
    watch.look(report(0, 0, -2_208_988_800_000_000), SECOND_US);
    watch.look(report(0, 0, -2_208_988_000_000_000), SECOND_US);
    expect(watch.dayBetween(0, SECOND_US)).toBeNull();
  });
});
