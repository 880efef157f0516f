import { makeAacUnits } from "./aac-units.ts";
import { makeAnnexBClip, type AnnexBClip, type ClipWish } from "./annex-b-clip.ts";
import type { Oddity } from "./odd-camera.ts";

export interface Wanted {
  readonly share: number;
  readonly worstUs: number;
  readonly gaps: number;
  /** Sound from its picture. */
  readonly soundApartUs: number;
  /** Of the problem that the operator reads. */
  readonly code: string | null;
  /** What those words must hold. */
  readonly words: string;
}

export interface CameraCase {
  readonly name: string;
  readonly oddity: Oddity;
  readonly seconds: number;
  readonly wanted: Wanted;
}

const WANTED: Wanted = { share: 1, worstUs: 300_000, gaps: 0, soundApartUs: 40_000, code: null, words: "" };
const JUMPED: Partial<Wanted> = { code: "CAMERA_CLOCK" };
const BACK: Partial<Wanted> = { ...JUMPED, words: "jumped back by 3" };

const CLIPS = {
  plain: { codec: "h264", size: "320x180", rate: 10, group: 20, seconds: 20 },
  wide: { codec: "h264", size: "640x360", rate: 10, group: 20, seconds: 20 },
  bFrames: { codec: "h264", size: "320x180", rate: 10, group: 19, seconds: 19, bFrames: 2 },
  h265: { codec: "h265", size: "320x180", rate: 10, group: 20, seconds: 20 },
  interlaced: { codec: "h264", size: "320x192", rate: 50, group: 50, seconds: 20, isInterlaced: true },
  minutes: { codec: "h264", size: "160x90", rate: 10, group: 1500, seconds: 150 },
  minuteSlow: { codec: "h264", size: "160x90", rate: 1, group: 60, seconds: 60 },
  keys: { codec: "h264", size: "160x90", rate: 1, group: 1, seconds: 30 },
} as const satisfies Record<string, ClipWish>;

type Clips = Record<keyof typeof CLIPS, AnnexBClip>;

/** @param isShort those that are worth a minute at each change */
export async function cameraCases(isShort: boolean): Promise<CameraCase[]> {
  const names = Object.keys(CLIPS) as (keyof typeof CLIPS)[];
  const made = await Promise.all(
    names.map(async (name) => [name, await makeAnnexBClip(CLIPS[name])] as const),
  );
  const clips = Object.fromEntries(made) as Clips;
  const soundUnits = await makeAacUnits(30);
  return isShort
    ? shortCases(clips, soundUnits)
    : [...shortCases(clips, soundUnits), ...longCases(clips, soundUnits)];
}

function shortCases({ plain, wide, bFrames, h265 }: Clips, soundUnits: readonly Buffer[]): CameraCase[] {
  const short = caseMaker(25);
  return [
    short("behaves", { clip: plain, fps: 10 }),
    short("stamps at half the rate", { clip: plain, fps: 10, rate: 0.5 }),
    short("clock jumps an hour ahead", { clip: plain, fps: 10, jump: { atS: 10, byS: 3600 } }, JUMPED),
    short("clock goes back three seconds", { clip: plain, fps: 10, jump: { atS: 10, byS: -3 } }, BACK),
    short("another size", { clip: plain, fps: 10, laterClip: { atS: 10, clip: wide } }),
    short("B-frames", { clip: bFrames, fps: 10, bFrames: 2 }),
    short("H.265, sets in the description", { clip: h265, fps: 10, sets: "description" }),
    short("sound is declared and never sent", { clip: plain, fps: 10, sound: "silent" }),
    short("AAC", { clip: plain, fps: 10, sound: "aac", soundUnits }),
  ];
}

