import { readFileSync } from "node:fs";
import { z } from "zod";
import { writeWhole } from "#runtime/files/whole-file.ts";
import type { ShownMarks } from "../../export-pipeline/ports/shown-marks.ts";

/** Often enough that bytes are seen to move, seldom enough that it costs nothing beside the bytes themselves. */
const KEEP_EVERY_MS = 500;

const storedSchema = z.record(z.string(), z.number().nonnegative());

interface Mark {
  readonly cameraExportId: string;
  readonly bytes: number;
}

/**
 * Marks in a small file beside the journal. It is replaced as a whole, and not flushed: a program that is killed loses
 * nothing that it wrote, and after a power cut bytes that are shown as fewer are the least of it. A disk that does not
 * take the file stops nobody's bytes from being shown.
 */
export class ShownBytesFile implements ShownMarks {
  readonly #path: string;
  readonly #onKept: (cameraExportId: string) => void;
  readonly #keepEveryMs: number;
  readonly #kept = new Map<string, number>();
  readonly #wanted = new Map<string, Mark>();
  #isKeeping = false;

  /** @param onKept told the id of each camera export of which more may be shown now */
  constructor(path: string, onKept: (cameraExportId: string) => void, keepEveryMs = KEEP_EVERY_MS) {
    this.#path = path;
    this.#onKept = onKept;
    this.#keepEveryMs = keepEveryMs;
    for (const [segmentId, bytes] of Object.entries(readStored(path))) this.#kept.set(segmentId, bytes);
  }

  of(segmentId: string): number {
    return this.#kept.get(segmentId) ?? 0;
  }

  want(cameraExportId: string, segmentId: string, bytes: number): void {
    this.#wanted.set(segmentId, { cameraExportId, bytes });
    if (!this.#isKeeping) void this.#keepSoon();
  }

  forget(segmentId: string): void {
    this.#kept.delete(segmentId);
    this.#wanted.delete(segmentId);
  }

  /** Of segments that are not in the list any more nothing is shown. */
  keepOnly(segmentIds: ReadonlySet<string>): void {
    for (const segmentId of this.#kept.keys()) if (!segmentIds.has(segmentId)) this.#kept.delete(segmentId);
  }

  async #keepSoon(): Promise<void> {
    this.#isKeeping = true;
    // Everything that is wanted in this turn goes together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#wanted.size > 0) {
      await this.#keep(this.#takeWanted());
      await new Promise((resolve) => setTimeout(resolve, this.#keepEveryMs).unref());
    }
    this.#isKeeping = false;
  }

  async #keep(wanted: ReadonlyMap<string, Mark>): Promise<void> {
    try {
      await writeWhole(this.#path, this.#text(wanted));
    } catch (error) {
      console.error(`${this.#path} cannot be written.`, error);
    }
    for (const [segmentId, { bytes }] of wanted) this.#kept.set(segmentId, bytes);
    for (const id of new Set([...wanted.values()].map(({ cameraExportId }) => cameraExportId)))
      this.#onKept(id);
  }

  #takeWanted(): Map<string, Mark> {
    const wanted = new Map(this.#wanted);
    this.#wanted.clear();
    return wanted;
  }

  #text(wanted: ReadonlyMap<string, Mark>): string {
    const marks = new Map(this.#kept);
    for (const [segmentId, { bytes }] of wanted) marks.set(segmentId, bytes);
    return JSON.stringify(Object.fromEntries(marks));
  }
}

function readStored(path: string): Record<string, number> {
  try {
    return storedSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    // There is none yet, or a power cut tore it.
    return {};
  }
}
