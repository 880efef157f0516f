import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeWholeNow } from "#runtime/files/whole-file.ts";
import { CAMERA_FILE, cameraFolder } from "../ground/archive-folder.ts";
import { storedSourceSchema } from "../cameras/stored-source.ts";
import { parseJson } from "./json-file.ts";

/** What stands beside a camera's footage, so that a lost index can be rebuilt. */
const cameraFileSchema = z.object({
  // A name that was taken before the rule of names is no reason to lose the camera.
  name: z.string().min(1),
  area: z.string().min(1),
  source: storedSourceSchema,
  /** False after the camera was stopped. */
  recorded: z.boolean().default(true),
});
export type CameraFile = z.infer<typeof cameraFileSchema>;

/** Null where the file is missing or torn. */
export async function readCameraFile(dir: string, cameraId: string): Promise<CameraFile | null> {
  const path = join(cameraFolder(dir, cameraId), CAMERA_FILE);
  return cameraFileSchema.safeParse(parseJson(await readFile(path, "utf8").catch(() => ""))).data ?? null;
}

/** Whole or not at all; readable by the owner alone, as the key of its sealed password is. */
export function writeCameraFile(dir: string, cameraId: string, camera: CameraFile): void {
  const path = join(cameraFolder(dir, cameraId), CAMERA_FILE);
  mkdirSync(cameraFolder(dir, cameraId), { recursive: true });
  writeWholeNow(path, JSON.stringify(camera));
}
