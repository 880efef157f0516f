import type { SpoolSpace } from "../../export-pipeline/ports/segment-spool.ts";
import { largestFileBytesOf } from "./disk-kind.ts";
import { statfs } from "node:fs/promises";
import type { AdvisedCode } from "#shared/domain/failure-codes.ts";
import { formatBytes } from "#shared/words/amounts.ts";
import { portFailed, type PortFailureKind, type PortOutcome } from "../../export-pipeline/ports/port-call.ts";

/** Left free on the disk whatever the quota says, so that the journal can always be written. */
export const FREE_SPACE_RESERVE_BYTES = 512 * 1024 * 1024;

/** What a call on a spool file failed with. It is known by this, not by its errno: sockets have `EIO` and `EACCES` too. */
export class SpoolDiskError extends Error {
  readonly errno: string;

  constructor(error: unknown) {
    super(error instanceof Error ? error.message : String(error), { cause: error });
    this.name = "SpoolDiskError";
    this.errno = errnoOf(error);
  }
}

function errnoOf(error: unknown): string {
  if (error instanceof SpoolDiskError) return error.errno;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "no error number";
}

/** Does something with a spool file or its folder. @throws SpoolDiskError, and nothing else */
export async function onSpool<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof SpoolDiskError ? error : new SpoolDiskError(error);
  }
}

interface DiskFault {
  readonly code: AdvisedCode;
  /** What the folder's disk mends by itself or an administrator mends is waited for; what no try will change is not. */
  readonly kind: PortFailureKind;
  readonly sentence: (folder: string) => string;
}

const FULL: DiskFault = {
  code: "SPOOL_DISK_FULL",
  kind: "transient",
  sentence: (folder) => `The disk of the spool folder ${folder} is full.`,
};
const OWN_QUOTA: DiskFault = {
  code: "SPOOL_DISK_QUOTA",
  kind: "transient",
  sentence: (folder) => `This user's quota on the disk of the spool folder ${folder} is used up.`,
};
const TOO_LARGE: DiskFault = {
  code: "SPOOL_FILE_TOO_LARGE",
  kind: "permanent",
  sentence: (folder) => `The disk of the spool folder ${folder} takes no file as large as this segment.`,
};
const READ_ONLY: DiskFault = {
  code: "SPOOL_READ_ONLY",
  kind: "transient",
  sentence: (folder) => `The disk of the spool folder ${folder} can only be read.`,
};
const DENIED: DiskFault = {
  code: "SPOOL_ACCESS_DENIED",
  kind: "transient",
  sentence: (folder) => `This user may not write in the spool folder ${folder}.`,
};
const MISSING: DiskFault = {
  code: "SPOOL_FOLDER_MISSING",
  kind: "transient",
  sentence: (folder) => `The spool folder ${folder} is not there.`,
};
const NOT_A_FOLDER: DiskFault = {
  code: "SPOOL_NOT_A_FOLDER",
  kind: "transient",
  sentence: (folder) => `A file is where the spool folder ${folder} should be.`,
};
const FAILING: DiskFault = {
  code: "SPOOL_DISK_FAILING",
  kind: "transient",
  sentence: (folder) => `The disk of the spool folder ${folder} reports errors.`,
};
const UNSUITABLE: DiskFault = {
  code: "SPOOL_DISK_UNSUITABLE",
  kind: "permanent",
  sentence: (folder) => `The disk of the spool folder ${folder} cannot do what keeps files safe.`,
};
const SHARE_AWAY: DiskFault = {
  code: "SPOOL_SHARE_AWAY",
  kind: "transient",
  sentence: (folder) => `The network share of the spool folder ${folder} does not answer.`,
};
const TOO_MANY_OPEN: DiskFault = {
  code: "SPOOL_TOO_MANY_OPEN",
  kind: "transient",
  sentence: () => "The system lets the console open no more files.",
};
const OTHER: DiskFault = {
  code: "SPOOL_NOT_WRITABLE",
  kind: "transient",
  sentence: (folder) => `The spool folder ${folder} cannot be used.`,
};

/** errno(3), as Node names them; on Windows libuv gives the nearest of the same names. */
const FAULTS: Readonly<Record<string, DiskFault>> = {
  ENOSPC: FULL,
  EDQUOT: OWN_QUOTA,
  EFBIG: TOO_LARGE,
  EROFS: READ_ONLY,
  EACCES: DENIED,
  EPERM: DENIED,
  ENOENT: MISSING,
  ENOTDIR: NOT_A_FOLDER,
  EEXIST: NOT_A_FOLDER,
  ENODEV: MISSING,
  ENXIO: MISSING,
  EIO: FAILING,
  EUCLEAN: FAILING,
  ENOTSUP: UNSUITABLE,
  EOPNOTSUPP: UNSUITABLE,
  ENOSYS: UNSUITABLE,
  EINVAL: UNSUITABLE,
  ESTALE: SHARE_AWAY,
  ENOTCONN: SHARE_AWAY,
  EHOSTDOWN: SHARE_AWAY,
  EHOSTUNREACH: SHARE_AWAY,
  ENETUNREACH: SHARE_AWAY,
  ETIMEDOUT: SHARE_AWAY,
  ECONNRESET: SHARE_AWAY,
  EREMOTEIO: SHARE_AWAY,
  EMFILE: TOO_MANY_OPEN,
  ENFILE: TOO_MANY_OPEN,
};

/**
 * What is wrong with the spool, as data, with what the system called it. What to do is the code's (`failure-advice`).
 * @param neededBytes what was to be written, where that is known: a full disk is told with its figures
 */
export async function spoolFailure(
  error: unknown,
  folder: string,
  neededBytes: number | null = null,
): Promise<PortOutcome<never>> {
  const errno = errnoOf(error);
  const { kind, code, sentence } = FAULTS[errno] ?? OTHER;
  const figures = code === "SPOOL_DISK_FULL" ? await freeAndNeeded(folder, neededBytes) : "";
  return portFailed(kind, { code, message: `${sentence(folder)}${figures} (${errno})` });
}

async function freeAndNeeded(folder: string, neededBytes: number | null): Promise<string> {
  const freeBytes = await freeBytesOf(folder).catch(() => null);
  if (freeBytes === null || neededBytes === null) return "";
  return ` Free: ${formatBytes(freeBytes)}, needed: ${formatBytes(neededBytes + FREE_SPACE_RESERVE_BYTES)}.`;
}

/** For this user. @throws what statfs(2) fails with */
export async function freeBytesOf(folder: string): Promise<number> {
  return (await diskSpaceOf(folder)).freeBytes;
}

/** Free for this user, the whole, and the most of one file. @throws what statfs(2) fails with */
export async function diskSpaceOf(
  folder: string,
): Promise<Pick<SpoolSpace, "freeBytes" | "diskBytes" | "largestFileBytes">> {
  const { bavail, blocks, bsize, type } = await statfs(folder);
  return {
    freeBytes: bavail * bsize,
    diskBytes: blocks * bsize,
    largestFileBytes: largestFileBytesOf(type),
  };
}
