/**
 * What a service knew of the audit trail and has not signed, for its next start: the database may have gone back while it
 * ran, or while it stood still.
 */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeDurably } from "#runtime/files/durable-file.ts";
import { saysMissing } from "#runtime/files/missing-file.ts";
import type { TrailEntry } from "../storage/trail-mark.ts";

export const KNOWN_ENTRY_FILE = "known-entry.json";

const entrySchema = z.strictObject({ seq: z.int().min(1), hash: z.string() });

export async function keepKnownEntry(dir: string, { seq, hash }: TrailEntry): Promise<void> {
  await writeDurably(join(dir, KNOWN_ENTRY_FILE), [Buffer.from(JSON.stringify({ seq, hash }))]);
}

export async function readKnownEntry(dir: string): Promise<TrailEntry | null> {
  try {
    return entrySchema.parse(JSON.parse(await readFile(join(dir, KNOWN_ENTRY_FILE), "utf8")));
  } catch (error) {
    if (saysMissing(error)) return null;
    throw error;
  }
}

/** It is in the metadata, or an administrator has told that it is gone. */
export async function forgetKnownEntry(dir: string): Promise<void> {
  await rm(join(dir, KNOWN_ENTRY_FILE), { force: true });
}
