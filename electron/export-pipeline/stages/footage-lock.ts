import type { CommonEnd } from "./common-end.ts";
import type { CameraExportWork } from "../tracked/pipeline-context.ts";
import type { PortOutcome } from "../ports/port-call.ts";

/**
 * The lock on a camera export's footage, in one run. It is asked for once, when something has to be read; if it is
 * refused, the run ends. If nothing has to be read any more, an archive that is down holds nobody up.
 */
export class FootageLock {
  readonly #work: CameraExportWork;
  readonly #together: CommonEnd;
  #locking: Promise<PortOutcome<void>> | null = null;

  constructor(work: CameraExportWork, together: CommonEnd) {
    this.#work = work;
    this.#together = together;
  }

  held(): Promise<PortOutcome<void>> {
    this.#locking ??= this.#together.include(() => lockFootage(this.#work));
    return this.#locking;
  }
}

function lockFootage({ context, cameraExport, request, call }: CameraExportWork): Promise<PortOutcome<void>> {
  const { cameraId, range } = request;
  return context.archive.lock({ lockId: cameraExport.record.cameraExportId, cameraId, range }, call);
}

export function unlockFootage({ context, cameraExport, call }: CameraExportWork): Promise<PortOutcome<void>> {
  return context.archive.unlock(cameraExport.record.cameraExportId, call);
}
