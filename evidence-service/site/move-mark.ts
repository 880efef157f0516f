/**
 * What a move to another place leaves where it came from and where it went, so that one organisation's evidence never has
 * two services: a file in the folder, which is seen before anything is opened, and a row, which every service of the same
 * metadata sees.
 */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { saysMissing } from "#runtime/files/missing-file.ts";
import { syncFolder } from "#runtime/files/sync-folder.ts";
import { writeDurably } from "#runtime/files/durable-file.ts";
import { formatUtc } from "#shared/words/instants.ts";
import { keepSetting } from "../storage/keep-setting.ts";
import { readJson } from "../storage/read-json.ts";
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";
import { StartRefusal } from "./start-refusal.ts";

export const MOVE_FILE = "move.json";
export const MOVE_SETTING = "move";

const markSchema = z.strictObject({
  /** `arriving`: what is there is not whole; `arrived`: it is, and is served; `left`: it is served elsewhere. */
  state: z.enum(["arriving", "arrived", "left"]),
  moveId: z.string().min(1),
  /** Whose evidence it is. */
  tenantId: z.string().min(1),
  /** The other end, in words. */
  other: z.string(),
  sinceUtcMs: z.number(),
  /** The entry of the audit trail with which it arrived; null before. */
  auditSeq: z.int().nullable(),
});
export type MoveMark = z.infer<typeof markSchema>;

/** @returns null where there is none @throws Error where what is there cannot be read: nobody knows what it kept from starting */
export async function readFolderMark(dir: string): Promise<MoveMark | null> {
  const text = await readFile(join(dir, MOVE_FILE), "utf8").catch((error: unknown) => {
    if (saysMissing(error)) return null;
    throw error;
  });
  return text === null ? null : markSchema.parse(JSON.parse(text));
}

export async function writeFolderMark(dir: string, mark: MoveMark): Promise<void> {
  await writeDurably(join(dir, MOVE_FILE), [Buffer.from(`${JSON.stringify(mark, null, 2)}\n`)]);
}

export async function removeFolderMark(dir: string): Promise<void> {
  await rm(join(dir, MOVE_FILE), { force: true });
  await syncFolder(dir);
}

export async function readRowMark(db: Metadata | MetadataTransaction): Promise<MoveMark | null> {
  const row = await db
    .selectFrom("setting")
    .select("value")
    .where("name", "=", MOVE_SETTING)
    .executeTakeFirst();
  if (row === undefined) return null;
  const mark = readJson(markSchema, row.value);
  if (mark === null) throw new Error("What the metadata say of a move cannot be read.");
  return mark;
}

export async function writeRowMark(db: Metadata | MetadataTransaction, mark: MoveMark): Promise<void> {
  await keepSetting(db, MOVE_SETTING, JSON.stringify(mark));
}

export async function removeRowMark(db: Metadata | MetadataTransaction): Promise<void> {
  await db.deleteFrom("setting").where("name", "=", MOVE_SETTING).execute();
}

/** @throws StartRefusal MOVED_AWAY, MOVE_UNDER_WAY */
export function refuseMoved(mark: MoveMark | null): void {
  if (mark?.state === "left") {
    throw new StartRefusal(
      "MOVED_AWAY",
      `On ${formatUtc(mark.sinceUtcMs)} this service was moved to ${mark.other}.`,
    );
  }
  if (mark?.state === "arriving") {
    const detail = `A move from ${mark.other} brings evidence here, and has not ended.`;
    throw new StartRefusal("MOVE_UNDER_WAY", detail);
  }
}
