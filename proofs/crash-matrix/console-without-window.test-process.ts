/**
 * The console's parts put together as the main process does, without Electron: the real journal, spool,
 * workers, clients and retrying. Presses Finish once, unless the journal has the export already, and stays
 * until SIGTERM. SIGHUP is another network, SIGUSR2 presses Cancel, then Dismiss. Prints each new picture of the export's status, and each lock
 * freed, as a line of JSON.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ArchiveClient } from "#electron/adapters/archive-client/archive-client.ts";
import { ClearanceDestination } from "#electron/adapters/clearance-client/clearance-destination.ts";
import { ClearanceHttp } from "#electron/adapters/clearance-client/clearance-http.ts";
import { parseConnectionFile } from "#electron/adapters/clearance-client/connection.ts";
import { SealedDeviceKey } from "#electron/adapters/device-key/device-key.ts";
import { SqliteJournal } from "#electron/adapters/journal/sqlite-journal.ts";
import {
  retryingArchive,
  retryingDestination,
  retryingSpool,
} from "#electron/adapters/retry/retrying-ports.ts";
import { SegmentWorker } from "#electron/adapters/segment-encryptor/segment-workers.ts";
import { SecretBox } from "#electron/adapters/site/secret-box.ts";
import { SettingsStore } from "#electron/adapters/site/settings-store.ts";
import { FolderSpool } from "#electron/adapters/spool/folder-spool.ts";
import { beginAnew } from "#electron/begin-anew.ts";
import { signsNow, watchForWake } from "#electron/desktop-shell/wake-watch.ts";
import { admitExport } from "#electron/export-pipeline/export-intake.ts";
import { ExportLedger } from "#electron/export-pipeline/export-ledger.ts";
import { ExportPipeline } from "#electron/export-pipeline/export-pipeline.ts";
import { readInTurn } from "#electron/export-pipeline/limits/read-in-turn.ts";
import type { PortCall, PortOutcome } from "#electron/export-pipeline/ports/port-call.ts";
import { TransferProgress } from "#electron/export-pipeline/transfer-progress.ts";
import type { ExportStatus } from "#shared/domain/export-status.ts";
import type { ConsoleOrder } from "./console-process.ts";
import { withEffect } from "./effects.ts";
import { noKeyring } from "./no-keyring.ts";
import { watchFiles } from "./watched-files.ts";

/** Pauses of a minute, several in a row, would take longer than a test's patience; nobody asks for more than 3 s. */
const LONGEST_PAUSE_MS = 5_000;
const BANDWIDTH_LOOK_MS = 5_000;

watchFiles();
const order = JSON.parse(process.argv[2] ?? "") as ConsoleOrder;
mkdirSync(order.folder, { recursive: true });

