import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pLimit from "p-limit";
import type { ArchiveClient } from "#electron/adapters/archive-client/archive-client.ts";
import type { ClearanceDestination } from "#electron/adapters/clearance-client/clearance-destination.ts";
import { SqliteJournal } from "#electron/adapters/journal/sqlite-journal.ts";
import {
  retryingArchive,
  retryingDestination,
  retryingSpool,
} from "#electron/adapters/retry/retrying-ports.ts";
import type { FolderSpool } from "#electron/adapters/spool/folder-spool.ts";
import { admitExport } from "#electron/export-pipeline/export-intake.ts";
import { ExportLedger } from "#electron/export-pipeline/export-ledger.ts";
import { ExportPipeline } from "#electron/export-pipeline/export-pipeline.ts";
import { readInTurn } from "#electron/export-pipeline/limits/read-in-turn.ts";
import type { EvidenceDestination } from "#electron/export-pipeline/ports/evidence-destination.ts";
import { memorySigner } from "#electron/export-pipeline/testing/memory-signer.ts";
import { TransferProgress } from "#electron/export-pipeline/transfer-progress.ts";
import type { ExportRequest } from "#shared/domain/export-request.ts";
import type { ConsoleTask } from "./console-messages.ts";

/** The real adapters of the bench's console. */
export interface ConsoleParts {
  readonly archive: ArchiveClient;
  readonly spool: FolderSpool;
  readonly destination: ClearanceDestination;
  readonly folder: string;
}

type WholeParts = Omit<ConsoleParts, "destination"> & { readonly destination: EvidenceDestination };
type WholeTask = Extract<ConsoleTask, { kind: "whole" }>;

export const UNWATCHED = { onBegin: () => undefined, onProgress: () => undefined };
export const FOR_EVER = { signal: new AbortController().signal, reportWaiting: () => undefined };

/** One export through the pipeline as the console has it, timed from Finish until all is verified at the service. */
export async function exportWhole(parts: ConsoleParts, task: WholeTask): Promise<Record<string, number>> {
  const journalPath = join(parts.folder, `journal-${randomUUID()}.sqlite`);
  const journal = new SqliteJournal(journalPath);
  const admitted = await admitExport(
    { request: requestFor(task), createdBy: "bench", createdUtcMs: Date.now() },
    parts.archive,
    FOR_EVER,
  );
  if (!admitted.ok) throw new Error(admitted.error.message);
  const segments = admitted.value.cameraExports.flatMap((one) => one.segments);
  const { promise: allVerified, resolve, reject } = Promise.withResolvers<void>();
  const ledger = new ExportLedger(journal, () => look());
  const look = () => {
    const states = ledger
      .all()
      .flatMap(({ cameraExports }) => cameraExports.flatMap((one) => one.segments))
      .map(({ record }) => record.state);
    if (states.some((state) => state.kind === "failed")) reject(new Error("A segment failed."));
    if (states.length > 0 && states.every((state) => state.kind === "verified")) resolve();
  };
  const sending = { firstMs: Infinity, lastMs: 0 };
  const noted = { ...parts, destination: timed(parts.destination, sending) };
  const pipeline = pipelineOf(noted, ledger, task, reject);
  const startedMs = performance.now();
  pipeline.start(admitted.value);
  await allVerified;
  const ms = performance.now() - startedMs;
  await pipeline.stop();
  journal.close();
  await rm(journalPath);
  const sendingMs = sending.lastMs - sending.firstMs;
  return {
    ms,
    sendingMs,
    bytes: segments.reduce((sum, { plannedLengthBytes }) => sum + plannedLengthBytes, 0),
  };
}

function pipelineOf(
  { archive, spool, destination }: WholeParts,
  ledger: ExportLedger,
  { uploadsAtOnce, protocol }: WholeTask,
  onBug: (error: unknown) => void,
): ExportPipeline {
  const clock = {
    now: Date.now,
    steadyNow: () => performance.now(),
    pause: async (ms: number, signal: AbortSignal) => {
      if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => undefined);
    },
  };
  const progress = new TransferProgress(() => undefined);
  const context = {
    archive: retryingArchive(archive, clock),
    spool: retryingSpool(readInTurn(spool, { ledger, progress, ...clock }), clock),
    destinationOf: () =>
      retryingDestination(announcing(limited(destination, uploadsAtOnce), protocol), clock),
    signer: memorySigner(),
    ledger,
    progress,
    ...clock,
  };
  return new ExportPipeline(context, onBug);
}

/** The destination with so many uploads at a time over all cameras. */
function limited(destination: EvidenceDestination, uploadsAtOnce: number | null): EvidenceDestination {
  if (uploadsAtOnce === null) return destination;
  const limit = pLimit(uploadsAtOnce);
  return new Proxy<EvidenceDestination>(destination, {
    get: (target, name: keyof EvidenceDestination) => {
      if (name !== "sendFile") return target[name].bind(target);
      const sendFile: EvidenceDestination["sendFile"] = (...given) => limit(() => target.sendFile(...given));
      return sendFile;
    },
  });
}

/** The destination that notes when the first file was begun to be sent and when the last one had arrived. */
function timed(destination: EvidenceDestination, sending: { firstMs: number; lastMs: number }) {
  return new Proxy(destination, {
    get: (target, name: keyof EvidenceDestination) => {
      if (name !== "sendFile") return target[name].bind(target);
      const sendFile: EvidenceDestination["sendFile"] = async (...given) => {
        sending.firstMs = Math.min(sending.firstMs, performance.now());
        const sent = await target.sendFile(...given);
        sending.lastMs = performance.now();
        return sent;
      };
      return sendFile;
    },
  });
}

/** The destination whose key answer names this protocol alone. */
function announcing(destination: EvidenceDestination, protocol: WholeTask["protocol"]): EvidenceDestination {
  if (protocol === undefined) return destination;
  return new Proxy(destination, {
    get: (target, name: keyof EvidenceDestination) => {
      if (name !== "recipientKey") return target[name].bind(target);
      const recipientKey: EvidenceDestination["recipientKey"] = async (call) => {
        const key = await target.recipientKey(call);
        return key.ok ? { ok: true, value: { ...key.value, protocol } } : key;
      };
      return recipientKey;
    },
  });
}

function requestFor({ cameraIds, range }: WholeTask): ExportRequest {
  return {
    requestId: randomUUID(),
    cameraExports: cameraIds.map((cameraId) => ({
      cameraId,
      cameraName: `Camera ${cameraId}`,
      name: "",
      description: "",
      range,
    })),
    caseAssociation: { kind: "none" },
  };
}
