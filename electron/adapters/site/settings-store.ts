import { randomUUID } from "node:crypto";
import Database from "better-sqlite3";
import { z } from "zod";
import { exportAccountSchema } from "#shared/ipc-contract/export-contract.ts";
import type { FolderList } from "../spool/spool-folders.ts";
import { bandwidthScheduleSchema } from "#shared/ipc-contract/destination-contract.ts";
import { usingSiteFile } from "./site-file.ts";

const destinationSettingsSchema = z.object({
  destination: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("none") }),
    z.object({ kind: z.literal("embedded") }),
    z.object({
      kind: z.literal("imported"),
      sealedConnectionFile: z.string(),
      /** Whose file it is, readable where the file is not. Settings from before there were several do not have it. */
      account: exportAccountSchema.nullable().default(null),
    }),
  ]),
  /** null: the site's own spool folder. */
  spoolFolder: z.string().nullable(),
  spoolQuotaBytes: z.number().int().positive(),
  bandwidthCapBytesPerSecond: z.number().int().positive().nullable(),
  /** Settings from before there were schedules have none. */
  bandwidthSchedule: bandwidthScheduleSchema.nullable().default(null),
  /** While exports run; what a machine does that was set up before is what a new one does. */
  keepAwake: z.boolean().default(true),
});
export type DestinationSettings = z.infer<typeof destinationSettingsSchema>;

const DEFAULT_DESTINATION: DestinationSettings = {
  destination: { kind: "embedded" },
  spoolFolder: null,
  spoolQuotaBytes: 20e9,
  bandwidthCapBytesPerSecond: null,
  bandwidthSchedule: null,
  keepAwake: true,
};

/** Settings of the console, durable, parsed each time they are read. */
export class SettingsStore {
  readonly #database: Database.Database;
  readonly #path: string;
  #isRememberingRefused = false;
  /** Folders that hold spool files, or may. */
  readonly spoolFolders: FolderList;

  /** @throws SiteFileUnusable */
  constructor(path: string) {
    this.#path = path;
    this.#database = usingSiteFile(path, () => opened(path));
    this.spoolFolders = {
      owner: this.#consoleId(),
      read: () => this.read("spool-folders", z.array(z.string()), []),
      write: (folders) => this.write("spool-folders", folders),
    };
  }

  /** @throws SiteFileUnusable when what is stored does not fit the schema: evidence never goes where a default says */
  read<T>(name: string, schema: z.ZodType<T>, fallback: T): T {
    const body = this.#database
      .prepare<[string], string>("SELECT body FROM settings WHERE name = ?")
      .pluck()
      .get(name);
    return body === undefined ? fallback : usingSiteFile(this.#path, () => schema.parse(JSON.parse(body)));
  }

  write(name: string, value: unknown): void {
    const sql =
      "INSERT INTO settings (name, body) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body";
    this.#database.prepare(sql).run(name, JSON.stringify(value));
  }

  /**
   * Writes what nobody has asked for and the console can do without, as where a window stands: a disk that takes no more
   * ends nothing.
   * @returns false where it was not written; that is said at the first of several times
   */
  remember(name: string, value: unknown): boolean {
    try {
      this.write(name, value);
      this.#isRememberingRefused = false;
    } catch (error) {
      if (!this.#isRememberingRefused) console.error("What the console remembers cannot be written.", error);
      this.#isRememberingRefused = true;
    }
    return !this.#isRememberingRefused;
  }

  destination(): DestinationSettings {
    return this.read("destination", destinationSettingsSchema, DEFAULT_DESTINATION);
  }

  saveDestination(settings: DestinationSettings): void {
    this.write("destination", settings);
  }

  /** Who this console is to others, in folders that they could choose too: a random id that it keeps. */
  #consoleId(): string {
    const known = this.read("console-id", z.string(), "");
    if (known !== "") return known;
    const made = randomUUID();
    this.write("console-id", made);
    return made;
  }

  close(): void {
    this.#database.close();
  }
}

function opened(path: string): Database.Database {
  const database = new Database(path);
  database.pragma("journal_mode = WAL");
  // What was called saved, and the device key, outlive a power cut; WAL alone promises it less.
  database.pragma("synchronous = FULL");
  database.exec("CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT");
  return database;
}
