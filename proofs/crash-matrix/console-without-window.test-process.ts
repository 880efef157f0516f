/**
 * The console's parts put together by what the main process does it with, without Electron: the real journal, spool,
 * workers, clients and retrying. Presses Finish once, unless the journal has the export already, and stays until
 * SIGTERM. SIGHUP is another network, SIGUSR2 presses Cancel, then Dismiss. Prints each new picture of the export's
 * status, and each lock freed, as a line of JSON.
 */
import { mkdirSync } from "node:fs";
import { signsNow, watchForWake } from "#electron/desktop-shell/wake-watch.ts";
import { admitExport } from "#electron/export-pipeline/export-intake.ts";
import type { ExportJournal } from "#electron/export-pipeline/ports/export-journal.ts";
import type { FootageArchive } from "#electron/export-pipeline/ports/footage-archive.ts";
import { sendingParts } from "#electron/sending-parts/sending-parts.ts";
import { systemClock } from "#electron/sending-parts/system-clock.ts";
import { connect } from "#proofs/console-parts/connect.ts";
import { givenForProof } from "#proofs/console-parts/given-for-proof.ts";
import { portWith } from "#proofs/console-parts/port-with.ts";
import type { ExportStatus } from "#shared/domain/export-status.ts";
import type { ConsoleOrder } from "./console-process.ts";
import { withEffect } from "./effects.ts";
import { watchFiles } from "./watched-files.ts";

/** Pauses of a minute, several in a row, would take longer than a test's patience; nobody asks for more than 3 s. */
const LONGEST_PAUSE_MS = 5_000;
const LOOK_EVERY_MS = 5_000;

watchFiles();
const order = JSON.parse(process.argv[2] ?? "") as ConsoleOrder;
mkdirSync(order.folder, { recursive: true });

const parts = sendingParts({
  ...givenForProof(order.folder),
  proxyFor: async () => order.proxy,
  workerModule: new URL("./watched-segment-worker.test-process.ts", import.meta.url),
  archiveAddress: () => order.archive,
  clock: {
    ...systemClock,
    pause: (ms, signal) => systemClock.pause(Math.min(ms, order.longestPauseMs ?? LONGEST_PAUSE_MS), signal),
  },
  journalSeenBy: watched,
  portsSeenBy: (ports) => ({ ...ports, archive: tellingUnlocked(ports.archive) }),
  onChange: tell,
  onBug: (error) => print({ bug: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
});
connect(parts.account, order.connectionFile);

/** The settings are saved as an administrator saves them, at the start and when the cap's time is over. */
const startedUtcMs = Date.now();
const heedOrder = () => {
  const { bytesPerSecond, lastsMs } = order.cap ?? { bytesPerSecond: null, lastsMs: 0 };
  const bandwidthCapBytesPerSecond = Date.now() - startedUtcMs < lastsMs ? bytesPerSecond : null;
  const spoolQuotaBytes = order.quotaBytes ?? 1_000_000_000;
  const settings = parts.settings.destination();
  parts.settings.saveDestination({ ...settings, spoolQuotaBytes, bandwidthCapBytesPerSecond });
  parts.uploadCap.apply();
};
heedOrder();
if (order.cap !== undefined) setInterval(heedOrder, LOOK_EVERY_MS).unref();

/** Whoever runs this says by a signal that the machine is in another network. */
let network = 0;
process.on("SIGHUP", () => (network += 1));
const wakeWatch = watchForWake(
  (reason) => {
    print({ woke: reason });
    heedOrder();
    parts.resumeAfterWake();
  },
  () => ({ ...signsNow(), network: `network ${network}` }),
);

let told = "";
/** A console with nothing to do stays all the same. */
const staying = setInterval(() => undefined, 60_000);
process.on("SIGTERM", () => void stop());
process.on("SIGUSR2", () => void cancelAndDismiss());
await parts.pipeline.resume(parts.account.identity());
tell();
if (parts.ledger.find(order.request.requestId) === undefined && order.pressesFinish !== false)
  await pressFinish();

async function pressFinish(): Promise<void> {
  const call = { signal: AbortSignal.timeout(60_000), reportWaiting: () => undefined };
  const { request, segmentMaxMs } = order;
  const admitted = await admitExport(
    { request, createdBy: "operator", createdUtcMs: Date.now(), segmentMaxMs },
    parts.ports.archive,
    call,
  );
  if (!admitted.ok) return print({ refused: admitted.error.code });
  const { record, cameraExports } = admitted.value;
  parts.pipeline.start({ cameraExports, record: { ...record, account: parts.account.identity() } });
}

async function cancelAndDismiss(): Promise<void> {
  const { requestId } = order.request;
  const outcomes = [await parts.pipeline.cancel(requestId), await parts.pipeline.dismiss(requestId)];
  for (const outcome of outcomes) if (!outcome.ok) print({ refused: outcome.error.code });
  print({ dismissed: requestId });
}

/** The last thing that is done for a camera; nothing shows it but this. */
function tellingUnlocked(archive: FootageArchive): FootageArchive {
  return portWith(archive, {
    unlock: async (lockId, call) => {
      const unlocked = await archive.unlock(lockId, call);
      if (unlocked.ok) print({ unlocked: lockId });
      return unlocked;
    },
  });
}

async function stop(): Promise<void> {
  clearInterval(staying);
  wakeWatch.stop();
  await parts.stop();
  parts.close();
}

/** Every journal commit is an effect; reading the journal is none. */
function watched(target: ExportJournal): ExportJournal {
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
  const [status] = parts.pipeline.statuses();
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
