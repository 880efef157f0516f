import { z } from "zod";
import { request } from "./request.ts";

/** The largest picture of a camera as PNG, of which nothing is alike, fits twice. */
const PICTURE_BYTES_MAX = 256 * 1024 * 1024;

const PNG_BEGINS = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

const pngSchema = z
  .instanceof(Uint8Array)
  .refine((bytes) => bytes.length <= PICTURE_BYTES_MAX, "too large")
  .refine((bytes) => PNG_BEGINS.every((each, at) => bytes[at] === each), "no PNG");

/** Failures: SNAPSHOT_FOLDER_MISSING, SNAPSHOT_FOLDER_READ_ONLY, SNAPSHOT_DISK_FULL, SNAPSHOT_NOT_SAVED. */
export const snapshotRequests = {
  /**
   * Writes a picture into the user's folder of downloads, under a name that is free there, and answers when it is on the
   * disk. The file is named after the camera and `moment`, the time of the picture in words.
   */
  "snapshot.save": request(
    "operator",
    z.object({ cameraName: z.string().max(512), moment: z.string().max(64), png: pngSchema }),
    z.object({ folder: z.string(), fileName: z.string() }),
  ),
};
