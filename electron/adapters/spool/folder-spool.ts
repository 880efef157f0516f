import { stat } from "node:fs/promises";
import { failed, type Outcome } from "#shared/domain/failure.ts";
import type { SpoolDiskKind } from "#shared/domain/spool-disk.ts";
import type { FootageRange } from "#shared/domain/footage.ts";
import type { ArchiveAddress } from "../archive-client/archive-client.ts";
import {
  ABORTED,
  type PortCall,
  portFailed,
  type PortOutcome,
  portSucceeded,
} from "../../export-pipeline/ports/port-call.ts";
import type {
  ReadingObserver,
  SegmentSpool,
  SpoolDocument,
  SpooledSegment,
  SpoolJob,
  SpoolSpace,
} from "../../export-pipeline/ports/segment-spool.ts";
import { diskKindOf } from "./disk-kind.ts";
import { DiskPatience } from "./disk-patience.ts";
import { makeFolder } from "./make-folder.ts";
import { type FolderList, listInMemory, pathIn, SpoolFolders } from "./spool-folders.ts";
import {
  diskSpaceOf,
  freeBytesOf,
  FREE_SPACE_RESERVE_BYTES,
  onSpool,
  spoolFailure,
} from "./spool-disk-error.ts";
import type { SegmentWriter } from "./segment-writer.ts";
import { MARK_FILE } from "./spool-mark.ts";
import { type FoldersOfSite, tryFolder } from "./try-folder.ts";
import { writeDocument } from "./write-document.ts";

export interface SpoolSettings {
  readonly folder: string;
  readonly quotaBytes: number;
  /**
   * An administrator chose the folder, and it was made then. It is never made anew: where its disk is away,
   * a folder of the same name on another disk would take its place unseen.
   */
  readonly isChosen?: boolean;
}

export interface FolderSpoolParts {
  readonly settings: () => SpoolSettings;
  readonly worker: SegmentWriter;
  /** Where the archive gives out footage; null while it has not started. */
  readonly exportUrl: (cameraId: string, range: FootageRange) => ArchiveAddress | null;
  /** Of folders that may hold files besides the one of the settings; in memory by default. */
  readonly list?: FolderList;
  readonly patience?: DiskPatience | undefined;
}

/** For what a disk that answers does at once. */
const ANSWER_MS = 20_000;
/** From whichever folder: what is given up there keeps no other folder from being written. */
const REMOVING = "files that are not needed any more";

/** The spool in a folder of its own: encrypted segments only, readable by this user alone. */
export class FolderSpool implements SegmentSpool {
  readonly #settings: () => SpoolSettings;
  readonly #worker: SegmentWriter;
  readonly #exportUrl: FolderSpoolParts["exportUrl"];
  readonly #folders: SpoolFolders;
  readonly #patience: DiskPatience;

  constructor({ settings, worker, exportUrl, list, patience }: FolderSpoolParts) {
    this.#patience = patience ?? new DiskPatience();
    this.#settings = settings;
    this.#worker = worker;
    this.#exportUrl = exportUrl;
    this.#folders = new SpoolFolders(() => settings().folder, list ?? listInMemory());
  }

  /** Where a spooled file lies, whatever the settings say now. */
  pathOf(fileId: string, recordedFolder: string | null = null): Promise<string> {
    return this.#folders.pathOf(fileId, recordedFolder);
  }

