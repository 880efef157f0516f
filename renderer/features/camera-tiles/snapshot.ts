import { inSentences } from "#shared/domain/failure.ts";
import { bidiIsolated } from "#shared/domain/names.ts";
import { formatInstantMs } from "#shared/words/moments.ts";
import { keepSnapshot } from "../../main-process-client/computer.ts";

/** What the operator is told of a snapshot. */
interface SnapshotWords {
  readonly tone: "success" | "danger";
  readonly text: string;
}

const NO_PICTURE: SnapshotWords = { tone: "danger", text: "There is no picture to save." };

/** The picture's camera and its instant stand in the file's name. */
interface NamedPicture {
  readonly cameraName: string;
  /** Null where there is no picture. */
  readonly utcMs: number | null;
  readonly zone: string;
}

/**
 * Saves the picture shown as PNG, at the size it was recorded in.
 * @returns where it is, once it is there, or why it is not
 */
export async function saveSnapshot(
  video: HTMLVideoElement,
  { cameraName, utcMs, zone }: NamedPicture,
): Promise<SnapshotWords> {
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || utcMs === null) return NO_PICTURE;
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  const picture = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (picture === null) return NO_PICTURE;
  const png = new Uint8Array(await picture.arrayBuffer());
  const saved = await keepSnapshot({ cameraName, moment: formatInstantMs(utcMs, zone), png });
  if (!saved.ok) return { tone: "danger", text: inSentences(saved.error) };
  const { folder, fileName } = saved.value;
  return { tone: "success", text: `Snapshot saved as ${bidiIsolated(fileName)} in ${bidiIsolated(folder)}.` };
}
