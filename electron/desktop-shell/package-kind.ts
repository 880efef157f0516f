import { execFile } from "node:child_process";
import { isAbsolute } from "node:path";
import { promisify } from "node:util";
import type { PackageKind } from "../adapters/update/update-description.ts";

/** dpkg reads its database of files, which takes a moment on an old disk. */
const QUESTION_MS = 10_000;

export interface AskedProgram {
  readonly platform: NodeJS.Platform;
  readonly isPackaged: boolean;
  readonly executablePath: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * What the running program was installed from, as far as it can be replaced: the file of an AppImage, whose runtime names
 * it in APPIMAGE; a deb, which dpkg knows; what an installer put on Windows; a bundle on macOS.
 * @returns null for a folder that somebody unpacked, and for a program started from its sources
 */
export async function packageKindOf(program: AskedProgram): Promise<PackageKind | null> {
  const { platform, isPackaged, executablePath, environment } = program;
  const appImage = environment["APPIMAGE"] ?? "";
  if (platform === "linux" && isAbsolute(appImage)) return "AppImage";
  if (!isPackaged) return null;
  if (platform === "win32") return "nsis";
  if (platform === "darwin") return "mac-zip";
  return platform === "linux" && (await isOfDeb(executablePath)) ? "deb" : null;
}

async function isOfDeb(executablePath: string): Promise<boolean> {
  const asked = promisify(execFile)("dpkg-query", ["--search", executablePath], { timeout: QUESTION_MS });
  return await asked.then(
    () => true,
    () => false,
  );
}
