import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TOKEN_VARIABLE } from "#archive/command-line.ts";
import { ClearanceHttp } from "#electron/adapters/clearance-client/clearance-http.ts";
import { clearancePaths } from "#electron/adapters/clearance-client/clearance-paths.ts";
import { parseConnectionFile } from "#electron/adapters/clearance-client/connection.ts";
import { createdResourceSchema, evidenceSchema } from "#shared/clearance-api/evidence.ts";
import { BUILT, buildPrograms, SERVICE_OPTIONS } from "../built-programs.ts";
import type { ConsoleAnswer, ConsoleSetup, ConsoleTask } from "./console-messages.ts";
import { makeFootage } from "./footage.ts";
import { type MeasuredProcess, startProcess } from "./measured-process.ts";
import { occupyMemory } from "./occupied-memory.ts";

const ARCHIVE_TOKEN = "token-of-the-bench";

/** Archive, evidence service, console and the plain receiver, each a process of its own, in a folder of their own. */
export interface BenchSite {
  readonly folder: string;
  readonly footageEndUtcMs: number;
  readonly archive: MeasuredProcess;
  readonly service: MeasuredProcess;
  readonly console: MeasuredProcess;
  readonly receiver: MeasuredProcess;
  ask(task: ConsoleTask): Promise<Extract<ConsoleAnswer, { ok: true }>>;
  exportUrl(cameraId: string, startUtcMs: number, endUtcMs: number): string;
  readonly archiveToken: string;
  stop(): Promise<void>;
}

/**
 * @param neededBytes on the disk, for what is kept until the end: footage, and what each round stores
 * @throws where there is less, as the console would wait for room
 */
export async function openBenchSite(neededBytes: number): Promise<BenchSite> {
  const { bavail, bsize } = await statfs(tmpdir());
  if (bavail * bsize < neededBytes) {
    throw new Error(`${tmpdir()} has less than ${Math.ceil(neededBytes / 1e9)} GB free.`);
  }
  const folder = await mkdtemp(join(tmpdir(), "evidence-desk-bench-"));
  const inFolder = (name: string) => join(folder, name);
  const receivedFolder = inFolder("received");
  await mkdir(receivedFolder);
  process.stderr.write("Memory and footage are made ready; this takes a minute.\n");
  await occupyMemory(folder);
  const footageEndUtcMs = await makeFootage(inFolder("archive"));
  const programs = await buildPrograms({
    console: "proofs/benchmarks/pipeline/console-process.ts",
    "segment-worker": "electron/adapters/segment-encryptor/segment-worker.ts",
    receiver: "proofs/benchmarks/pipeline/plain-receiver.ts",
  });
  const words = (name: string) => ["--dir", inFolder(name), "--exit-with-parent"];
  const archive = await startProcess("archive", BUILT.archive, words("archive"), {
    ...SERVICE_OPTIONS,
    env: { ...SERVICE_OPTIONS.env, [TOKEN_VARIABLE]: ARCHIVE_TOKEN },
  });
  const service = await startProcess(
    "evidence service",
    BUILT.evidenceService,
    words("service"),
    SERVICE_OPTIONS,
  );
  const receiver = await startProcess("plain receiver", programs.receiver, [receivedFolder]);
  const archiveUrl = archive.ready["listening"] ?? "";
  const connectionFile = service.ready["connectionFile"] ?? "";
  const setup: ConsoleSetup = {
    ...{ folder, archiveUrl, archiveToken: ARCHIVE_TOKEN, connectionFile },
    workerPath: programs["segment-worker"],
  };
  const bench = await startProcess("console", programs.console, [JSON.stringify(setup)], {
    env: { MALLOC_ARENA_MAX: "1" }, // As `npm start` runs it in Chromium; Electron's allocator has no such arenas.
  });
  const all = [archive, service, receiver, bench];
  return {
    ...{ folder, footageEndUtcMs, archive, service, console: bench, receiver },
    archiveToken: ARCHIVE_TOKEN,
    ask: (task) => ask(bench, task),
    exportUrl: (cameraId, from, to) => `${archiveUrl}/cameras/${cameraId}/export.mp4?from=${from}&to=${to}`,
    stop: async () => {
      await Promise.all(all.map((one) => one.stop()));
      await rm(folder, { recursive: true });
    },
  };
}

async function ask(
  { child }: MeasuredProcess,
  task: ConsoleTask,
): Promise<Extract<ConsoleAnswer, { ok: true }>> {
  const { promise, resolve, reject } = Promise.withResolvers<ConsoleAnswer>();
  const ended = () => reject(new Error("The console's process ended."));
  child.once("message", resolve).once("exit", ended);
  child.send(task);
  const answer = await promise.finally(() => child.off("exit", ended));
  if (!answer.ok) throw new Error(`The console could not ${task.kind}: ${answer.reason}`);
  return answer;
}

/** A fresh upload address of the evidence service. */
export async function uploadAddress(site: BenchSite): Promise<string> {
  const parsed = parseConnectionFile(readFileSync(site.service.ready["connectionFile"] ?? "", "utf8"));
  if (!parsed.ok) throw new Error(parsed.error.message);
  const [http, paths] = [new ClearanceHttp(parsed.value), clearancePaths(parsed.value)];
  const call = { signal: new AbortController().signal };
  const times = { StartTimeUtc: "2026-01-01T00:00:00.000Z", EndTimeUtc: "2026-01-01T01:00:00.000Z" };
  const device = { DeviceType: "Camera", ExternalId: "bench", Manufacturer: "", SerialNumber: "", Model: "" };
  const about = { ExternalId: randomUUID(), Name: "Bench", ...times };
  const body = { ...about, Description: "", CaseId: null, Device: device };
  const evidence = await http.post({ url: paths.createEvidence, body, schema: evidenceSchema }, call);
  if (!evidence.ok) throw new Error(evidence.error.message);
  const url = paths.resources(evidence.value.EvidenceId);
  const resource = { ...about, MimeType: "video/mp4" };
  const place = await http.post({ url, body: resource, schema: createdResourceSchema }, call);
  if (!place.ok) throw new Error(place.error.message);
  return place.value.Uri;
}