function longCases(
  { plain, bFrames, h265, interlaced, minutes, minuteSlow, keys }: Clips,
  soundUnits: readonly Buffer[],
) {
  const some = caseMaker(45);
  const fps = 10;
  const ahead = { atS: 20, byS: 3600 };
  const stays = { atS: 0, byS: 0 };
  const slow = { atS: 15, oneIn: 10 };
  return [
    // The long ones are in one batch with others.
    caseMaker(200)("key frame every 150 s, joined within", { clip: minutes, fps, isJoined: true }),
    caseMaker(150)("key frame every 60 s at 1 fps", { clip: minuteSlow, fps: 1 }),
    caseMaker(90)("a frame in 10 s", { clip: keys, fps: 0.1 }),
    caseMaker(70)("a frame in 5 s, half the rate", { clip: keys, fps: 0.2, rate: 0.5 }),
    some("rate 0.84", { clip: plain, fps, rate: 0.84 }),
    some("rate 1.2", { clip: plain, fps, rate: 1.2 }),
    some("rate 2", { clip: plain, fps, rate: 2 }),
    some("clock goes back an hour", { clip: plain, fps, jump: { atS: 20, byS: -3600 } }, BACK),
    some("clock jumps 1.5 s ahead", { clip: plain, fps, jump: { atS: 20, byS: 1.5 } }, JUMPED),
    some("stamps wrap", { clip: plain, fps, base: 4_294_000_000 }),
    some("nothing for 8 s", { clip: plain, fps, skip: { fromS: 15, toS: 23 } }, { gaps: 1 }),
    some("nothing for 0.8 s", { clip: plain, fps, skip: { fromS: 15.1, toS: 15.9 } }),
    some("lost for 0.8 s", { clip: plain, fps, lost: { fromS: 15.1, toS: 15.9 } }, { gaps: 1 }),
    some("the network stalls for 1.5 s", { clip: plain, fps, stall: { fromS: 15, toS: 16.5 } }),
    some("night: one frame a second", { clip: plain, fps, thinned: slow }),
    some("night at half the rate", { clip: plain, fps, thinned: slow, rate: 0.5 }),
    some("G.711", { clip: plain, fps, sound: "g711" }, { code: "SOUND_LEFT_OUT" }),
    some(
      "G.711, half the rate, an hour ahead",
      { clip: plain, fps, sound: "g711", rate: 0.5, jump: ahead },
      JUMPED,
    ),
    some("AAC, an hour ahead", { clip: plain, fps, sound: "aac", soundUnits, jump: ahead }, JUMPED),
    some(
      "AAC, the picture's clock alone an hour ahead",
      { clip: plain, fps, sound: "aac", soundUnits, jump: ahead, soundJump: stays },
      JUMPED,
    ),
    some("AAC, the picture's clock alone 0.4 s ahead", {
      ...{ clip: plain, fps, sound: "aac", soundUnits },
      ...{ jump: { atS: 20, byS: 0.4 }, soundJump: stays },
    }),
    some("AAC, the sound's clock alone goes 3 s back", {
      ...{ clip: plain, fps, sound: "aac", soundUnits },
      soundJump: { atS: 20, byS: -3 },
    }),
    some("AAC, the sound's clock alone an hour ahead", {
      ...{ clip: plain, fps, sound: "aac", soundUnits },
      soundJump: ahead,
    }),
    some(
      "AAC, both clocks jump by different amounts",
      {
        ...{ clip: plain, fps, sound: "aac", soundUnits, jump: ahead },
        soundJump: { atS: 25, byS: -100 },
      },
      JUMPED,
    ),
    some("AAC, its clock 2 % fast", { clip: plain, fps, sound: "aac", soundUnits, soundRate: 1.02 }),
    some("AAC, the picture's clock 1 % slow", { clip: plain, fps, sound: "aac", soundUnits, rate: 0.99 }),
    some("AAC and metadata", { clip: plain, fps, sound: "aac", soundUnits, metadataRate: 5 }),
    some("interlaced, 50 fields", { clip: interlaced, fps: 50 }),
    some("H.265, rate 1.2, an hour ahead", { clip: h265, fps, rate: 1.2, jump: ahead }, JUMPED),
    // Their order takes half of three frames, whatever the pace.
    some("B-frames, 5 a second", { clip: bFrames, fps: 5, bFrames: 2 }, { worstUs: 350_000 }),
    some("B-frames, 2.5 a second", { clip: bFrames, fps: 2.5, bFrames: 2 }, { worstUs: 650_000 }),
    some("B-frames, half the rate", { clip: bFrames, fps, bFrames: 2, rate: 0.5 }),
    // Until it is known how fast its clock runs, their order takes as long as the stamps say: half of three times 0.2 s.
    some("B-frames, twice the rate", { clip: bFrames, fps, bFrames: 2, rate: 2 }, { worstUs: 320_000 }),
    some("B-frames, an hour ahead", { clip: bFrames, fps, bFrames: 2, jump: ahead }, JUMPED),
    // The next connection's clock goes back after as long.
    caseMaker(36)(
      "B-frames, an hour back",
      { clip: bFrames, fps, bFrames: 2, jump: { atS: 20, byS: -3600 } },
      BACK,
    ),
    some("B-frames, the network stalls", { clip: bFrames, fps, bFrames: 2, stall: { fromS: 15, toS: 16.5 } }),
    some("sets in the band alone", { clip: plain, fps, sets: "band" }),
  ];
}

const caseMaker =
  (seconds: number) =>
  (name: string, oddity: Oddity, wanted: Partial<Wanted> = {}): CameraCase => ({
    ...{ name, oddity, seconds },
    wanted: { ...WANTED, ...wanted },
  });
