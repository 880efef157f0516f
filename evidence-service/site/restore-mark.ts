/**
 * That a service is being restored, for whoever would start it: a file in its folder, and in PostgreSQL a row, which
 * every machine sees. It stays where the command was broken off, until the same one has ended.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { isThere } from "#runtime/files/missing-file.ts";
import { syncFolder } from "#runtime/files/sync-folder.ts";
import { writeDurably } from "#runtime/files/durable-file.ts";
import { formatUtc } from "#shared/words/instants.ts";
import { readRestoreRow, removeRestoreRow, writeRestoreRow } from "../storage/postgres/restore-row.ts";
import { readJson } from "../storage/read-json.ts";
import { type MetadataPlace, metadataPlaceOf, metadataRefusal } from "./metadata-place.ts";
import { settingsText } from "./settings-file.ts";
import { StartRefusal } from "./start-refusal.ts";

export const RESTORE_FILE = "restore-under-way";

const markSchema = z.object({
  command: z.enum(["restore", "restored"]),
  /** When the backup was taken; null of `restored`, which knows of none. */
  backupUtcMs: z.number().nullable(),
  sinceUtcMs: z.number(),
  /** With which it takes the store of the files. */
  claim: z.string(),
});
export type RestoreMark = z.infer<typeof markSchema>;

export interface FoundMarks {
  /** `unreadable`: of an earlier version, or not whole. */
  readonly inFolder: RestoreMark | "unreadable" | null;
  /** Where the metadata are in PostgreSQL. */
  readonly inRows: RestoreMark | "unreadable" | null;
}

/** @throws StartRefusal POSTGRES_UNREACHABLE, POSTGRES_REFUSED */
export async function findMarks(dir: string, place: MetadataPlace): Promise<FoundMarks> {
  const file = join(dir, RESTORE_FILE);
  const inFolder = (await isThere(file)) ? parsed(await settingsText(file)) : null;
  const row = place.kind === "sqlite" ? null : await inPlace(place, () => readRestoreRow(place));
  return { inFolder, inRows: row === null ? null : parsed(row) };
}

function parsed(text: string | null): RestoreMark | "unreadable" {
  return readJson(markSchema, text ?? "") ?? "unreadable";
}

/** @throws StartRefusal POSTGRES_UNREACHABLE, POSTGRES_REFUSED */
export async function writeMarks(dir: string, place: MetadataPlace, mark: RestoreMark): Promise<void> {
  const text = JSON.stringify(mark);
  await writeDurably(join(dir, RESTORE_FILE), [Buffer.from(`${text}\n`)]);
  if (place.kind === "postgres") await inPlace(place, () => writeRestoreRow(place, text));
}

/** The row goes last: a folder that says nothing goes on where there is one. */
export async function removeMarks(dir: string, place: MetadataPlace): Promise<void> {
  await rm(join(dir, RESTORE_FILE), { force: true });
  await syncFolder(dir);
  if (place.kind === "postgres") await inPlace(place, () => removeRestoreRow(place));
}

/** @throws StartRefusal RESTORE_UNFINISHED, and what `metadataPlaceOf` throws */
export async function refuseUnfinishedRestore(dir: string): Promise<void> {
  const place = await metadataPlaceOf(dir);
  const { inFolder, inRows } = await findMarks(dir, place);
  if (inRows !== null && place.kind === "postgres") {
    throw unfinished(inRows, `the schema ${place.schema} at ${new URL(place.url).host}`);
  }
  if (inFolder !== null) throw unfinished(inFolder, dir);
}

/** @param where it goes, in words */
export function unfinished(mark: RestoreMark | "unreadable", where: string): StartRefusal {
  if (mark === "unreadable") {
    const detail = `A restore into ${where} was broken off, and does not say of what.`;
    return new StartRefusal("RESTORE_UNFINISHED", detail);
  }
  const since = `, begun on ${formatUtc(mark.sinceUtcMs)}, has not ended`;
  const what =
    mark.backupUtcMs === null
      ? `The command ${mark.command} of ${where}`
      : `The restore of the backup of ${formatUtc(mark.backupUtcMs)} into ${where}`;
  return new StartRefusal("RESTORE_UNFINISHED", `${what}${since}.`);
}

async function inPlace<T>(place: MetadataPlace, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw metadataRefusal(error, place);
  }
}
