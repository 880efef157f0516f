import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { finishPart, partOf } from "#runtime/files/part-file.ts";
import { failed, type Outcome, succeeded } from "#shared/domain/failure.ts";
import { formatNumber } from "#shared/words/amounts.ts";
import { ProgressWatch } from "../progress-watch.ts";
import { PlaceUnreachable, whyOf } from "./place-failures.ts";
import type { UpdatePackage } from "./update-description.ts";
import type { UpdatePlace } from "./update-place.ts";

/** Whatever the line: a package that has not come by then is not waited for. */
const WHOLE_MS = 60 * 60_000;

/**
 * Fetches a package into a folder of its own and keeps it only when it has the length and the SHA-512 of the signed
 * description. Whatever lay in the folder goes.
 * @returns the file; UPDATE_PACKAGE_TRUNCATED, UPDATE_PACKAGE_ALTERED, UPDATE_NOT_KEPT, or why the place was not reached
 */
export async function fetchPackage(
  place: UpdatePlace,
  described: UpdatePackage,
  folder: string,
): Promise<Outcome<string>> {
  await emptied(folder);
  const path = join(folder, described.file);
  const unfinished = partOf(path);
  const kept = await keepWhatIsSound(place, described, unfinished);
  if (!kept.ok) {
    await rm(unfinished, { force: true });
    return kept;
  }
  await finishPart(path);
  return succeeded(path);
}

/** Nobody but the user puts anything there between the check and the installation. */
async function emptied(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
}

async function keepWhatIsSound(
  place: UpdatePlace,
  { file, sizeBytes, sha512 }: UpdatePackage,
  path: string,
): Promise<Outcome<void>> {
  using watch = new ProgressWatch(AbortSignal.timeout(WHOLE_MS));
  const hash = createHash("sha512");
  let length = 0;
  async function* counted() {
    for await (const piece of place.open(file, watch.signal)) {
      watch.moved();
      length += piece.length;
      if (length > sizeBytes) throw new LongerThanDescribed();
      hash.update(piece);
      yield piece;
    }
  }
  try {
    await pipeline(counted, createWriteStream(path, { flags: "wx", mode: 0o600, flush: true }));
  } catch (error) {
    if (error instanceof LongerThanDescribed) return altered(file);
    if (error instanceof PlaceUnreachable) return error.outcome;
    return notKept(path, whyOf(watch.causeOf(error)));
  }
  if (length < sizeBytes) return truncated(file, length, sizeBytes);
  return hash.digest("hex") === sha512 ? succeeded(undefined) : altered(file);
}

class LongerThanDescribed extends Error {}

const PUBLISH_ANEW = "Have the update published anew, then look again.";

function truncated(file: string, lengthBytes: number, sizeBytes: number) {
  return failed(
    "UPDATE_PACKAGE_TRUNCATED",
    `The package ${file} is not whole: ${formatNumber(lengthBytes)} of ${formatNumber(sizeBytes)} bytes are there. It is not installed.`,
    PUBLISH_ANEW,
  );
}

function altered(file: string) {
  return failed(
    "UPDATE_PACKAGE_ALTERED",
    `The package ${file} is not the one that its publisher signed; it is not installed.`,
    PUBLISH_ANEW,
  );
}

function notKept(path: string, why: string) {
  return failed("UPDATE_NOT_KEPT", `The package cannot be written to ${path} (${why}).`);
}
