/** One evidence that the console's own pipeline sent to a service of its own, as a third party can get at it. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { ExportRequest } from "#shared/domain/export-request.ts";
import { resourceListSchema, type Resource } from "#shared/clearance-api/evidence.ts";
import { ClearanceDestination } from "#electron/adapters/clearance-client/clearance-destination.ts";
import { ClearanceHttp } from "#electron/adapters/clearance-client/clearance-http.ts";
import { AccessToken } from "#electron/adapters/clearance-client/access-token.ts";
import { parseConnectionFile } from "#electron/adapters/clearance-client/connection.ts";
import { SealedDeviceKey } from "#electron/adapters/device-key/device-key.ts";
import { retryingDestination } from "#electron/adapters/retry/retrying-ports.ts";
import { SqliteJournal } from "#electron/adapters/journal/sqlite-journal.ts";
import { SegmentWorker } from "#electron/adapters/segment-encryptor/segment-workers.ts";
import { SecretBox } from "#electron/adapters/site/secret-box.ts";
import { SettingsStore } from "#electron/adapters/site/settings-store.ts";
import { FolderSpool } from "#electron/adapters/spool/folder-spool.ts";
import { admitExport } from "#electron/export-pipeline/export-intake.ts";
import { ExportLedger } from "#electron/export-pipeline/export-ledger.ts";
import { ExportPipeline } from "#electron/export-pipeline/export-pipeline.ts";
import type { EvidenceDestination } from "#electron/export-pipeline/ports/evidence-destination.ts";
import type { FootageArchive } from "#electron/export-pipeline/ports/footage-archive.ts";
import { portSucceeded } from "#electron/export-pipeline/ports/port-call.ts";
import { TransferProgress } from "#electron/export-pipeline/transfer-progress.ts";
import { startEvidenceService } from "#evidence-service/evidence-service.ts";
import { giveRole } from "#evidence-service/test-console/test-site.ts";

const workerModule = new URL("../../electron/adapters/segment-encryptor/segment-worker.ts", import.meta.url);
const HOUR_MS = 3_600_000;
const END_UTC_MS = Date.UTC(2026, 10, 22, 12);
const RANGE = { startUtcMs: END_UTC_MS - 2 * HOUR_MS, endUtcMs: END_UTC_MS };
const VIDEO_US = 2_000_000;
const REFUSING_KEYRING = {
  isEncryptionAvailable: () => false,
  encryptString: () => Buffer.alloc(0),
  decryptString: () => "",
};

export interface SentEvidence {
  readonly keyId: string;
  /** What the archive gave for each segment. */
  readonly originals: readonly Buffer[];
  readonly resources: readonly Resource[];
  readonly lifecycle: string;
  /** The service's key file. */
  readonly keysFile: string;
  /** Bytes and headers of a file: `content` decrypted by the service, `encrypted` as stored. */
  download(resourceId: string, form: "content" | "encrypted"): Promise<Response>;
  close(): Promise<void>;
}

/** Sends two segments of one camera, encrypted with protocol 1.0. */
export async function sendEvidence(folder: string): Promise<SentEvidence> {
  const originals = [await makeVideo(folder, "testsrc2"), await makeVideo(folder, "mandelbrot")];
  const archive = await serveArchive(originals);
  const service = await startEvidenceService({ dir: join(folder, "service"), port: 0, logLevel: "error" });
  // Whoever checks evidence by hand reads it, which a console's account may not.
  await giveRole(join(folder, "service"), "integration");
  const connection = parseConnectionFile(await readFile(service.connectionFile, "utf8"));
  if (!connection.ok) throw new Error(connection.error.message);
  const worker = new SegmentWorker(workerModule);
  const settings = new SettingsStore(join(folder, "settings.sqlite"));
  const journal = new SqliteJournal(join(folder, "journal.sqlite"));
  await mkdir(join(folder, "spool"));
  const spool = new FolderSpool(
    () => ({ folder: join(folder, "spool"), quotaBytes: 1024 ** 3 }),
    worker,
    (_camera, range) => ({ baseUrl: `${archive.url}/${partOf(range.startUtcMs)}`, token: "t" }),
  );
  const http = new ClearanceHttp(connection.value);
  const destination = new ClearanceDestination(
    () => http,
    worker,
    (segmentId, folder) => spool.pathOf(segmentId, folder),
  );
  const deviceKey = new SealedDeviceKey(settings, new SecretBox(REFUSING_KEYRING, folder));
  const evidenceId = await send({ archive: archive.footage, spool, destination, journal, deviceKey });

  const base = `${connection.value.documents}/tenant/${connection.value.tenantId}/evidence/${evidenceId}`;
  const call = { signal: new AbortController().signal };
  const resources = await http.get(`${base}/resource`, resourceListSchema, call);
  if (!resources.ok) throw new Error(resources.error.message);
  const token = await new AccessToken(connection.value).get(call);
  if (!token.ok) throw new Error(token.error.message);
  const lifecycle = await destination.lifecycle(evidenceId, { ...call, reportWaiting: () => undefined });
  return {
    keyId: deviceKey.key().keyId,
    originals,
    resources: resources.value,
    lifecycle: lifecycle.ok ? lifecycle.value.kind : lifecycle.error.code,
    keysFile: join(folder, "service", "keys.json"),
    download: (resourceId, form) =>
      fetch(`${base}/resource/${resourceId}/${form}`, {
        headers: { authorization: `Bearer ${token.value}` },
      }),
    close: async () => {
      await worker.close();
      await service.close();
      archive.close();
      journal.close();
      settings.close();
    },
  };
}

