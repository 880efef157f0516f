import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import type { CameraSource } from "#shared/archive-api/archive-api.ts";
import { inputArguments, withoutSecrets } from "./recorder-command.ts";

/** Longest a source may take to say what it consists of. */
const PATIENCE_MS = 20_000;

/** Sound that an MP4 file can hold and that is recorded, as ffmpeg names it. */
const RECORDED_SOUND = new Set(["aac", "opus"]);

/** `Stream #0:1[0x2](und): Audio: aac (LC), …` */
const STREAM_LINE = /^\s*Stream #(0:\d+)[^:]*: (Video|Audio): (\w+)/gm;

/** What a source consists of, and what of it is recorded. */
export type SourceStreams =
  | {
      readonly kind: "found";
      /** Streams to record, as ffmpeg names them: the first picture, and the first sound that can be held. */
      readonly streams: readonly string[];
      /** Why the source's sound is not recorded; null where it is, or where there is none. */
      readonly soundLeftOut: string | null;
    }
  | { readonly kind: "failed"; readonly reason: string };

/**
 * Asks ffmpeg what a source consists of, so that sound which MP4 cannot hold never fails the picture.
 * ffmpeg itself is asked, because not every installation brings ffprobe. Never rejects.
 * @param dir the archive's folder, in which a loop's relative path lies
 */
export async function probeSource(
  ffmpeg: string,
  dir: string,
  source: CameraSource,
  signal: AbortSignal,
): Promise<SourceStreams> {
  const input = source.kind === "loop" ? ["-i", resolve(dir, source.file)] : inputArguments(source, dir);
  const said = await promisify(execFile)(ffmpeg, ["-hide_banner", "-nostdin", ...input], {
    ...{ timeout: PATIENCE_MS, killSignal: "SIGKILL" as const, signal },
  }).then(({ stderr }) => stderr, wordsOf);
  return readStreams(withoutSecrets(said, source));
}

/** Without an output ffmpeg always ends with a failure; what it found is among its words. */
function wordsOf(error: unknown): string {
  const words = error instanceof Error && "stderr" in error ? String(error.stderr) : "";
  return words === "" ? String(error) : words;
}

/** Reads ffmpeg's description of its input. */
export function readStreams(said: string): SourceStreams {
  const found = [...said.matchAll(STREAM_LINE)].map(([, stream = "", kind = "", codec = ""]) => ({
    ...{ stream, kind, codec },
  }));
  const picture = found.find(({ kind }) => kind === "Video");
  if (picture === undefined) return { kind: "failed", reason: lastWords(said) };
  const sounds = found.filter(({ kind }) => kind === "Audio");
  const recorded = sounds.find(({ codec }) => RECORDED_SOUND.has(codec));
  const streams = [picture, ...(recorded === undefined ? [] : [recorded])].map(({ stream }) => stream);
  const isLeftOut = sounds.length > 0 && recorded === undefined;
  return { kind: "found", streams, soundLeftOut: isLeftOut ? leftOut(sounds[0]?.codec ?? "") : null };
}

const leftOut = (codec: string): string =>
  `The camera's sound (${codec}) is not recorded, because an MP4 file cannot hold it; AAC and Opus are.`;

function lastWords(said: string): string {
  const lines = said.trim().split("\n");
  const telling = lines.filter((line) => !/At least one output file|^Input #|^\s/.test(line));
  return (telling.at(-1) ?? "The source holds no picture.").trim();
}
