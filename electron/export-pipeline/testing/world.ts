import { type ExportAccount, isUnfinished } from "#shared/domain/export-status.ts";
import type { CameraExportRequest, ExportRequest } from "#shared/domain/export-request.ts";
import { HOUR_MS } from "#shared/domain/time-range.ts";
import { admitExport } from "../export-intake.ts";
import type { ExportPipeline } from "../export-pipeline.ts";
import type { ExportStatusFeed } from "../tracked/export-status-feed.ts";
import {
  type OnPortsGiven,
  pipelineOnPorts,
  type SendingPorts,
  type TriedAgain,
} from "../../sending-parts/pipeline-on-ports.ts";
import type { SendingClock } from "../../sending-parts/system-clock.ts";
import type { EvidenceDestination } from "../ports/evidence-destination.ts";
import type { JournalEntry } from "../ports/export-journal.ts";
import { marksInMemory } from "../ports/shown-marks.ts";
import type { TransferProgress } from "../tracked/transfer-progress.ts";
import { MemoryArchive } from "./memory-archive.ts";
import { MemoryJournal } from "./memory-journal.ts";
import { type MemoryEvidence, MemoryService } from "./memory-service.ts";
import { memorySigner } from "./memory-signer.ts";
import { MemorySpool } from "./memory-spool.ts";
import { type Death, KillableProcess, ProcessDied } from "./killable-process.ts";
import { eventLoopTurn, until } from "./hindered-calls.ts";

export const NOW = Date.UTC(2026, 10, 23, 12);

/** For tests of what one try does. */
const TRIED_ONCE: TriedAgain = (ports) => ports;

/** What outlives the console's process: archive, spool, service and journal; and a clock that does not wait. */
export class World {
  readonly archive = new MemoryArchive();
  readonly spool = new MemorySpool(this.archive);
  readonly service = new MemoryService(this.spool);
  readonly journal = new MemoryJournal();
  readonly marks = marksInMemory();
  readonly #triedAgain: TriedAgain | undefined;
  nowMs = NOW;
  /** How far the archive's clock is ahead of the console's. */
  archiveAheadMs = 0;
  /** Goes forward as `nowMs` does, and is never set. */
  steadyMs = 0;
  /** Which service an export goes to: one for all, unless a test has several. */
  destinationOf: (account: ExportAccount | null, service: EvidenceDestination) => EvidenceDestination = (
    _account,
    service,
  ) => service;

  /** @param tries whether every call is made once, or again as the program makes it */
  constructor(tries: "once" | "as the program" = "once") {
    this.#triedAgain = tries === "once" ? TRIED_ONCE : undefined;
    this.archive.readClock = () => this.nowMs + this.archiveAheadMs;
  }

  readonly clock: SendingClock = {
    now: () => this.nowMs,
    steadyNow: () => this.steadyMs,
    pause: async (ms, signal) => {
      if (ms <= 0 || signal.aborted) return;
      await eventLoopTurn();
      this.nowMs += ms;
      this.steadyMs += ms;
    },
  };

  /** Starts the console's process. */
  boot(death: Death | null = null): Run {
    const process = new KillableProcess(death);
    const service = process.port(this.service);
    const ports: SendingPorts = {
      archive: process.port(this.archive),
      spool: process.port(this.spool),
      destinationOf: (account) => this.destinationOf(account, service),
    };
    const journal = process.journal(this.journal);
    const { clock, marks } = this;
    return new Run(process, { ports, journal, clock, openMarks: () => marks, triedAgain: this.#triedAgain });
  }

  /** Starts the console's process and these exports in it. */
  async started(...requests: ExportRequest[]): Promise<Run> {
    const run = this.boot();
    for (const request of requests) run.pipeline.start(await this.admit(request));
    return run;
  }

  /** What the service has. */
  evidence(): MemoryEvidence[] {
    return [...this.service.evidence.values()];
  }

  /** Passes an export through the intake. @throws Error when it is refused */
  async admit(request: ExportRequest): Promise<JournalEntry> {
    const call = { signal: new AbortController().signal, reportWaiting: () => undefined };
    const admitted = await admitExport(
      { request, createdBy: "operator", createdUtcMs: this.nowMs },
      this.archive,
      call,
    );
    if (!admitted.ok) throw new Error(admitted.error.code);
    return admitted.value;
  }
}

/** One run of the console's process, with everything it told. */
export class Run {
  readonly process: KillableProcess;
  readonly pipeline: ExportPipeline;
  readonly feed: ExportStatusFeed;
  readonly progress: TransferProgress;
  /** Every kind of status that anyone could have seen. */
  readonly seen = new Set<string>();
  readonly bugs: unknown[] = [];

  constructor(
    process: KillableProcess,
    given: Pick<OnPortsGiven, "ports" | "journal" | "clock" | "openMarks" | "triedAgain">,
  ) {
    this.process = process;
    const { pipeline, feed, progress } = pipelineOnPorts({
      ...given,
      signer: memorySigner(),
      sendingCap: () => null,
      onChange: () => this.#look(),
      onBug: (error) => {
        if (!(error instanceof ProcessDied)) this.bugs.push(error);
      },
    });
    this.pipeline = pipeline;
    this.feed = feed;
    this.progress = progress;
  }

  kind(exportId = "export-1"): string | undefined {
    return this.pipeline.statuses().find((status) => status.exportId === exportId)?.kind;
  }

  /** Until every export has ended, or the process has. */
  async ended(): Promise<void> {
    await until(
      () => this.process.dead || !this.pipeline.statuses().some(isUnfinished),
      "every export has ended",
    );
    for (let turns = 0; turns < 5; turns += 1) await eventLoopTurn();
  }

  #look(): void {
    // The ledger calls while it is being made, before there is a pipeline to ask.
    const statuses = (this.pipeline as ExportPipeline | undefined)?.statuses() ?? [];
    for (const { kind } of statuses) this.seen.add(kind);
  }
}

/** A camera export of so many hours that ended an hour ago. */
export function cameraExport(cameraId: string, hours = 1): CameraExportRequest {
  const endUtcMs = NOW - HOUR_MS;
  return {
    cameraId,
    cameraName: `Camera ${cameraId}`,
    name: "",
    description: "",
    range: { startUtcMs: endUtcMs - hours * HOUR_MS, endUtcMs },
  };
}

export function exportOf(
  cameraExports: readonly CameraExportRequest[],
  changes: Partial<ExportRequest> = {},
): ExportRequest {
  return { requestId: "export-1", cameraExports, caseAssociation: { kind: "none" }, ...changes };
}

export const NEW_CASE: ExportRequest["caseAssociation"] = {
  kind: "new",
  newCase: {
    name: "Theft",
    departmentId: "security",
    categoryId: null,
    recordNumber: "",
    incidentNumber: "",
    incidentStartUtcMs: null,
    incidentEndUtcMs: null,
    description: "",
    location: "",
    tags: [],
    customFields: [],
  },
};
