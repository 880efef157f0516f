import { statfs } from "node:fs/promises";
import type { SpoolDiskKind } from "#shared/domain/spool-disk.ts";

/** File systems of Linux by the number that statfs(2) gives (linux/magic.h, and the drivers' own headers). */
const NETWORK: ReadonlySet<number> = new Set([
  0x6969, // NFS
  0x517b, // SMB
  0xff534d42, // CIFS
  0xfe534d42, // SMB2
  0x01021997, // 9P
  0x5346414f, // AFS
  0x00c36400, // Ceph
  0x0bd00bd0, // Lustre
  0x47504653, // GPFS
]);
const MEMORY: ReadonlySet<number> = new Set([
  0x01021994, // tmpfs
  0x858458f6, // ramfs
]);

/** FAT writes a file's length in 32 bits. */
const FAT = 0x4d44;
const LARGEST_ON_FAT_BYTES = 2 ** 32 - 1;

/** @param fileSystem its number as statfs(2) gives it @returns undefined where it tells no limit that matters */
export function largestFileBytesOf(fileSystem: number): number | undefined {
  return fileSystem === FAT ? LARGEST_ON_FAT_BYTES : undefined;
}

/** What the folder's disk is. FUSE tells nothing: behind it may be a share (sshfs) or a disk (ntfs-3g). */
export async function diskKindOf(
  folder: string,
  platform: NodeJS.Platform = process.platform,
): Promise<SpoolDiskKind | null> {
  if (platform === "win32") return folder.startsWith("\\\\") ? "network" : "local";
  const type = await statfs(folder).then(
    (disk) => disk.type,
    () => null,
  );
  if (type === null) return null;
  if (platform !== "linux") return "local";
  if (NETWORK.has(type)) return "network";
  return MEMORY.has(type) ? "memory" : "local";
}
