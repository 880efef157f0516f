/** An ext4 file system in a file, whose power can be cut: what the disk holds at an instant, without a sync. */
import { execFile } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const USUAL_MIB = 96;

/** Why there can be no such disk here, or null when there can. */
export async function missingForLoopDisk(folder: string): Promise<string | null> {
  if (process.platform !== "linux") return "loop mounts are Linux's";
  if (process.getuid?.() !== 0) return "only root may mount";
  try {
    const disk = await LoopDisk.make(folder);
    await disk.unmount();
    return null;
  } catch (error) {
    return `no ext4 in a loop file can be mounted here (${error instanceof Error ? error.message : "unknown"})`;
  }
}

export class LoopDisk {
  readonly #image: string;
  /** Where it is mounted. */
  readonly folder: string;

  private constructor(image: string, folder: string) {
    this.#image = image;
    this.folder = folder;
  }

  /** @param folder an existing one, for the image and the mount point */
  static async make(folder: string, sizeMib = USUAL_MIB): Promise<LoopDisk> {
    const image = join(folder, "disk.ext4");
    await rm(image, { force: true });
    await run("truncate", ["-s", `${sizeMib}M`, image]);
    await run("mkfs.ext4", ["-q", "-F", image]);
    return await LoopDisk.#mounted(image, join(folder, "disk"));
  }

  static async #mounted(image: string, folder: string): Promise<LoopDisk> {
    await mkdir(folder, { recursive: true });
    await run("mount", ["-o", "loop", image, folder]);
    return new LoopDisk(image, folder);
  }

  /**
   * What would be found after a power cut now: a copy of the disk as far as the kernel has written it, mounted,
   * whereupon ext4 replays its journal. The disk itself goes on.
   */
  async afterPowerCut(): Promise<LoopDisk> {
    const image = `${this.#image}.cut`;
    await run("cp", ["--sparse=always", this.#image, image]);
    return await LoopDisk.#mounted(image, `${this.folder}.cut`);
  }

  /** Ends the use of the disk and removes it, also when a failed test has a file open on it. */
  async unmount(): Promise<void> {
    await run("umount", ["--lazy", this.folder]);
    await rm(this.#image, { force: true });
  }
}
