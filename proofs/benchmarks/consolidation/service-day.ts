import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { BlockBlobClient } from "@azure/storage-blob";
import { encryptGcm } from "#evidence-service/testing/encrypt.ts";
import { TestSite } from "#evidence-service/testing/test-site.ts";
import { BUILT, SERVICE_OPTIONS } from "../built-programs.ts";
import { startProcess } from "../pipeline/measured-process.ts";

const START_UTC_MS = Date.UTC(2026, 10, 23);
const HOUR_MS = 3_600_000;
const REGION_BYTES = 4 << 20;
const POLL_MS = 20;

/** What a day that has been sent takes of the service, from the evidence's completion until it is available. */
export interface ServiceDay {
  readonly seconds: number;
  readonly peakRssBytes: number;
  /** The longest that somebody else waited for an answer meanwhile. */
  readonly longestAnswerMs: number;
}

/** Sends segments to a service in a process of its own and has it consolidate them. */
export async function consolidateInService(folder: string, paths: readonly string[]): Promise<ServiceDay> {
  const dir = await mkdtemp(join(folder, "service-"));
  const service = await startProcess(
    "evidence service",
    BUILT.evidenceService,
    ["--dir", dir],
    SERVICE_OPTIONS,
  );
  try {
    const site = TestSite.attach(
      dir,
      service.ready["listening"] ?? "",
      service.ready["connectionFile"] ?? "",
    );
    const { EvidenceId } = await site.createEvidence();
    const checksums = await sendSegments(site, EvidenceId, paths);
    await forgetPeak(service.child.pid ?? 0);
    const begunMs = performance.now();
    const completed = await site.completeEvidence(EvidenceId, checksums);
    if (completed.status !== 200) throw new Error(`Completing answered ${completed.status}.`);
    const longestAnswerMs = await untilAvailable(site, EvidenceId);
    const seconds = (performance.now() - begunMs) / 1000;
    return { seconds, longestAnswerMs, peakRssBytes: (await service.peakRssBytes()) ?? Number.NaN };
  } finally {
    await service.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

async function sendSegments(
  site: TestSite,
  evidenceId: string,
  paths: readonly string[],
): Promise<Record<string, string>> {
  const checksums: Record<string, string> = {};
  const publicKey = await site.publicKey();
  for (const [hour, path] of paths.entries()) {
    const startUtcMs = START_UTC_MS + hour * HOUR_MS;
    const StartTimeUtc = new Date(startUtcMs).toISOString();
    const EndTimeUtc = new Date(startUtcMs + HOUR_MS).toISOString();
    const Name = `segment-${hour + 1}.mp4`;
    const { Uri, ResourceId } = await site.uploadAddress(evidenceId, { Name, StartTimeUtc, EndTimeUtc });
    const file = encryptGcm(await readFile(path), publicKey, REGION_BYTES);
    await new BlockBlobClient(Uri).uploadData(file.bytes, { metadata: file.metadata });
    await site.completeResource(evidenceId, ResourceId);
    checksums[ResourceId] = file.sha512;
  }
  return checksums;
}

/** @returns the longest that an answer took, milliseconds */
async function untilAvailable(site: TestSite, evidenceId: string): Promise<number> {
  let longestMs = 0;
  for (;;) {
    const askedMs = performance.now();
    const { LifecycleState, LifecycleDetail } = await site.readEvidence(evidenceId);
    longestMs = Math.max(longestMs, performance.now() - askedMs);
    if (LifecycleState === "Available") return longestMs;
    if (LifecycleState === "Failed") throw new Error(LifecycleDetail ?? "Consolidation failed.");
    await wait(POLL_MS);
  }
}

/** Linux counts a process's most memory anew from here on. */
async function forgetPeak(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/clear_refs`, "5");
}
