import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { TimeRange } from "#shared/domain/time-range.ts";
import { wholeFile } from "#media/virtual-file.ts";
import { footageIndex, type FootageIndex } from "../../index/footage-index.ts";
import { openIndex, type IndexDatabase } from "../../index/open-index.ts";
import { reconcile } from "../../index/reconcile.ts";
import { exportDesk, type ExportDesk } from "../export-desk.ts";
import type { PlannedExport } from "../planned-export.ts";
import { exportAddress, type ExportAddress } from "./export-address.ts";
import { recordNumbered, type NumberedSession, type RecordedTruth } from "./numbered-footage.ts";

/** An archive of one camera with recorded sessions. */
export interface Footage {
  readonly dir: string;
  readonly database: IndexDatabase;
  readonly index: FootageIndex;
  readonly desk: ExportDesk;
  readonly address: ExportAddress;
  readonly truths: readonly RecordedTruth[];
}

/** Records the sessions and indexes them; ended by `forget`. */
export async function record(sessions: readonly NumberedSession[]): Promise<Footage> {
  const dir = await mkdtemp(join(tmpdir(), "evidence-desk-exactness-"));
  const truths = await Promise.all(sessions.map((session) => recordNumbered(dir, session)));
  const database = openIndex(dir);
  const index = footageIndex(database);
  const { unreadableFiles } = await reconcile({ dir, index });
  if (unreadableFiles.length > 0) throw new Error(`Not readable: ${unreadableFiles.join(", ")}`);
  const desk = exportDesk(dir, index);
  return { dir, database, index, desk, truths, address: await exportAddress(desk) };
}

export async function forget({ dir, database, address }: Footage): Promise<void> {
  await address.close();
  database.close();
  await rm(dir, { recursive: true, force: true });
}

/** Numbers of the pictures taken in the range; a newer session takes over from an older one. */
export function numbersTakenIn({ truths }: Footage, range: TimeRange): number[] {
  const starts = truths.map(({ pictures }) => pictures[0]?.instantUs ?? 0);
  return truths.flatMap(({ pictures }, place) =>
    pictures
      .filter(({ instantUs }) => instantUs >= range.startUtcMs * 1000 && instantUs < range.endUtcMs * 1000)
      .filter(({ instantUs }) => instantUs < (starts[place + 1] ?? Infinity))
      .map(({ number }) => number),
  );
}

/** Writes an export into the archive's folder. */
export async function store(footage: Footage, planned: PlannedExport): Promise<string> {
  const path = join(footage.dir, "export.mp4");
  await pipeline(footage.desk.read(planned, wholeFile(planned.plan)), createWriteStream(path));
  return path;
}
