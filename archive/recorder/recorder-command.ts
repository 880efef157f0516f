import { join } from "node:path";
import type { CameraSource } from "#shared/archive-api/archive-api.ts";
import { HIDDEN_VALUE, splitKnownAddress } from "#shared/archive-api/camera-address.ts";
import { INIT_FILE } from "../archive-folder.ts";

export const SEGMENT_SECONDS = 4;
export const LOOP_LIST_FILE = "loop.ffconcat";

/** Microseconds without a packet after which ffmpeg gives up; it takes up to twice as long. */
const RTSP_TIMEOUT_US = 5_000_000;

/** Entries in ffmpeg's own list, which nothing here reads; a full one is rewritten at every segment. */
const LIST_ENTRIES = 5;

export interface RecorderChoices {
  /** Streams of the source to record, as ffmpeg names them; by default the first picture alone. */
  readonly streams?: readonly string[];
  /** Wanted length of a segment; ffmpeg ends it at the next keyframe. */
  readonly segmentSeconds?: number;
}

/**
 * Arguments of ffmpeg that record one session into a folder, copying the picture untouched. Segments
 * are numbered rather than named by the second, because two can end within one second after a stall.
 */
export function recorderArguments(
  source: CameraSource,
  folder: string,
  { streams = ["0:v:0"], segmentSeconds = SEGMENT_SECONDS }: RecorderChoices = {},
): string[] {
  return [
    ...["-hide_banner", "-nostdin", "-loglevel", "warning"],
    ...inputArguments(source, folder),
    ...streams.flatMap((stream) => ["-map", stream]),
    ...["-c", "copy", "-f", "hls"],
    ...["-hls_time", String(segmentSeconds), "-hls_list_size", String(LIST_ENTRIES)],
    ...["-hls_segment_type", "fmp4", "-hls_flags", "program_date_time+independent_segments+temp_file"],
    ...["-hls_fmp4_init_filename", INIT_FILE, "-hls_segment_filename", join(folder, "%05d.m4s")],
    join(folder, "list.m3u8"),
  ];
}

/** The part of the arguments that opens the source. */
export function inputArguments(source: CameraSource, folder: string): string[] {
  switch (source.kind) {
    case "rtsp":
      return [
        ...["-rtsp_transport", source.transport ?? "tcp", "-timeout", String(RTSP_TIMEOUT_US)],
        ...["-fflags", "+genpts", "-i", source.url],
      ];
    case "loop":
      return ["-re", "-f", "concat", "-safe", "0", "-i", join(folder, LOOP_LIST_FILE)];
  }
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
