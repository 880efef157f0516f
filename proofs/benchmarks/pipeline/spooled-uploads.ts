import { randomUUID } from "node:crypto";
import type { FileToSend } from "#electron/export-pipeline/ports/evidence-destination.ts";
import type { PortOutcome } from "#electron/export-pipeline/ports/port-call.ts";
import { cutIntoSegments, type TimeRange } from "#shared/domain/time-range.ts";
import type { SendingAdapters } from "#electron/sending-parts/sending-adapters.ts";
import { FOR_EVER, UNWATCHED } from "./whole-export.ts";

/** Spool files of one camera, and their upload by itself. */
export class SpooledUploads {
  readonly #parts: Pick<SendingAdapters, "spool" | "destinationOf">;
  #files: FileToSend[] = [];
  #range: TimeRange = { startUtcMs: 0, endUtcMs: 0 };

  constructor(parts: Pick<SendingAdapters, "spool" | "destinationOf">) {
    this.#parts = parts;
  }

  async paths(): Promise<string[]> {
    return await Promise.all(
      this.#files.map(({ fileId, folder }) => this.#parts.spool.pathOf(fileId, folder)),
    );
  }

  /** Reads, encrypts and spools each segment of a range, one after the other, in place of what was there. */
  async spool(cameraId: string, range: TimeRange): Promise<Record<string, number>> {
    for (const { fileId } of this.#files) await this.#parts.spool.remove(fileId);
    [this.#files, this.#range] = [[], range];
    const recipient = must(await this.#parts.destinationOf(null).recipientKey(FOR_EVER));
    const startedMs = performance.now();
    for (const segmentRange of cutIntoSegments(range)) {
      const segmentId = randomUUID();
      const whose = { exportId: "bench", cameraExportId: "bench" };
      const job = { segmentId, ...whose, cameraId, range: segmentRange, lengthBytes: 0, recipient };
      const { file, encryptionData } = must(await this.#parts.spool.write(job, UNWATCHED, FOR_EVER));
      this.#files.push({
        fileId: segmentId,
        folder: file.folder ?? null,
        encryptionData,
        lengthBytes: file.ciphertextLengthBytes,
        blockCrcs: file.blockCrcs ?? null,
      });
    }
    return { ms: performance.now() - startedMs, bytes: this.#bytes() };
  }

  /** Sends all of them to a new evidence at the same time, until each is committed. */
  async upload(): Promise<Record<string, number>> {
    const destination = this.#parts.destinationOf(null);
    const about = { name: "Bench", description: "", cameraId: "long", cameraName: "Long", caseId: null };
    const request = { externalId: randomUUID(), range: this.#range, askedBy: "bench", ...about };
    const { evidenceId } = must(await destination.createEvidence(request, FOR_EVER));
    const observer = { onPlace: () => undefined, onProgress: () => undefined };
    const startedMs = performance.now();
    await Promise.all(
      this.#files.map(async (file) => {
        const place = { evidenceId, externalId: file.fileId, name: "Part.mp4", mimeType: "video/mp4" };
        must(
          await destination.sendFile(
            { resource: { ...place, range: this.#range }, file },
            observer,
            FOR_EVER,
          ),
        );
      }),
    );
    return { ms: performance.now() - startedMs, bytes: this.#bytes() };
  }

  #bytes(): number {
    return this.#files.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0);
  }
}

function must<T>(outcome: PortOutcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.error.message);
  return outcome.value;
}