const connection = parseConnectionFile(readFileSync(order.connectionFile, "utf8"));
if (!connection.ok) throw new Error(connection.error.message);
const opened = () => new ClearanceHttp(connection.value, async () => order.proxy);
let http = opened();
const settings = new SettingsStore(join(order.folder, "settings.sqlite"));
const deviceKey = new SealedDeviceKey(settings, new SecretBox(noKeyring, order.folder));
const clock = { now: Date.now, steadyNow: () => performance.now(), pause };
const workerModule = new URL("./watched-segment-worker.test-process.ts", import.meta.url);
const readWorker = new SegmentWorker(workerModule);
const sendWorker = new SegmentWorker(workerModule);
const archive = new ArchiveClient(() => order.archive);
const spool = new FolderSpool(
  () => ({ folder: join(order.folder, "spool"), quotaBytes: order.quotaBytes ?? 1_000_000_000 }),
  readWorker,
  (cameraId, range) => archive.exportUrl(cameraId, range),
);
const destination = new ClearanceDestination(
  () => http,
  sendWorker,
  (segmentId, folder) => spool.pathOf(segmentId, folder),
  "Console without a window",
);
const journal = new SqliteJournal(join(order.folder, "journal.sqlite"));
const patientArchive = retryingArchive(archive, clock);
const ledger = new ExportLedger(watched(journal), tell);
const progress = new TransferProgress(tell);
const pipeline = new ExportPipeline(
  {
    archive: { ...patientArchive, unlock },
    spool: retryingSpool(readInTurn(spool, { ledger, progress, ...clock }), clock),
    destinationOf: () => retryingDestination(destination, clock),
    signer: {
      site: { name: "Site of the crash matrix", timeZone: "Europe/Berlin" },
      software: { name: "Evidence Desk", version: "0.0.0" },
      key: () => deviceKey.key(),
      sign: (text) => deviceKey.sign(text),
    },
    ledger,
    progress,
    ...clock,
  },
  (error) => print({ bug: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
);

const startedUtcMs = Date.now();
const applyBandwidth = () => {
  const { bytesPerSecond, lastsMs } = order.cap ?? { bytesPerSecond: null, lastsMs: 0 };
  sendWorker.setBandwidthCap(Date.now() - startedUtcMs < lastsMs ? bytesPerSecond : null);
};
applyBandwidth();
setInterval(applyBandwidth, BANDWIDTH_LOOK_MS).unref();

/** Whoever runs this says by a signal that the machine is in another network. */
let network = 0;
process.on("SIGHUP", () => (network += 1));
const wakeWatch = watchForWake(
  (reason) => {
    print({ woke: reason });
    const reconnect = () => {
      http = opened();
    };
    beginAnew({ workers: [readWorker, sendWorker], reconnect, applyBandwidth, pipeline });
  },
  () => ({ ...signsNow(), network: `network ${network}` }),
);

let told = "";
/** A console with nothing to do stays all the same. */
const staying = setInterval(() => undefined, 60_000);
process.on("SIGTERM", () => void stop());
process.on("SIGUSR2", () => void cancelAndDismiss());
await pipeline.resume();
tell();
if (ledger.find(order.request.requestId) === undefined && order.pressesFinish !== false) await pressFinish();

async function pressFinish(): Promise<void> {
  const call = { signal: AbortSignal.timeout(60_000), reportWaiting: () => undefined };
  const { request, segmentMaxMs } = order;
  const admitted = await admitExport(
    { request, createdBy: "operator", createdUtcMs: Date.now(), segmentMaxMs },
    patientArchive,
    call,
  );
  if (admitted.ok) pipeline.start(admitted.value);
  else print({ refused: admitted.error.code });
}

async function cancelAndDismiss(): Promise<void> {
  const { requestId } = order.request;
  const outcomes = [await pipeline.cancel(requestId), await pipeline.dismiss(requestId)];
  for (const outcome of outcomes) if (!outcome.ok) print({ refused: outcome.error.code });
  print({ dismissed: requestId });
}

/** The last thing that is done for a camera; nothing shows it but this. */
async function unlock(lockId: string, call: PortCall): Promise<PortOutcome<void>> {
  const unlocked = await patientArchive.unlock(lockId, call);
  if (unlocked.ok) print({ unlocked: lockId });
  return unlocked;
}

async function stop(): Promise<void> {
  clearInterval(staying);
  wakeWatch.stop();
  await pipeline.stop();
  await Promise.all([readWorker.close(), sendWorker.close()]);
  journal.close();
  settings.close();
}

/** Every journal commit is an effect; reading the journal is none. */
function watched(target: SqliteJournal): SqliteJournal {
  return new Proxy(target, {
    get: (object, name) => {
      const member: unknown = Reflect.get(object, name);
      if (typeof member !== "function") return member;
      const call = (...inputs: unknown[]): unknown => Reflect.apply(member, object, inputs) as unknown;
      if (name === "load" || name === "owedLocks") return call;
      return (...inputs: unknown[]): unknown => withEffect(`journal.${String(name)}`, () => call(...inputs));
    },
  });
}

function tell(): void {
  const [status] = pipeline.statuses();
  if (status === undefined) return;
  const line = JSON.stringify({ status: pictureOf(status) });
  if (line === told) return;
  told = line;
  process.stdout.write(`${line}\n`);
}

function pictureOf(status: ExportStatus) {
  return {
    kind: status.kind,
    failure: status.failure?.code ?? null,
    message: status.failure?.message ?? null,
    cameraExports: status.cameraExports.map(({ cameraExportId, kind }) => ({ cameraExportId, kind })),
  };
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return;
  await sleep(Math.min(ms, order.longestPauseMs ?? LONGEST_PAUSE_MS), undefined, { signal }).catch(
    (error: unknown) => {
      if (!signal.aborted) throw error;
    },
  );
}
