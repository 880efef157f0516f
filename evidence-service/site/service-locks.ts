/** What one service has for itself while it runs: its folder, and where its metadata are elsewhere, their place. */
import { FolderInUse, type FolderLock, lockFolder } from "#runtime/files/folder-lock.ts";
import { PROCESS_NAME, type SchemaUser, type UsingCommand } from "../storage/postgres/schema-users.ts";
import { SchemaUse } from "../storage/postgres/schema-use.ts";
import { DATABASE_FILE, metadataPlaceOf, metadataRefusal } from "./metadata-place.ts";
import { folderInUse, schemaInUse } from "./in-use.ts";
import type { StartRefusal } from "./start-refusal.ts";

const FILES = { lock: "service.lock", holder: "service-process.json", keptOpen: DATABASE_FILE } as const;

/** What a lock is, and leaves, in a folder; it says nothing once its process is gone. */
export const LOCK_FILES: readonly string[] = [FILES.lock, `${FILES.lock}-journal`, FILES.holder];

/** A service whose console was killed notices it within a second and then ends what it has begun. */
const PATIENCE_MS = 5_000;

export interface ServiceLocks {
  /**
   * Whether this service is the one that does what only one may; always, where it has its metadata for itself.
   * @throws MetadataUnreachable
   */
  readonly hasTurn: () => Promise<boolean>;
  /** Tells other services on the same metadata what is so of this one as long as it runs. @throws MetadataUnreachable */
  readonly tell: (names: readonly string[]) => Promise<void>;
  /** How many other services did not tell this of themselves. @throws MetadataUnreachable */
  readonly countWithout: (name: string) => Promise<number>;
  /** Every service on the same metadata, this one among them. @throws MetadataUnreachable */
  readonly users: () => Promise<readonly SchemaUser[]>;
  readonly release: () => Promise<void>;
}

/**
 * @param dir the service's folder, which is there
 * @param displaced another service took the metadata's place while the database was away
 * @throws StartRefusal FOLDER_IN_USE, POSTGRES_IN_USE, POSTGRES_UNREACHABLE, POSTGRES_REFUSED, and what `metadataPlaceOf` throws
 */
export async function lockService(dir: string, displaced: () => void): Promise<ServiceLocks> {
  return lockWith(dir, { displaced, patienceMs: PATIENCE_MS, isAlone: false });
}

/**
 * For what an administrator does at once; a service that runs is not waited for.
 * @throws StartRefusal as `lockService`
 */
export async function lockForCommand(dir: string): Promise<{ release(): Promise<void> }> {
  // It is over before a database that went away is back.
  const displaced = (): void => undefined;
  return lockWith(dir, { displaced, patienceMs: 0, isAlone: false, command: "command" });
}

interface Wanted {
  readonly displaced: () => void;
  readonly patienceMs: number;
  readonly isAlone: boolean;
  /** Where it is none that serves. */
  readonly command?: UsingCommand;
}

async function lockWith(dir: string, wanted: Wanted): Promise<ServiceLocks> {
  const folder = await lockServiceFolder(dir, wanted);
  try {
    const use = await lockPlace(dir, wanted);
    const alone = { name: PROCESS_NAME, sinceUtcMs: Date.now(), isThis: true };
    return {
      users: async () => (use === null ? [alone] : use.users()),
      hasTurn: async () => use === null || (await use.hasTurn()),
      tell: async (names) => use?.tell(names),
      countWithout: async (name) => (use === null ? 0 : use.countWithout(name)),
      release: async () => {
        await use?.release();
        folder.release();
      },
    };
  } catch (error) {
    folder.release();
    throw error;
  }
}

export interface LockingAlone {
  readonly command: UsingCommand;
  /** Somebody else took the metadata's place while the database was away. */
  readonly displaced: () => void;
}

/**
 * For whoever must be alone: where several services share the metadata, all of them have to be stopped.
 * @param dir the service's folder, which is there
 * @throws StartRefusal as `lockService`, while any service runs
 */
export async function lockAlone(dir: string, by: LockingAlone): Promise<{ release(): Promise<void> }> {
  return lockWith(dir, { ...by, patienceMs: 0, isAlone: true });
}

/**
 * Takes a service's folder for this process: two that write the same blobs would sweep what the other has just received.
 * @param dir the folder, which is there
 * @throws StartRefusal FOLDER_IN_USE, naming the process that has it
 */
async function lockServiceFolder(dir: string, { patienceMs, command }: Wanted): Promise<FolderLock> {
  try {
    return await lockFolder(dir, { ...FILES, command }, patienceMs);
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error;
    throw folderInUse(dir, error.holder);
  }
}

async function lockPlace(dir: string, { isAlone, ...wanted }: Wanted): Promise<SchemaUse | null> {
  const named = await metadataPlaceOf(dir);
  if (named.kind === "sqlite") return null;
  const place = isAlone ? { ...named, hasOthers: false } : named;
  let inUse: StartRefusal;
  try {
    const use = await SchemaUse.take({ place, ...wanted });
    if (use !== null) return use;
    inUse = await schemaInUse(place);
  } catch (error) {
    throw metadataRefusal(error, named);
  }
  throw inUse;
}
