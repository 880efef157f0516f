import { join } from "node:path";
import type { CameraSource } from "#shared/archive-api/archive-api.ts";
import { HIDDEN_VALUE, splitKnownAddress } from "#shared/archive-api/camera-address.ts";
import { cameraFolder } from "../ground/archive-folder.ts";

/** Wanted length of a footage file, which ends at the next key frame. */
export const FILE_SECONDS = 4;

/**
 * Microseconds without a packet after which ffmpeg gives a camera up, where our own look at what arrives has not done so
 * before: a camera may send a frame in ten seconds.
 */
const RTSP_TIMEOUT_US = 60_000_000;

/** Added to all times, so that none is negative. Picture and sound keep the times that they have beside each other. */
const TIME_OFFSET_SECONDS = 10;

export interface RecorderChoices {
  /** Streams of the source to record, as ffmpeg names them: the picture, and the sound where there is one. */
  readonly streams: readonly string[];
  /** Whether ffmpeg must look at the source before it knows what to write. */
  readonly isProbed: boolean;
  /** Whether picture and sound are given out with times that can be compared. */
  readonly hasSharedTimes: boolean;
  /** Null where ffmpeg does not say. */
  readonly ffmpegMajor: number | null;
}

/** Where ffmpeg reads the list of a loop. */
export const loopListFile = (dir: string, cameraId: string): string =>
  join(cameraFolder(dir, cameraId), "loop.ffconcat");

/**
 * Arguments of ffmpeg that give out the picture by its standard output and the sound by pipe 3, copied untouched, as
 * fragmented MP4 with one frame a fragment. Sound has an output of its own: in one with the picture ffmpeg waits for
 * both, and a camera that declares sound and sends none is held back for ten seconds.
 */
export function recorderArguments(source: CameraSource, list: string, choices: RecorderChoices): string[] {
  const [picture = "0:v:0", sound] = choices.streams;
  return [
    ...["-hide_banner", "-nostdin", "-loglevel", "error"],
    ...inputArguments(source, list, { ...choices, hasSound: sound !== undefined }),
    ...pipeArguments(picture, 1, choices),
    ...(sound === undefined ? [] : pipeArguments(sound, 3, choices)),
  ];
}

const FRAGMENTS = "frag_every_frame+empty_moov+default_base_moof";

function pipeArguments(stream: string, pipe: number, { hasSharedTimes }: RecorderChoices): string[] {
  const times = ["-avoid_negative_ts", "disabled", "-output_ts_offset", String(TIME_OFFSET_SECONDS)];
  return [
    ...["-map", stream, "-c", "copy", "-copyinkf", ...(hasSharedTimes ? times : [])],
    ...["-f", "mp4", "-movflags", hasSharedTimes ? `${FRAGMENTS}+frag_discont` : FRAGMENTS],
    ...["-flush_packets", "1", `pipe:${pipe}`],
  ];
}

/** What the recorder is to find out of a source, and how. */
export interface InputChoices {
  /** Null where all that the source has is asked for. */
  readonly hasSound: boolean | null;
  readonly isProbed: boolean;
  readonly ffmpegMajor: number | null;
}

/** The part of the arguments that opens the source. */
export function inputArguments(source: CameraSource, list: string, choices: InputChoices): string[] {
  switch (source.kind) {
    case "rtsp":
      return [
        ...["-rtsp_transport", source.transport ?? "tcp", timeoutName(choices), String(RTSP_TIMEOUT_US)],
        ...lookArguments(choices),
        ...["-i", source.url],
      ];
    case "loop":
      return ["-re", "-f", "concat", "-safe", "0", "-i", list];
  }
}

/** Before version 5 `-timeout` made a server of it, which waits to be called. */
const timeoutName = ({ ffmpegMajor }: InputChoices): string =>
  ffmpegMajor !== null && ffmpegMajor < 5 ? "-stimeout" : "-timeout";

/**
 * What a camera declares is enough for ffmpeg, unless a packet of sound comes first; then it must look at some frames,
 * which come out together, dated by what their stamps say.
 */
function lookArguments({ hasSound, isProbed }: InputChoices): string[] {
  if (isProbed) return ["-fpsprobesize", "0", "-analyzeduration", "1000000"];
  const declared = ["-probesize", "32", "-analyzeduration", "0"];
  // What is not recorded, as metadata, is not asked for, unless the question is what there is.
  const wanted = hasSound === null ? [] : ["-allowed_media_types", hasSound ? "video+audio" : "video"];
  return [...wanted, ...declared];
}

/** A shorter secret would make holes in words that have nothing to do with it. */
const SECRET_LENGTH_MIN = 4;

/**
 * A text meant for people or a log, without anything secret of the source. The recorder is told none of it, so this is
 * for what a camera itself may say.
 */
export function withoutSecrets(text: string, source: CameraSource): string {
  const plain = text.replaceAll(/(rtsps?:\/\/)\S*@/gi, "$1");
  if (source.kind !== "rtsp") return plain;
  const split = splitKnownAddress(source.url);
  const known = [source.password, split?.password, ...(split?.hidden ?? []).map(({ value }) => value)];
  const secrets = known
    .flatMap((secret) => [secret ?? "", encodeURIComponent(secret ?? ""), encodeURI(secret ?? "")])
    .filter((secret) => secret.length >= SECRET_LENGTH_MIN)
    .sort((a, b) => b.length - a.length);
  return secrets.reduce((words, secret) => words.replaceAll(secret, HIDDEN_VALUE), plain);
}
