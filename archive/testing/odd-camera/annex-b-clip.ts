import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { testFfmpeg } from "../ffmpeg-of-tests.ts";

export interface ClipWish {
  readonly codec: "h264" | "h265";
  readonly size: string;
  /** Frames a second, and from one key frame to the next. */
  readonly rate: number;
  readonly group: number;
  readonly seconds: number;
  /** B-frames between others. */
  readonly bFrames?: number;
  readonly isInterlaced?: boolean;
  /** Of ffmpeg, to draw on the pictures. */
  readonly filters?: readonly string[];
  readonly bitrate?: string;
}

/** Coded pictures as a camera sends them, without what stands between them. */
export interface AnnexBClip {
  readonly codec: "h264" | "h265";
  /** Sequence and picture parameter sets, in their order. */
  readonly sets: readonly Buffer[];
  readonly pictures: readonly CodedPicture[];
}

export interface CodedPicture {
  readonly units: readonly Buffer[];
  readonly isKey: boolean;
}

/** How a codec numbers its units (ITU-T H.264, table 7-1; H.265, table 7-1). */
interface Units {
  readonly kindOf: (unit: Buffer) => number;
  readonly delimiter: number;
  readonly sets: readonly number[];
  readonly isKey: (kind: number) => boolean;
  readonly isPicture: (kind: number) => boolean;
}

const UNITS: Readonly<Record<AnnexBClip["codec"], Units>> = {
  h264: {
    kindOf: (unit) => (unit[0] ?? 0) & 31,
    ...{ delimiter: 9, sets: [7, 8] },
    isKey: (kind) => kind === 5,
    isPicture: (kind) => kind >= 1 && kind <= 5,
  },
  h265: {
    kindOf: (unit) => ((unit[0] ?? 0) >> 1) & 63,
    ...{ delimiter: 35, sets: [32, 33, 34] },
    isKey: (kind) => kind >= 16 && kind <= 21,
    isPicture: (kind) => kind <= 31,
  },
};

/** Whether a unit is a part of a picture, and no more than something beside it. */
export const isPictureUnit = (codec: AnnexBClip["codec"], unit: Buffer): boolean =>
  UNITS[codec].isPicture(UNITS[codec].kindOf(unit));

/** Makes a clip whose pictures all differ. */
export async function makeAnnexBClip(wish: ClipWish): Promise<AnnexBClip> {
  const folder = await mkdtemp(join(tmpdir(), "evidence-desk-clip-"));
  try {
    const path = join(folder, `clip.${wish.codec}`);
    await promisify(execFile)(testFfmpeg(), [...clipArguments(wish), path]);
    return readAnnexB(wish.codec, await readFile(path));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function clipArguments(wish: ClipWish): string[] {
  const {
    codec,
    size,
    rate,
    group,
    seconds,
    bFrames = 0,
    isInterlaced,
    filters = [],
    bitrate = "60k",
  } = wish;
  const source = [
    "-v",
    "error",
    "-f",
    "lavfi",
    "-i",
    `testsrc2=size=${size}:rate=${rate}`,
    "-t",
    String(seconds),
  ];
  const drawn = [...filters, ...(isInterlaced === true ? ["interlace"] : [])];
  const drawing = drawn.length === 0 ? [] : ["-vf", drawn.join(",")];
  const fields = isInterlaced === true ? ["-flags", "+ilme+ildct"] : [];
  const common = `keyint=${group}:min-keyint=${group}:scenecut=0:bframes=${bFrames}:b-adapt=0`;
  const coding =
    codec === "h264"
      ? ["libx264", "-preset", "veryfast", "-x264-params", `${common}:b-pyramid=none:open-gop=0:aud=1`]
      : ["libx265", "-preset", "ultrafast", "-x265-params", `log-level=error:${common}:open-gop=0:aud=1`];
  const format = codec === "h264" ? "h264" : "hevc";
  return [
    ...source,
    ...drawing,
    ...fields,
    "-c:v",
    ...coding,
    "-b:v",
    bitrate,
    "-pix_fmt",
    "yuv420p",
    "-f",
    format,
  ];
}

function readAnnexB(codec: AnnexBClip["codec"], bytes: Buffer): AnnexBClip {
  const { kindOf, delimiter, sets: setKinds, isKey } = UNITS[codec];
  const sets = new Map<number, Buffer>();
  const pictures: Buffer[][] = [];
  for (const unit of unitsOf(bytes)) {
    const kind = kindOf(unit);
    if (kind === delimiter) pictures.push([]);
    else if (setKinds.includes(kind)) sets.set(kind, unit);
    else pictures.at(-1)?.push(unit);
  }
  return {
    codec,
    sets: setKinds.flatMap((kind) => sets.get(kind) ?? []),
    pictures: pictures.map((units) => ({ units, isKey: units.some((unit) => isKey(kindOf(unit))) })),
  };
}

/** Cuts at start codes, which are three bytes; zeros before one belong to it. */
function unitsOf(bytes: Buffer): Buffer[] {
  const start = Buffer.from([0, 0, 1]);
  const units: Buffer[] = [];
  for (let at = bytes.indexOf(start); at >= 0;) {
    const next = bytes.indexOf(start, at + 3);
    let end = next < 0 ? bytes.length : next;
    while (bytes[end - 1] === 0) end--;
    units.push(bytes.subarray(at + 3, end));
    at = next;
  }
  return units;
}
