/** Where a service keeps its metadata: in its own folder, or in a PostgreSQL that `postgres.json` names. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { isThere } from "#runtime/files/missing-file.ts";
import { OlderServices } from "../storage/migration.ts";
import { MetadataUnreachable } from "../storage/metadata-unreachable.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { OtherSchema } from "../storage/other-schema.ts";
import { openPostgresForReading, openPostgresMetadata } from "../storage/postgres/postgres-metadata.ts";
import { codeOf, READ_ONLY } from "../storage/postgres/postgres-errors.ts";
import type { PostgresPlace } from "../storage/postgres/postgres-place.ts";
import { insistOnPostgresChanges } from "../storage/postgres/takes-changes.ts";
import { openSqliteForReading, openSqliteMetadata } from "../storage/sqlite-metadata.ts";
import { isPrivate } from "./private-file.ts";
import { parseSettings, settingsText } from "./settings-file.ts";
import { StartRefusal } from "./start-refusal.ts";

export const DATABASE_FILE = "evidence.sqlite";
/** Where it is, the metadata are in PostgreSQL and not in the folder. */
export const POSTGRES_FILE = "postgres.json";

const postgresSettingsSchema = z.strictObject({
  /** `postgresql://user:password@host/database`. */
  url: z.url({ protocol: /^postgres(ql)?$/ }),
  /** Of the tables; made at the first start. */
  schema: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,62}$/)
    .default("evidence_desk"),
  /** `several` where other services use it beside this one. */
  instances: z.enum(["one", "several"]).default("one"),
  /** A PEM file of the authorities of the server's certificate. */
  authorityFile: z.string().min(1).optional(),
});

export type MetadataPlace =
  { readonly kind: "sqlite"; readonly file: string } | ({ readonly kind: "postgres" } & PostgresPlace);

/** Whether other services use the same metadata beside the one that asks. */
export function hasOthers(place: MetadataPlace): boolean {
  return place.kind === "postgres" && place.hasOthers === true;
}

/**
 * What a service's folder says of it.
 * @throws StartRefusal POSTGRES_SETTINGS_NOT_PRIVATE, POSTGRES_SETTINGS_WRONG
 */
export async function metadataPlaceOf(dir: string): Promise<MetadataPlace> {
  const file = join(dir, POSTGRES_FILE);
  const text = await settingsText(file);
  if (text === null) return { kind: "sqlite", file: join(dir, DATABASE_FILE) };
  if (!(await isPrivate(file))) {
    const detail = `${file} may hold a password and may be read by its owner alone.`;
    throw new StartRefusal("POSTGRES_SETTINGS_NOT_PRIVATE", detail);
  }
  const parsed = parseSettings(postgresSettingsSchema, text);
  if (!("settings" in parsed)) throw wrong(`${file}: ${parsed.misfit}.`);
  const { url, schema, instances, authorityFile } = parsed.settings;
  const place = { kind: "postgres", url, schema, hasOthers: instances === "several" } as const;
  if (authorityFile === undefined) return place;
  const authority = await readFile(authorityFile, "utf8").catch((error: unknown) => {
    throw wrong(`The authority's file cannot be read (${String(error)}).`);
  });
  return { ...place, authority, authorityFile };
}

function wrong(detail: string): StartRefusal {
  return new StartRefusal("POSTGRES_SETTINGS_WRONG", `The settings of the database are wrong. ${detail}`);
}

/**
 * For a service: brings tables of an earlier program forward.
 * @param report what happens to connections that nobody uses
 * @throws StartRefusal POSTGRES_UNREACHABLE, POSTGRES_REFUSED, SCHEMA_LATER, OLDER_SERVICES
 */
export async function openMetadata(
  place: MetadataPlace,
  report: (message: string) => void,
): Promise<Metadata> {
  try {
    return await (place.kind === "sqlite"
      ? openSqliteMetadata(place.file)
      : openPostgresMetadata(place, report));
  } catch (error) {
    throw metadataRefusal(error, place);
  }
}

/**
 * For whoever only looks, also while a service runs: nothing is changed, tables of another program's version neither.
 * @throws StartRefusal POSTGRES_UNREACHABLE, POSTGRES_REFUSED, SCHEMA_EARLIER, SCHEMA_LATER, NO_SERVICE
 */
export async function openMetadataForReading(place: MetadataPlace): Promise<Metadata> {
  try {
    return await (place.kind === "sqlite" ? openSqliteForReading(place.file) : openPostgresForReading(place));
  } catch (error) {
    throw metadataRefusal(error, place);
  }
}

/**
 * For whoever tells of what services write: a standby can be read, and takes nothing. A file in the folder always does.
 * @throws StartRefusal POSTGRES_UNREACHABLE, POSTGRES_REFUSED
 */
export async function insistOnChanges(place: MetadataPlace): Promise<void> {
  if (place.kind === "sqlite") return;
  try {
    await insistOnPostgresChanges(place);
  } catch (error) {
    throw metadataRefusal(error, place);
  }
}

/**
 * Whether no service ever began there. Nothing is made.
 * @throws StartRefusal POSTGRES_UNREACHABLE, POSTGRES_REFUSED
 */
export async function isWithoutService(place: MetadataPlace): Promise<boolean> {
  if (place.kind === "sqlite") return !(await isThere(place.file));
  try {
    await (await openMetadataForReading(place)).destroy();
    return false;
  } catch (error) {
    if (!(error instanceof StartRefusal)) throw error;
    if (error.code === "NO_SERVICE") return true;
    // Tables of another version: who brings them forward says more.
    if (error.code.startsWith("SCHEMA_")) return false;
    throw error;
  }
}

/** What a service ends with where its metadata cannot be used: a StartRefusal, or for SQLite the error as it is. */
export function metadataRefusal(error: unknown, place: MetadataPlace): unknown {
  if (error instanceof OtherSchema) return otherSchema(error, place);
  if (error instanceof OlderServices) return new StartRefusal("OLDER_SERVICES", error.message);
  if (place.kind === "sqlite") return error;
  const where = `The database at ${new URL(place.url).host}`;
  if (error instanceof MetadataUnreachable) {
    const takesNone = `${where} takes no changes: it is a standby, or set so.`;
    if (codeOf(error.cause) === READ_ONLY) return new StartRefusal("POSTGRES_UNREACHABLE", takesNone);
    return new StartRefusal("POSTGRES_UNREACHABLE", `${where} cannot be reached (${reasonOf(error.cause)}).`);
  }
  return new StartRefusal("POSTGRES_REFUSED", `${where} cannot be used (${reasonOf(error)}).`);
}

function otherSchema({ found, known, message }: OtherSchema, place: MetadataPlace): StartRefusal {
  if (found > known) {
    return new StartRefusal("SCHEMA_LATER", message);
  }
  if (found === 0) {
    const where = place.kind === "sqlite" ? place.file : `The schema ${place.schema}`;
    return new StartRefusal("NO_SERVICE", `${where} holds nothing of an evidence service.`);
  }
  return new StartRefusal("SCHEMA_EARLIER", message);
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
