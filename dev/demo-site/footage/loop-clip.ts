import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { frameStripFilters } from "./frame-strip.ts";
import { SCENE_HEIGHT, SCENE_WIDTH, type Scene } from "./scenery.ts";

/** Frames of a demo picture in a second. */
export const LOOP_FPS = 10;

/** Length of a loop: a minute, so that it can run in step with the wall clock. */
export const LOOP_SECONDS = 60;

const KEYFRAME_FRAMES = 2 * LOOP_FPS;

/** Constant quality; with drawn scenery about 4 kB a second. */
const QUALITY = 30;

/** Longest a clip may take to encode on a busy machine. */
const PATIENCE_MS = 120_000;

export interface LoopClip {
  readonly file: string;
  readonly cameraName: string;
  readonly scene: Scene;
}

/**
 * Encodes a camera's loop: one minute of H.264 without B-frames, a keyframe every 2 s, with camera name,
 * second of the minute and frame number burnt in, the latter also as a strip (see `frame-strip.ts`).
 * Rejects with what ffmpeg said.
 */
export async function encodeLoopClip(ffmpegPath: string, clip: LoopClip): Promise<void> {
  const picture = `color=c=${clip.scene.ground}:s=${SCENE_WIDTH}x${SCENE_HEIGHT}:r=${LOOP_FPS}:d=${LOOP_SECONDS}`;
  const filters = [
    ...clip.scene.shapes,
    ...captionFilters(clip.cameraName),
    ...frameStripFilters(),
    "format=yuv420p",
  ];
  await promisify(execFile)(
    ffmpegPath,
    [
      ...["-hide_banner", "-nostdin", "-loglevel", "error", "-y", "-f", "lavfi", "-i", picture],
      ...["-vf", filters.join(","), "-frames:v", String(LOOP_FPS * LOOP_SECONDS)],
      ...[
        "-c:v",
        "libx264",
        "-profile:v",
        "high",
        "-preset",
        "faster",
        "-crf",
        String(QUALITY),
        "-threads",
        "1",
      ],
      ...[
        "-bf",
        "0",
        "-g",
        String(KEYFRAME_FRAMES),
        "-keyint_min",
        String(KEYFRAME_FRAMES),
        "-sc_threshold",
        "0",
      ],
      ...["-video_track_timescale", "10000", clip.file],
    ],
    { timeout: PATIENCE_MS },
  );
}

function captionFilters(cameraName: string): string[] {
  const clock = String.raw`second %{eif\:floor(t+0.0001)\:d\:2}.%{eif\:mod(floor(t*1000+0.5)\,1000)\:d\:3}`;
  const style = "fontcolor=white:fontsize=20:box=1:boxcolor=black:boxborderw=4";
  return [
    `drawtext=text='${cameraName}':x=16:y=12:${style}`,
    `drawtext=text='${clock}':x=424:y=12:${style}`,
    `drawtext=text='frame %{frame_num}':x=520:y=336:${style}`,
  ];
}
