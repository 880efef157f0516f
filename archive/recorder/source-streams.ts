import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import type { CameraSource } from "#shared/archive-api/archive-api.ts";
import type { LeftOut } from "#shared/domain/camera.ts";
import { describedMetadata, describedPictures } from "./described-streams.ts";
import { pictureName, soundName } from "./format-names.ts";
import { inputArguments, withoutSecrets } from "./recorder-command.ts";

/** Longest a source may take to say what it consists of. */
const PATIENCE_MS = 40_000;

/** Sound that players of MP4 take and that is recorded, as ffmpeg names it. */
const RECORDED_SOUND = new Set(["aac", "opus"]);

/** Pictures that are recorded: others are shown by no browser, and this archive cannot cut them. */
const RECORDED_PICTURE = new Set(["h264", "hevc"]);

/** `Stream #0:1[0x2](und): Audio: aac (LC), …` */
const STREAM_LINE = /^\s*Stream #0:\d+[^:]*: (Video|Audio|Data|Subtitle): (\w+)/gm;

/** What a source consists of, and what of it is recorded. */
export type SourceStreams =
  | {
      readonly kind: "found";
      /** Streams to record, as ffmpeg names them: the first picture, and the first sound that can be held. */
      readonly streams: readonly string[];
      /** What else the source sends. */
      readonly leftOut: readonly LeftOut[];
      /** Why the source's sound is not recorded; null where it is, or where there is none. */
      readonly soundLeftOut: string | null;
    }
  /** It sends pictures that are not recorded; why, for people. */
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string };

/** The ffmpeg that records. */
export interface UsedFfmpeg {
  readonly path: string;
  /** Of its version; null where it does not say. */
  readonly major: number | null;
}

export interface AskedSource {
  /** The archive's folder, in which a loop's relative path lies. */
  readonly dir: string;
  readonly source: CameraSource;
}

/**
 * Asks ffmpeg what a source consists of, so that sound which MP4 cannot hold never fails the picture.
 * ffmpeg itself is asked, because not every installation brings ffprobe. Never rejects.
 */
export async function probeSource(
  ffmpeg: UsedFfmpeg,
  { dir, source }: AskedSource,
  signal: AbortSignal,
): Promise<SourceStreams> {
  const declared = { hasSound: null, isProbed: false, ffmpegMajor: ffmpeg.major };
  const input =
    source.kind === "loop" ? ["-i", resolve(dir, source.file)] : inputArguments(source, "", declared);
  // So that it tells the description, which says of some pictures more, and sooner, than ffmpeg finds out.
  const asked = ["-hide_banner", "-nostdin", "-loglevel", "verbose", ...input];
  const asking = promisify(execFile)(ffmpeg.path, asked, {
    ...{ timeout: PATIENCE_MS, killSignal: "SIGKILL" as const, signal },
  });
  let heard = "";
  asking.child.stderr?.on("data", (text: string) => {
    heard += text;
    if (isRefused(describedPictures(heard))) asking.child.kill("SIGKILL");
  });
  const said = await asking.then(({ stderr }) => stderr, wordsOf);
  return readStreams(withoutSecrets(said, source));
}

/** Without an output ffmpeg always ends with a failure; what it found is among its words. */
function wordsOf(error: unknown): string {
  const words = error instanceof Error && "stderr" in error ? String(error.stderr) : "";
  return words === "" ? String(error) : words;
}

/** A stream of the source, as ffmpeg names its codec. */
interface FoundStream {
  readonly kind: string;
  readonly codec: string;
}

/** Reads ffmpeg's description of its input. */
export function readStreams(said: string): SourceStreams {
  const found = [...said.matchAll(STREAM_LINE)].map(([, kind = "", codec = ""]) => ({ kind, codec }));
  const [pictures, sounds] = [ofKind(found, "Video"), ofKind(found, "Audio")];
  const named = pictures.length === 0 ? describedPictures(said) : pictures.map(({ codec }) => codec);
  if (isRefused(named)) return { kind: "refused", reason: refusal(named) };
  if (pictures.length === 0) return { kind: "failed", reason: lastWords(said) };
  const picture = pictures.findIndex(({ codec }) => RECORDED_PICTURE.has(codec));
  const sound = sounds.findIndex(({ codec }) => RECORDED_SOUND.has(codec));
  // By their kind, because what is not asked of a camera is not counted.
  const streams = [`0:v:${picture}`, ...(sound < 0 ? [] : [`0:a:${sound}`])];
  const recorded = new Set([pictures[picture], sounds[sound]]);
  const leftOut = found
    .filter((stream) => !recorded.has(stream))
    .map((stream) => asLeftOut(stream, describedMetadata(said)));
  return { kind: "found", streams, leftOut, soundLeftOut: sound < 0 ? soundWords(sounds) : null };
}

const ofKind = (found: readonly FoundStream[], wanted: string): FoundStream[] =>
  found.filter(({ kind }) => kind === wanted);

/** There are pictures, and none that can be recorded. */
const isRefused = (codecs: readonly string[]): boolean =>
  codecs.length > 0 && !codecs.some((codec) => RECORDED_PICTURE.has(codec));

function asLeftOut({ kind, codec }: FoundStream, metadata: string | null): LeftOut {
  switch (kind) {
    case "Video":
      return { kind: "picture", format: pictureName(codec) };
    case "Audio":
      return { kind: "sound", format: soundName(codec) };
    case "Data":
      return { kind: "metadata", format: codec === "none" ? (metadata ?? "application data") : codec };
    default:
      return { kind: "other", format: codec };
  }
}

function refusal(codecs: readonly string[]): string {
  const names = [...new Set(codecs.map(pictureName))].join(" and ");
  return `This camera sends ${names}, which is not recorded, because browsers and players of evidence do not show it.`;
}

function soundWords([first]: readonly FoundStream[]): string | null {
  if (first === undefined) return null;
  return `The camera's sound (${soundName(first.codec)}) is not recorded, because players of MP4 refuse it.`;
}

/** What ffmpeg says around the line that tells; since version 6 it says behind it which file and which code. */
const UNTELLING =
  /At least one output file|^Input #|^\s|^\[AVIO|^\[tcp @|^Error opening input files?[ :]|^Exiting with exit code|^$/;

function lastWords(said: string): string {
  const telling = said
    .trim()
    .split("\n")
    .filter((line) => !UNTELLING.test(line));
  const last = telling.at(-1) ?? "The source holds no picture.";
  return last.replace(/^\[in#\d+ @ \w+\] Error opening input: /, "").trim();
}
