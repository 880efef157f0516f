import Database from "better-sqlite3";
import type { z } from "zod";
import type {
  CameraExportRecord,
  ExportJournal,
  ExportRecord,
  JournalEntry,
  SegmentRecord,
} from "../../export-pipeline/ports/export-journal.ts";
import type { ExportAccount } from "#shared/domain/export-status.ts";
import { accountSchema, cameraExportRowSchema, exportRowSchema, segmentRowSchema } from "./journal-rows.ts";
import { asRefusal } from "./journal-refusal.ts";

/** Of the rows' shape; a journal of a later version is refused, never read by guess. */
const JOURNAL_VERSION = 1;

const SCHEMA = `
  CREATE TABLE exports (id TEXT PRIMARY KEY, created INTEGER NOT NULL, dismissed INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
  CREATE TABLE camera_exports (id TEXT PRIMARY KEY, export_id TEXT NOT NULL REFERENCES exports (id), position INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
  CREATE TABLE segments (id TEXT PRIMARY KEY, camera_export_id TEXT NOT NULL REFERENCES camera_exports (id), position INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
  CREATE INDEX camera_exports_of_export ON camera_exports (export_id, position);
  CREATE INDEX segments_of_camera_export ON segments (camera_export_id, position);
`;

/** Of later than the first journals; one that has them opens in a version that does not know them. */
const LATER_TABLES = `
  CREATE TABLE IF NOT EXISTS owed_locks (id TEXT PRIMARY KEY) STRICT;
  CREATE TABLE IF NOT EXISTS restorations (account TEXT PRIMARY KEY, id TEXT NOT NULL) STRICT;
`;

/** The journal cannot be used; its rows are left as they are. */
export class JournalUnreadable extends Error {
  readonly code = "JOURNAL_UNREADABLE";
  constructor(message: string) {
    super(message);
    this.name = "JournalUnreadable";
  }
}

/** The journal in SQLite: WAL, `synchronous=FULL`, so that a commit survives a power cut. */
export class SqliteJournal implements ExportJournal {
  readonly #database: Database.Database;
  readonly #path: string;

  /** @throws JournalUnreadable for a file of another version */
  constructor(path: string) {
    this.#path = path;
    this.#database = new Database(path);
    this.#database.pragma("journal_mode = WAL");
    this.#database.pragma("synchronous = FULL");
    this.#database.pragma("foreign_keys = ON");
    this.#prepareSchema();
  }

  load(): JournalEntry[] {
    return this.#entries("SELECT body FROM exports WHERE dismissed = 0 ORDER BY created, rowid");
  }

