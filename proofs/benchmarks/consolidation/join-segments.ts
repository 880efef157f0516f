/** `node join-segments.ts FILE…`: joins the segments as the service does and prints what that took. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { joinVideo } from "#evidence-service/consolidation/join-video.ts";
import { segmentTracks, type SegmentTrack } from "#evidence-service/consolidation/segment-track.ts";
import type { ByteSource } from "#media/byte-source.ts";
import { openFileSource } from "#media/file-source.ts";
import { readProgressiveFile } from "#media/progressive-reader.ts";
import { notePassedBytes } from "#runtime/streams/passed-bytes.ts";
import { usageOf } from "../export/measured-run.ts";

const HOUR_MS = 3_600_000;
/** Long enough for the monitor to see the stall that the end of joining is. */
const SETTLE_MS = 50;

/** What is decrypted comes in buffers of its own, and says so. */
const likeDecrypted = (file: ByteSource): ByteSource => ({
  lengthBytes: file.lengthBytes,
  read: async (offset, lengthBytes) => {
    notePassedBytes(lengthBytes);
    return file.read(offset, lengthBytes);
  },
});

const paths = process.argv.slice(2);
const stalls = monitorEventLoopDelay({ resolution: 1 });
stalls.enable();
const begunMs = performance.now();
const segments: SegmentTrack[] = [];
for (const [source, path] of paths.entries()) {
  const file = await openFileSource(path);
  const [video] = await readProgressiveFile(likeDecrypted(file), { handlers: ["vide"] });
  if (video === undefined) throw new Error(`${path} holds no picture.`);
  segments.push(...segmentTracks(video, { source, startUtcMs: source * HOUR_MS, bringsSets: false }));
  await file.close();
}
const joined = await joinVideo(segments, 0);
const seconds = (performance.now() - begunMs) / 1000;
await wait(SETTLE_MS);
stalls.disable();
const { frameCount, hls } = joined;
const usage = await usageOf(process.pid);
const figures = {
  frames: frameCount,
  mediaSegments: hls.mediaSegments.length,
  longestStallMs: stalls.max / 1e6,
};
console.log(JSON.stringify({ bytes: joined.file.lengthBytes, seconds, ...figures, ...usage }));
