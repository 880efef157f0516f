/**
 * The end of a move, in an order that lets nobody serve both places, whatever cuts it off:
 * 1. the small files of the folder, and what makes folder and metadata belong together;
 * 2. the old place is marked as left: no service starts there;
 * 3. one transaction enters the change of place into the trail and marks the new place as arrived;
 * 4. the head of the trail is signed, the trail verified, and the marks of the move go.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { appendAudit } from "../audit/audit-chain.ts";
import { AuditHeads } from "../audit/audit-heads.ts";
import { auditReport } from "../audit/audit-report.ts";
import { PLACE_SETTING } from "../blobs/place/blob-place.ts";
import { bindMetadata } from "../site/metadata-of-folder.ts";
import { openMetadata } from "../site/metadata-place.ts";
import {
  type MoveMark,
  removeFolderMark,
  removeRowMark,
  writeFolderMark,
  writeRowMark,
} from "../site/move-mark.ts";
import { KeyRing } from "../site/key-ring.ts";
import { keyInUse, readKeyState } from "../site/key-state.ts";
import { RETIRED_KEYS_FILE } from "../site/keys-file.ts";
import { AUDIT_HEADS_FILE, KEYS_FILE, MAIL_FILE, SETTINGS_FILE } from "../site/site-folder.ts";
import { StartRefusal } from "../site/start-refusal.ts";
import { saysMissing } from "#runtime/files/missing-file.ts";
import { CONNECTION_FILE_ENDING } from "#shared/domain/connection-file-name.ts";
import { writeDurably } from "#runtime/files/durable-file.ts";
import { keepSetting } from "../storage/keep-setting.ts";
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";
import type { MoveEnd, NamedPlace, OldEnd } from "./move-ends.ts";
import { MoveJournal } from "./move-journal.ts";

/** What was carried, for the entry of the trail. */
export interface MoveSums {
  readonly rows: number;
  readonly rowsSha256: string;
  readonly files: number;
  readonly lengthBytes: number;
  readonly filesSha256: string;
  readonly jobs: number;
  /** Files of which something could not be read in the old place. */
  readonly damaged: number;
  /** Blocks of uploads under way that their consoles send again. */
  readonly sentAgain: number;
}

export interface FinishedMove {
  readonly from: OldEnd;
  readonly to: MoveEnd;
  readonly mark: MoveMark;
  readonly sums: MoveSums;
  readonly leavesDamaged: boolean;
  readonly say: (line: string) => void;
}

export async function finishMove({ from, to, mark, sums, leavesDamaged, say }: FinishedMove): Promise<void> {
  await carryFolder(from, to);
  await leave(from, { ...mark, state: "left", other: to.words, sinceUtcMs: Date.now() });
  await refuseChanged(from, to);
  await arrive({ from, to, mark, sums });
  await signHead(from, to);
  const { lines, isWhole } = await auditReport(to.dir);
  if (!isWhole && !leavesDamaged) {
    throw new StartRefusal("MOVE_TRAIL_NOT_WHOLE", `In the new place: ${lines.at(-2) ?? ""}`);
  }
  for (const line of lines) say(line);
  say(
    `${sums.rows} rows, ${sums.files} files and ${sums.jobs} jobs are in ${to.words}, each compared with the old place.`,
  );
}

/** What an administrator wrote into the new folder stays. */
const CARRIED_UNLESS_THERE: ReadonlySet<string> = new Set([
  ...[SETTINGS_FILE, MAIL_FILE, RETIRED_KEYS_FILE, "port", "connection.json"],
]);

async function carryFolder(from: OldEnd, to: MoveEnd): Promise<void> {
  await copyDurably(from.dir, to.dir, KEYS_FILE);
  await copyDurably(from.dir, to.dir, AUDIT_HEADS_FILE);
  const [ours, theirs] = [await readdir(from.dir), new Set(await readdir(to.dir))];
  const wanted = ours.filter(
    (name) => CARRIED_UNLESS_THERE.has(name) || name.endsWith(CONNECTION_FILE_ENDING),
  );
  for (const name of wanted) if (!theirs.has(name)) await copyDurably(from.dir, to.dir, name);
  await bindMetadata(to.db, { dir: to.dir });
  await keepSetting(to.db, PLACE_SETTING, to.stored.told);
}

async function copyDurably(from: string, to: string, name: string): Promise<void> {
  const content = await readFile(join(from, name)).catch((error: unknown) => {
    if (saysMissing(error)) return null;
    throw error;
  });
  if (content !== null) await writeDurably(join(to, name), [content]);
}

/** The folder's mark keeps its own service from starting; the row keeps all that share the metadata. */
export async function leave(old: NamedPlace, mark: MoveMark): Promise<void> {
  await writeFolderMark(old.dir, mark);
  if (old.metadata.kind === "sqlite") return;
  const db = await openMetadata(old.metadata, () => undefined);
  try {
    await writeRowMark(db, mark);
  } finally {
    await db.destroy();
  }
}

/**
 * A lock of a database goes with its connection: if that was lost for a moment, a service may have begun meanwhile. From
 * here on the mark keeps it from doing so.
 */
async function refuseChanged(from: OldEnd, to: MoveEnd): Promise<void> {
  if ((await trailLength(from.db)) === (await trailLength(to.db))) return;
  await takeBack(from, null);
  throw new StartRefusal("MOVE_INTERRUPTED", "A service has changed the old place meanwhile.");
}

async function trailLength(db: Metadata): Promise<number> {
  const row = await db
    .selectFrom("audit")
    .select((e) => e.fn.max<number | null>("seq").as("last"))
    .executeTakeFirst();
  return Number(row?.last ?? 0);
}

/** The old place may be served again. @param enter within the transaction that lets its services start; null for nothing */
export async function takeBack(
  old: NamedPlace,
  enter: ((transaction: MetadataTransaction) => Promise<void>) | null,
): Promise<void> {
  const db = await openMetadata(old.metadata, () => undefined);
  try {
    await db.transaction().execute(async (transaction) => {
      await removeRowMark(transaction);
      await enter?.(transaction);
    });
  } finally {
    await db.destroy();
  }
  await removeFolderMark(old.dir);
}

async function arrive({
  from,
  to,
  mark,
  sums,
}: Pick<FinishedMove, "from" | "to" | "mark" | "sums">): Promise<void> {
  await to.db.transaction().execute(async (transaction) => {
    const entry = { atUtcMs: Date.now(), actor: "system", action: "SERVICE_MOVED", subject: mark.moveId };
    const auditSeq = await appendAudit(transaction, {
      ...entry,
      detail: { from: from.words, to: to.words, ...sums },
    });
    await writeRowMark(transaction, { ...mark, state: "arrived", auditSeq });
  });
}

/** With the key that is in use, as the service does. */
async function signHead(from: OldEnd, { db, dir }: MoveEnd): Promise<void> {
  const keys = new KeyRing(from.keys);
  const keyId = keyInUse(await readKeyState(db), "audit");
  if (keyId !== null) keys.use("audit", keyId);
  await new AuditHeads({ db, file: join(dir, AUDIT_HEADS_FILE), keys, now: Date.now }).signNow();
}

/** What the move itself needed. A second time it changes nothing. */
export async function tidyUp(from: OldEnd, to: MoveEnd): Promise<void> {
  await signHead(from, to);
  MoveJournal.remove(to.dir);
  await removeFolderMark(to.dir);
}
