import { stat } from "node:fs/promises";

const OTHERS_MAY_READ = 0o077;

/** Whether its owner alone may read a file. Windows keeps such rights elsewhere, and every file passes there. */
export async function isPrivate(file: string): Promise<boolean> {
  return process.platform === "win32" || ((await stat(file)).mode & OTHERS_MAY_READ) === 0;
}