  async write(
    job: SpoolJob,
    observer: ReadingObserver,
    call: PortCall,
  ): Promise<PortOutcome<SpooledSegment>> {
    const source = this.#exportUrl(job.cameraId, job.range);
    if (source === null)
      return portFailed("transient", {
        code: "ARCHIVE_UNREACHABLE",
        message: "The archive has not started yet.",
      });
    observer.onBegin();
    return await this.#writeInto(call, async (folder, moved) => {
      const outcome = await this.#worker.run(
        {
          kind: "write",
          sourceUrl: source.baseUrl,
          sourceToken: source.token,
          path: pathIn(folder, job.segmentId),
          recipient: job.recipient,
        },
        (bytes) => {
          moved();
          observer.onProgress(bytes);
        },
        call.signal,
      );
      if (!outcome.ok) return outcome;
      if (outcome.value === undefined) throw new TypeError("The worker answered a write without a value.");
      return portSucceeded(outcome.value);
    });
  }

  async writeDocument(document: SpoolDocument, call: PortCall): Promise<PortOutcome<SpooledSegment>> {
    if (call.signal.aborted) return ABORTED;
    return await this.#writeInto(call, (folder) => writeDocument(pathIn(folder, document.fileId), document));
  }

  /** The folder is kept with the file's record: the settings may change before it is sent. */
  async #writeInto(
    call: PortCall,
    write: (folder: string, moved: () => void) => Promise<PortOutcome<SpooledSegment>>,
  ): Promise<PortOutcome<SpooledSegment>> {
    const { folder } = this.#settings();
    return await this.#patience.during({ disk: folder }, call, async (moved) => {
      const there = await this.#ownFolderMade();
      if (!there.ok) return there;
      const written = await this.#folders.whileWriting(folder, () => write(folder, moved));
      if (!written.ok) return written;
      return portSucceeded({ ...written.value, file: { ...written.value.file, folder } });
    });
  }

  /** The site's own folder is made whenever it is missing; whether one that was chosen is there, writing shows. */
  async #ownFolderMade(): Promise<PortOutcome<void>> {
    const { folder, isChosen = false } = this.#settings();
    try {
      if (!isChosen) await onSpool(() => makeFolder(folder));
      return portSucceeded(undefined);
    } catch (error) {
      return await spoolFailure(error, folder);
    }
  }

  /** Where a disk does not answer, the file goes at a later start. */
  async remove(fileId: string): Promise<void> {
    await this.#patience.during({ disk: REMOVING, givenUpMs: ANSWER_MS }, null, async () => {
      await this.#folders.remove(fileId);
      return portSucceeded(undefined);
    });
  }

  sweep(keep: ReadonlySet<string>): Promise<void> {
    return this.#folders.sweep(keep);
  }

  space(): Promise<PortOutcome<SpoolSpace>> {
    const { folder } = this.#settings();
    return this.#patience.during({ disk: folder, givenUpMs: ANSWER_MS }, null, () => this.#space());
  }

  async #space(): Promise<PortOutcome<SpoolSpace>> {
    const { folder, quotaBytes } = this.#settings();
    const there = await this.#ownFolderMade();
    if (!there.ok) return there;
    try {
      const disk = await onSpool(async () => {
        await stat(folder);
        return await diskSpaceOf(folder);
      });
      const files = await this.#folders.files();
      return portSucceeded({ folder, quotaBytes, ...disk, reserveBytes: FREE_SPACE_RESERVE_BYTES, files });
    } catch (error) {
      return await spoolFailure(error, folder);
    }
  }

  /** Of all folders that hold files of ours, the one of the settings first. */
  usage(): Promise<{ readonly folder: string; readonly bytes: number }[]> {
    return this.#folders.usage();
  }

  /** What the folder of the settings lies on; nulls while it is away. */
  async disk(): Promise<{ readonly kind: SpoolDiskKind | null; readonly freeBytes: number | null }> {
    const { folder } = this.#settings();
    // One's own that is missing is made when it is needed: it is not away.
    await this.#ownFolderMade();
    const freeBytes = await freeBytesOf(folder).catch(() => null);
    return { kind: await diskKindOf(folder), freeBytes };
  }

  /** Whether a folder can be the spool's; it is made for that, and is no other console's from then on. */
  async tryFolder(folder: string, ofSite: FoldersOfSite): Promise<Outcome<void>> {
    const tried = await tryFolder(folder, this.#folders.all(), ofSite);
    if (!tried.ok || (await this.#folders.take(folder))) return tried;
    return failed(
      "SPOOL_FOLDER_OF_ANOTHER",
      `${folder} is the spool folder of another console.`,
      `Choose another folder, or remove ${MARK_FILE} from it where that console is no more. Nothing has been changed.`,
    );
  }
}
