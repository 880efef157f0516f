import { planProgressiveFile } from "../progressive-writer.ts";
import { makeFolder, record, removeFolder, type Recording } from "./ffmpeg-footage.ts";
import { planRecording, readRange } from "./recorded-plan.ts";

/** Sound files for tests to damage: a recording with B-frames and sound, and the same as a progressive file. */
export interface ReadableFiles {
  readonly recording: Recording;
  /** With an edit list. */
  readonly progressive: Buffer;
}

export async function readableFiles(): Promise<ReadableFiles> {
  const folder = await makeFolder();
  const recording = await record(folder, "bFrames", { sound: true });
  const plans = planRecording(recording);
  plans[0]!.edits = [{ mediaStartTicks: 5000, durationTicks: 20_000 }];
  const progressive = await readRange(
    planProgressiveFile(plans, { createdUtcMs: 0 }),
    recording.mediaSegments,
  );
  await removeFolder(folder);
  return { recording, progressive };
}