  *dismissed(): Iterable<JournalEntry> {
    const ids = this.#database.prepare<[], string>(
      "SELECT id FROM exports WHERE dismissed = 1 ORDER BY created, rowid",
    );
    // One may be back on the list by then.
    const sql = "SELECT body FROM exports WHERE dismissed = 1 AND id = ?";
    for (const id of ids.pluck().all()) yield* this.#entries(sql, [id]);
  }

  accounts(): (ExportAccount | null)[] {
    const told = this.#database.prepare<[], string | null>(
      "SELECT DISTINCT json_extract(body, '$.account') FROM exports",
    );
    const all = told.pluck().all();
    return all.map((text) => accountSchema.parse(text === null ? null : valueOf(text)));
  }

  #entries(sql: string, parameters: string[] = []): JournalEntry[] {
    const exports = this.#rows(sql, parameters, exportRowSchema);
    return exports.map((record) => ({ record, cameraExports: this.#cameraExportsOf(record.exportId) }));
  }

  add(entry: JournalEntry): void {
    this.#write(() => {
      this.saveExport(entry.record);
      for (const cameraExport of entry.cameraExports) {
        this.saveCameraExport(cameraExport.record);
        for (const segment of cameraExport.segments) this.saveSegment(segment);
      }
    });
  }

  saveExport(record: ExportRecord): void {
    const save = this.#database.prepare(
      `INSERT INTO exports (id, created, dismissed, body) VALUES (?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET dismissed = excluded.dismissed, body = excluded.body`,
    );
    const dismissed = record.dismissed ? 1 : 0;
    this.#write(() => save.run(record.exportId, record.createdUtcMs, dismissed, JSON.stringify(record)));
  }

  saveCameraExport(record: CameraExportRecord): void {
    const save = this.#database.prepare(
      `INSERT INTO camera_exports (id, export_id, position, body) VALUES (?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET body = excluded.body`,
    );
    const { cameraExportId, exportId, index } = record;
    this.#write(() => save.run(cameraExportId, exportId, index, JSON.stringify(record)));
  }

  saveSegment(record: SegmentRecord): void {
    const save = this.#database.prepare(
      `INSERT INTO segments (id, camera_export_id, position, body) VALUES (?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET body = excluded.body`,
    );
    const { segmentId, cameraExportId, index } = record;
    this.#write(() => save.run(segmentId, cameraExportId, index, JSON.stringify(record)));
  }

  saveTogether(cameraExport: CameraExportRecord, segments: readonly SegmentRecord[]): void {
    this.#write(() => {
      this.saveCameraExport(cameraExport);
      for (const segment of segments) this.saveSegment(segment);
    });
  }

  dismiss(record: ExportRecord, lockIds: readonly string[]): void {
    this.#write(() => {
      this.saveExport({ ...record, dismissed: true });
      const owe = this.#database.prepare("INSERT OR IGNORE INTO owed_locks (id) VALUES (?)");
      for (const lockId of lockIds) owe.run(lockId);
    });
  }

  owedLocks(): string[] {
    return this.#database.prepare<[], string>("SELECT id FROM owed_locks ORDER BY rowid").pluck().all();
  }

  lockFreed(lockId: string): void {
    this.#write(() => this.#database.prepare("DELETE FROM owed_locks WHERE id = ?").run(lockId));
  }

  restorationOf(accountId: string): string | null {
    const query = this.#database.prepare<[string], string>("SELECT id FROM restorations WHERE account = ?");
    return query.pluck().get(accountId) ?? null;
  }

  saveRestoration(accountId: string, restorationId: string): void {
    const save = this.#database.prepare(
      "INSERT INTO restorations (account, id) VALUES (?, ?) ON CONFLICT (account) DO UPDATE SET id = excluded.id",
    );
    this.#write(() => save.run(accountId, restorationId));
  }

  close(): void {
    this.#database.close();
  }

  /** All of it or nothing; one within another is part of that. @throws JournalRefused */
  #write(work: () => unknown): void {
    try {
      if (this.#database.inTransaction) work();
      else this.#database.transaction(work)();
    } catch (error) {
      throw asRefusal(error, this.#path);
    }
  }

  #cameraExportsOf(exportId: string): JournalEntry["cameraExports"] {
    const sql = "SELECT body FROM camera_exports WHERE export_id = ? ORDER BY position";
    return this.#rows(sql, [exportId], cameraExportRowSchema).map((record) => ({
      record,
      segments: this.#rows(
        "SELECT body FROM segments WHERE camera_export_id = ? ORDER BY position",
        [record.cameraExportId],
        segmentRowSchema,
      ),
    }));
  }

  #rows<T>(sql: string, parameters: string[], schema: z.ZodType<T>): T[] {
    const bodies = this.#database
      .prepare<string[], string>(sql)
      .pluck()
      .all(...parameters);
    return bodies.map((body) => {
      const parsed = schema.safeParse(valueOf(body));
      if (!parsed.success)
        throw new JournalUnreadable(`A row of the export journal is damaged: ${parsed.error.message}`);
      return parsed.data;
    });
  }

  #prepareSchema(): void {
    const version = this.#database.pragma("user_version", { simple: true });
    if (version === JOURNAL_VERSION) {
      this.#database.exec(LATER_TABLES);
      return;
    }
    if (version !== 0) {
      throw new JournalUnreadable(
        `The export journal is of version ${String(version)}; this program knows version ${JOURNAL_VERSION}.`,
      );
    }
    this.#database.transaction(() => {
      this.#database.exec(SCHEMA);
      this.#database.exec(LATER_TABLES);
      this.#database.pragma(`user_version = ${JOURNAL_VERSION}`);
    })();
  }
}

function valueOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new JournalUnreadable("A row of the export journal is damaged: it is not JSON.");
  }
}
