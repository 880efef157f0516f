import { afterMakingAnew } from "#shared/domain/made-anew.ts";
import { visibleName } from "#shared/domain/names.ts";
import { isOnItsWay } from "#shared/domain/segment-state.ts";
import type { SentFileEvent, SentFileState } from "#shared/domain/sent-file-state.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";
import type { FootageLock } from "./footage-lock.ts";
import { shownBytesOf } from "../tracked/export-status-view.ts";
import type { CameraExportWork, SegmentWork } from "../tracked/pipeline-context.ts";
import type { SendingObserver } from "../ports/evidence-destination.ts";
import type { SegmentRecord } from "../ports/export-journal.ts";
import { ABORTED, type PortFailure, type PortOutcome } from "../ports/port-call.ts";
import { readSegment } from "./read-segment.ts";
import type { FileOnItsWay } from "./send-file.ts";

/** A segment on its way: it is made from footage that is read from the archive. */
export class SegmentFile implements FileOnItsWay {
  readonly work: SegmentWork;

  readonly #lock: FootageLock;

  constructor(work: SegmentWork, lock: FootageLock) {
    this.work = work;
    this.#lock = lock;
  }

  get fileId(): string {
    return this.#record.segmentId;
  }

  get #record(): SegmentRecord {
    return this.work.segment.record;
  }

  state(): SentFileState | null {
    const { state } = this.#record;
    return isOnItsWay(state) ? state : null;
  }

  isToBeMade(): boolean {
    return mustBeRead(this.#record);
  }

  /** What keeps the footage from being locked is no segment's own failure: it has ended the whole run. */
  async make(): Promise<PortOutcome<void>> {
    const locked = await this.#lock.held();
    return locked.ok && !this.work.call.signal.aborted ? await readSegment(this.work) : ABORTED;
  }

  about(): { name: string; mimeType: string; range: TimeRange } {
    return {
      name: segmentFileName(this.work, this.#record),
      mimeType: "video/mp4",
      range: shownRange(this.#record),
    };
  }

  encryptionData(): string {
    return this.#record.encryptionData ?? "";
  }

  apply(event: SentFileEvent): void {
    this.work.context.ledger.applyToSegment(this.work.segment, event);
  }

  takeBack(reason: PortFailure): void {
    const { context, segment, cameraExport } = this.work;
    const madeAnew = afterMakingAnew(cameraExport.record.madeAnew, reason, context.now());
    context.ledger.readAgain(segment, madeAnew, shownBytesOf(segment.record, context.progress));
    context.progress.forget(this.fileId);
  }

  /** The first bytes that a try reports are those that the service has from earlier tries. */
  async counted(send: (counter: SendingObserver) => Promise<PortOutcome<void>>): Promise<PortOutcome<void>> {
    const { progress } = this.work.context;
    const { exportId } = this.work.cameraExport.record;
    let isFirst = true;
    const counter: SendingObserver = {
      onPlace: () => {
        isFirst = true;
      },
      onProgress: (sentBytes) => {
        if (isFirst) progress.foundSent(exportId, this.fileId, sentBytes);
        else progress.report(exportId, this.fileId, { sentBytes });
        isFirst = false;
      },
    };
    return await progress.during(exportId, "send", () => send(counter));
  }
}

/** Whether its footage is still to be read. */
export function mustBeRead({ state }: SegmentRecord): boolean {
  return state.kind === "queued" || state.kind === "exporting";
}

export function segmentFileName(
  { request, cameraExport }: CameraExportWork,
  { index }: SegmentRecord,
): string {
  return `${visibleName(request.cameraName)} ${index + 1} of ${cameraExport.segments.length}.mp4`;
}

/**
 * From the first shown frame to the end of the last: the service places the file by it. Both are rounded
 * down to the millisecond, so that neighbours never overlap; the manifest has the microseconds.
 */
function shownRange({ range, recorded }: SegmentRecord): TimeRange {
  if (recorded === null) return range;
  const startUtcMs = Math.floor(recorded.firstFrameUtcUs / 1000);
  return { startUtcMs, endUtcMs: Math.max(startUtcMs + 1, Math.floor(recorded.endUtcUs / 1000)) };
}