interface Parts {
  readonly archive: FootageArchive;
  readonly spool: FolderSpool;
  readonly destination: ClearanceDestination;
  readonly journal: SqliteJournal;
  readonly deviceKey: SealedDeviceKey;
}

const clock = {
  now: Date.now,
  steadyNow: () => performance.now(),
  pause: (ms: number, signal: AbortSignal) =>
    sleep(Math.max(0, ms), undefined, { signal }).catch(() => undefined),
};

/** @returns the evidence's id */
async function send({ archive, spool, destination, journal, deviceKey }: Parts): Promise<string> {
  const call = { signal: AbortSignal.timeout(60_000), reportWaiting: () => undefined };
  const admitted = await admitExport(
    { request: REQUEST, createdBy: "operator", createdUtcMs: Date.now() },
    archive,
    call,
  );
  if (!admitted.ok) throw new Error(admitted.error.message);
  const { promise: ended, resolve, reject } = Promise.withResolvers<string>();
  const look = () => {
    const [status] = pipeline.statuses();
    const evidenceId = status?.cameraExports[0]?.evidenceId;
    if (status?.kind === "available" && typeof evidenceId === "string") resolve(evidenceId);
    if (status?.kind === "failed") reject(new Error(status.failure?.message));
  };
  const pipeline = new ExportPipeline(
    {
      archive,
      spool,
      destinationOf: () => ({
        ...retryingDestination(destination, clock),
        recipientKey: oldProtocol(destination),
      }),
      signer: {
        site: { name: "Café “Süd”", timeZone: "Europe/Berlin" },
        software: { name: "Evidence Desk", version: "0.1.0" },
        key: () => deviceKey.key(),
        sign: (text) => deviceKey.sign(text),
      },
      ledger: new ExportLedger(journal, () => setImmediate(look)),
      progress: new TransferProgress(() => undefined),
      ...clock,
    },
    reject,
  );
  await spool.sweep(new Set());
  // Makes its folder, as whoever asks for a turn to read does.
  await spool.space();
  pipeline.start(admitted.value);
  return await ended;
}

/** The service announces 2.0; a service that announces nothing is sent 1.0. */
function oldProtocol(destination: ClearanceDestination): EvidenceDestination["recipientKey"] {
  return async (call) => {
    const key = await destination.recipientKey(call);
    return key.ok ? portSucceeded({ ...key.value, protocol: "1.0" }) : key;
  };
}

const REQUEST: ExportRequest = {
  requestId: "export-1",
  cameraExports: [
    { cameraId: "gate", cameraName: 'Gate "A" / Süd', name: "", description: "", range: RANGE },
  ],
  caseAssociation: { kind: "none" },
};

async function makeVideo(folder: string, pattern: string): Promise<Buffer> {
  const path = join(folder, `${pattern}.mp4`);
  const picture = ["-f", "lavfi", "-i", `${pattern}=size=192x108:rate=25`, "-t", "2"];
  const coding = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-bf", "0"];
  await promisify(execFile)("ffmpeg", ["-v", "error", "-y", ...picture, ...coding, path]);
  const bytes = await readFile(path);
  await rm(path);
  return bytes;
}

/** An archive that holds the first two seconds of every part; its bytes are served over HTTP, as an archive's. */
async function serveArchive(videos: readonly Buffer[]) {
  const server = createServer((request, response) => {
    const video = videos[Number(request.url?.slice(1))] ?? Buffer.alloc(0);
    response.writeHead(200, { "content-length": video.length }).end(video);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const footage: FootageArchive = {
    planExport: (_camera, range) => {
      const firstFrameUtcUs = range.startUtcMs * 1000;
      const gaps = [{ startUtcMs: range.startUtcMs + 2_000, endUtcMs: range.endUtcMs }];
      return Promise.resolve(
        portSucceeded({
          lengthBytes: videos[partOf(range.startUtcMs)]?.length ?? 0,
          codec: "avc1",
          firstFrameUtcUs,
          lastFrameUtcUs: firstFrameUtcUs + VIDEO_US - 40_000,
          endUtcUs: firstFrameUtcUs + VIDEO_US,
          frameCount: 50,
          preRollFrameCount: 0,
          gaps,
          clock: {
            ...{ driftMs: 180, leastDriftMs: 120, mostDriftMs: 240 },
            ...{ firstArrivalUtcMs: range.startUtcMs + 180, lastArrivalUtcMs: range.startUtcMs + 2_180 },
          },
        }),
      );
    },
    cameraAreas: () => Promise.resolve(portSucceeded(new Map([["gate", "Außen"]]))),
    now: () => Promise.resolve(Date.now()),
    lock: () => Promise.resolve(portSucceeded(undefined)),
    unlock: () => Promise.resolve(portSucceeded(undefined)),
  };
  return { url: `http://127.0.0.1:${port}`, footage, close: () => server.close() };
}

function partOf(startUtcMs: number): number {
  return (startUtcMs - RANGE.startUtcMs) / HOUR_MS;
}
