import type { FootageRange } from "#shared/domain/footage.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";
import type { ExportFacts, FootageArchive, LockedRange, RecordedClock } from "../ports/footage-archive.ts";
import { type PortCall, portFailed, type PortOutcome, portSucceeded } from "../ports/port-call.ts";
import { meetHindrance, type Hindrance } from "./hindered-calls.ts";

/** An archive that holds every range but the ones named empty. */
export class MemoryArchive implements FootageArchive {
  readonly locks = new Map<string, { cameraId: string; range: TimeRange }>();
  /** Ranges without a frame, by their start. */
  readonly emptyFromUtcMs = new Set<number>();
  /** Told of the range that holds their start. */
  readonly gaps: TimeRange[] = [];
  /** The camera's codec is another from this instant on. */
  codecChangeUtcMs: number | null = null;
  /** How its footage arrived; null for an archive that does not know. */
  clock: RecordedClock | null = null;
  /** What it knows of the camera's own time and of what was not recorded; null for an archive that does not know. */
  beside: Pick<ExportFacts, "cameraTime" | "leftOut" | "ratioSet"> | null = null;
  /** What was asked for, in that order. */
  readonly plannedRanges: FootageRange[] = [];
  readonly areas = new Map(["a", "b", "c"].map((id) => [id, "Gate"]));
  /** What its clock says. */
  readClock: () => number = Date.now;
  hindrance: Hindrance = () => null;

  async planExport(cameraId: string, range: FootageRange, call: PortCall): Promise<PortOutcome<ExportFacts>> {
    this.plannedRanges.push(range);
    const hindered = await meetHindrance(
      this.hindrance,
      { method: "planExport", subject: cameraId },
      call.signal,
    );
    if (hindered !== null) return hindered;
    if (this.emptyFromUtcMs.has(range.startUtcMs)) {
      return portFailed("no-footage", { code: "NO_FOOTAGE", message: "There is no frame in this range." });
    }
    const changeUtcMs = this.codecChangeUtcMs ?? Infinity;
    if (range.startUtcMs < changeUtcMs && changeUtcMs < range.endUtcMs) {
      return codecChanged(changeUtcMs);
    }
    const gaps = this.#gapsIn(range);
    const firstFrameUtcUs = range.startUtcMs * 1000 + 40_000;
    const endUtcUs = range.endUtcMs * 1000;
    return portSucceeded({
      lengthBytes: this.lengthOf(range),
      codec: range.startUtcMs < changeUtcMs ? "avc1.64001e" : "hvc1.1.6.L93.B0",
      firstFrameUtcUs,
      lastFrameUtcUs: endUtcUs - 40_000,
      endUtcUs,
      frameCount: 10,
      preRollFrameCount: 2,
      trailingFrameCount: 1,
      gaps,
      ...(this.clock !== null && { clock: this.clock }),
      ...this.beside,
    });
  }

  /** Bytes of a range's footage. */
  lengthOf(range: TimeRange): number {
    return 100 - this.#gapsIn(range).length;
  }

  #gapsIn(range: TimeRange): TimeRange[] {
    return this.gaps.filter(
      ({ startUtcMs }) => range.startUtcMs <= startUtcMs && startUtcMs < range.endUtcMs,
    );
  }

  async cameraAreas(call: PortCall): Promise<PortOutcome<ReadonlyMap<string, string>>> {
    const hindered = await meetHindrance(this.hindrance, { method: "cameraAreas", subject: "" }, call.signal);
    return hindered ?? portSucceeded(this.areas);
  }

  now(): Promise<number> {
    return Promise.resolve(this.readClock());
  }

  async lock({ lockId, cameraId, range }: LockedRange, call: PortCall): Promise<PortOutcome<void>> {
    const hindered = await meetHindrance(this.hindrance, { method: "lock", subject: cameraId }, call.signal);
    if (hindered !== null) return hindered;
    this.locks.set(lockId, { cameraId, range });
    return portSucceeded(undefined);
  }

  async unlock(lockId: string, call: PortCall): Promise<PortOutcome<void>> {
    const hindered = await meetHindrance(this.hindrance, { method: "unlock", subject: lockId }, call.signal);
    if (hindered !== null) return hindered;
    this.locks.delete(lockId);
    return portSucceeded(undefined);
  }
}

function codecChanged(atUtcMs: number): PortOutcome<never> {
  const message = "The camera's picture codec changed.";
  return portFailed("permanent", { code: "CODEC_CHANGED", message, atUtcMs });
}
