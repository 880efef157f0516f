/** What goes wrong with a place in the midst of a move, as a code and a sentence. */
import { saysDiskFull } from "#runtime/files/disk-full.ts";
import { BlobsUnreachable } from "../storage/blob-store.ts";
import { CommitInDoubt } from "../storage/commit-in-doubt.ts";
import { MetadataUnreachable } from "../storage/metadata-unreachable.ts";
import { StartRefusal } from "../site/start-refusal.ts";
import type { NamedPlace } from "./move-ends.ts";

/** PostgreSQL's, which stands for any of its disks. */
const DATABASE_FULL = "53100";

const causesOf = function* (error: unknown): Generator<unknown> {
  for (let one: unknown = error; one instanceof Error; one = one.cause) yield one;
};

const saysFull = (error: unknown): boolean =>
  saysDiskFull(error) || (error instanceof Error && "code" in error && error.code === DATABASE_FULL);

/** What the system says of a file. */
const isOfSystem = (error: unknown): boolean =>
  error instanceof Error && "errno" in error && "syscall" in error;

/** @throws StartRefusal MOVE_TARGET_FULL, MOVE_INTERRUPTED, and what is none of these as it is */
export async function plainly<T>(to: NamedPlace, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const causes = [...causesOf(error)];
    if (causes.some(saysFull)) throw new StartRefusal("MOVE_TARGET_FULL", `The disk of ${to.words} is full.`);
    const isAway = (one: unknown): boolean =>
      one instanceof BlobsUnreachable || one instanceof MetadataUnreachable || one instanceof CommitInDoubt;
    if (!causes.some(isAway) && !causes.some(isOfSystem)) throw error;
    const last = causes.at(-1);
    const reason = last instanceof Error ? last.message : String(last);
    throw new StartRefusal("MOVE_INTERRUPTED", `One of the two places cannot be used (${reason}).`);
  }
}
