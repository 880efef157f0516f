import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { PromiseCache } from "#runtime/cache/promise-cache.ts";
import { locateFfmpeg } from "./ffmpeg-location.ts";
import { RecordingRefused } from "./recording-refused.ts";
import type { UsedFfmpeg } from "./source-streams.ts";

/** What the recorder is written for and tried with. */
const OLDEST = [4, 4] as const;

/** Longest a program may take to say its version. */
const PATIENCE_MS = 10_000;

export interface FfmpegVersion {
  /** As it names itself, e.g. `5.1.9-0+deb12u1`. */
  readonly name: string;
  /** Null where it is built from the middle of the development and counts no versions. */
  readonly major: number | null;
  readonly isTooOld: boolean;
}

const known = new PromiseCache<FfmpegVersion | null>({ mostEntries: 8 });

/** Asks a program once; null where it does not answer as ffmpeg does. */
export async function ffmpegVersion(ffmpeg: string): Promise<FfmpegVersion | null> {
  const version = await known.get(ffmpeg, () => ask(ffmpeg));
  // It may be another one by the next time.
  if (version === null) known.drop(version);
  return version;
}

/** @throws RecordingRefused FFMPEG_MISSING, FFMPEG_TOO_OLD */
export async function usableFfmpeg(): Promise<UsedFfmpeg> {
  const path = locateFfmpeg();
  const version = path === null ? null : await ffmpegVersion(path);
  if (path === null || version === null) {
    throw new RecordingRefused("FFMPEG_MISSING", "ffmpeg was not found");
  }
  if (version.isTooOld) {
    const message = `ffmpeg ${version.name} is too old to record; version 4.4 or later is needed`;
    throw new RecordingRefused("FFMPEG_TOO_OLD", message);
  }
  return { path, major: version.major };
}

async function ask(ffmpeg: string): Promise<FfmpegVersion | null> {
  const said = await promisify(execFile)(ffmpeg, ["-version"], { timeout: PATIENCE_MS }).then(
    ({ stdout }) => stdout,
    () => "",
  );
  return readVersion(said);
}

/** Reads the first line of `ffmpeg -version`. */
export function readVersion(said: string): FfmpegVersion | null {
  const name = /^ffmpeg version (\S+)/.exec(said)?.[1];
  if (name === undefined) return null;
  const [, major, minor = "0"] = /^n?(\d+)(?:\.(\d+))?/.exec(name) ?? [];
  // Builds of the development are named by a date or a commit: `N-112233-gabcdef`, `2024-05-01-git`.
  if (major === undefined || Number(major) > 1000) return { name, major: null, isTooOld: false };
  const [oldestMajor, oldestMinor] = OLDEST;
  const isTooOld =
    Number(major) < oldestMajor || (Number(major) === oldestMajor && Number(minor) < oldestMinor);
  return { name, major: Number(major), isTooOld };
}
