import { fileNameOf } from "#shared/domain/names.ts";
import { formatInstantMs } from "../../design-system/moment-format.ts";

/**
 * Saves the picture shown as PNG, at the size it was recorded in.
 * @param utcMs the picture's instant; it and the camera stand in the file's name
 * @returns false while there is no picture
 */
export async function saveSnapshot(
  video: HTMLVideoElement,
  cameraName: string,
  utcMs: number | null,
  zone: string,
): Promise<boolean> {
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || utcMs === null) return false;
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  const picture = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (picture === null) return false;
  const address = URL.createObjectURL(picture);
  const link = document.createElement("a");
  link.href = address;
  link.download = `${fileNameOf(`${cameraName} ${formatInstantMs(utcMs, zone)}`, "snapshot")}.png`;
  link.click();
  // The download has taken its own hold of the picture by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  return true;
}
