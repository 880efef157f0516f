import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import pLimit from "p-limit";
import { admitExport } from "#electron/export-pipeline/export-intake.ts";
import type { EvidenceDestination } from "#electron/export-pipeline/ports/evidence-destination.ts";
import type { SendingAdapters } from "#electron/sending-parts/sending-adapters.ts";
import { type SendingGiven, signerOf } from "#electron/sending-parts/sending-parts.ts";
import { sendingPipeline } from "#electron/sending-parts/sending-pipeline.ts";
import { portWith } from "#proofs/console-parts/port-with.ts";
import type { ExportRequest } from "#shared/domain/export-request.ts";
import type { ConsoleTask } from "./console-messages.ts";

/** The benchmark's console: its adapters stay, each export has a pipeline and a journal of its own. */
interface BenchConsole {
  readonly given: SendingGiven;
  readonly adapters: SendingAdapters;
}

type WholeTask = Extract<ConsoleTask, { kind: "whole" }>;

export const UNWATCHED = { onBegin: () => undefined, onProgress: () => undefined };
export const FOR_EVER = { signal: new AbortController().signal, reportWaiting: () => undefined };

/** One export through the pipeline as the console has it, timed from Finish until all is verified at the service. */
export async function exportWhole(console: BenchConsole, task: WholeTask): Promise<Record<string, number>> {
  const { given, adapters } = console;
  const folder = join(given.folder, `export-${randomUUID()}`);
  await mkdir(folder);
  const admitted = await admitExport(
    { request: requestFor(task), createdBy: "bench", createdUtcMs: Date.now() },
    adapters.archive,
    FOR_EVER,
  );
  if (!admitted.ok) throw new Error(admitted.error.message);
  const segments = admitted.value.cameraExports.flatMap((one) => one.segments);
  const { promise: allVerified, resolve, reject } = Promise.withResolvers<void>();
  const look = () => {
    const states = ledger
      .all()
      .flatMap(({ cameraExports }) => cameraExports.flatMap((one) => one.segments))
      .map(({ record }) => record.state);
    if (states.some((state) => state.kind === "failed")) reject(new Error("A segment failed."));
    if (states.length > 0 && states.every((state) => state.kind === "verified")) resolve();
  };
  const sending = { firstMs: Infinity, lastMs: 0 };
  const { archive, spool } = adapters;
  // One for all: its limit is over all cameras.
  const destination = announcing(
    limited(timed(adapters.destinationOf(null), sending), task.uploadsAtOnce),
    task.protocol,
  );
  const { pipeline, ledger, closeJournal } = sendingPipeline({
    folder,
    ports: { archive, spool, destinationOf: () => destination },
    signer: signerOf(given, adapters),
    onChange: look,
    onBug: reject,
  });
  const startedMs = performance.now();
  pipeline.start(admitted.value);
  await allVerified;
  const ms = performance.now() - startedMs;
  await pipeline.stop();
  closeJournal();
  await rm(folder, { recursive: true });
  const sendingMs = sending.lastMs - sending.firstMs;
  return {
    ms,
    sendingMs,
    bytes: segments.reduce((sum, { plannedLengthBytes }) => sum + plannedLengthBytes, 0),
  };
}

/** The destination with so many uploads at a time over all cameras. */
function limited(destination: EvidenceDestination, uploadsAtOnce: number | null): EvidenceDestination {
  if (uploadsAtOnce === null) return destination;
  const limit = pLimit(uploadsAtOnce);
  return portWith(destination, {
    sendFile: (...sent) => limit(() => destination.sendFile(...sent)),
  });
}

/** The destination that notes when the first file was begun to be sent and when the last one had arrived. */
function timed(
  destination: EvidenceDestination,
  sending: { firstMs: number; lastMs: number },
): EvidenceDestination {
  return portWith(destination, {
    sendFile: async (...file) => {
      sending.firstMs = Math.min(sending.firstMs, performance.now());
      const sent = await destination.sendFile(...file);
      sending.lastMs = performance.now();
      return sent;
    },
  });
}

/** The destination whose key answer names this protocol alone. */
function announcing(destination: EvidenceDestination, protocol: WholeTask["protocol"]): EvidenceDestination {
  if (protocol === undefined) return destination;
  return portWith(destination, {
    recipientKey: async (call) => {
      const key = await destination.recipientKey(call);
      return key.ok ? { ok: true, value: { ...key.value, protocol } } : key;
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
