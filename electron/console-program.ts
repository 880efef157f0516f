import { capAt } from "#shared/domain/bandwidth-schedule.ts";
import { estimateUpload } from "#shared/domain/upload-estimate.ts";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ExportAccount, isUnfinished, neededAccounts } from "#shared/domain/export-status.ts";
import { beginAnew } from "./begin-anew.ts";
import { ArchiveClient } from "./adapters/archive-client/archive-client.ts";
import { CaseDirectory } from "./adapters/clearance-client/case-directory.ts";
import { ClearanceDestination } from "./adapters/clearance-client/clearance-destination.ts";
import type { ProxyFor } from "./adapters/proxy/proxy-choice.ts";
import { SealedDeviceKey } from "./adapters/device-key/device-key.ts";
import { LineMeter } from "./adapters/line-rate/line-meter.ts";
import { LineRates } from "./adapters/line-rate/line-rates.ts";
import { measuringDestination } from "./adapters/line-rate/measuring-destination.ts";
import { SqliteJournal } from "./adapters/journal/sqlite-journal.ts";
import { retryingArchive, retryingDestination, retryingSpool } from "./adapters/retry/retrying-ports.ts";

import { SegmentWorker } from "./adapters/segment-encryptor/segment-workers.ts";
import { DestinationAccount } from "./adapters/site/destination-account.ts";
import { KnownArchives, OWN_ARCHIVE } from "./adapters/site/known-archives.ts";
import { NetworkSettings } from "./adapters/site/network-settings.ts";
import { SecretBox, type SystemKeyring } from "./adapters/site/secret-box.ts";
import { SiteArchives } from "./adapters/site/site-archives.ts";
import { SettingsStore } from "./adapters/site/settings-store.ts";
import type { SiteFolder } from "./adapters/site/site-folder.ts";
import {
  canChooseTrust,
  systemAuthorityCount,
  trustAuthorities,
} from "./adapters/trust/trusted-authorities.ts";
import { FolderSpool } from "./adapters/spool/folder-spool.ts";
import { ExportLedger } from "./export-pipeline/export-ledger.ts";
import { readInTurn } from "./export-pipeline/limits/read-in-turn.ts";
import { ExportPipeline } from "./export-pipeline/export-pipeline.ts";
import { ExportStatusFeed } from "./export-pipeline/export-status-feed.ts";
import type { ManifestSigner } from "./export-pipeline/ports/manifest-signer.ts";
import { ShownBytesFile } from "./adapters/shown-bytes/shown-bytes-file.ts";
import { TransferProgress } from "./export-pipeline/transfer-progress.ts";
import { EmbeddedArchive } from "./embedded-services/embedded-archive.ts";
import { EmbeddedEvidenceService } from "./embedded-services/embedded-evidence-service.ts";

/** A schedule's hours begin and end at most this late. */
const BANDWIDTH_LOOK_MS = 5_000;

export interface ConsoleProgramOptions {
  readonly site: SiteFolder;
  /** The folder of the built program. */
  readonly outFolder: string;
  readonly pageOrigins: readonly string[];
  readonly software: ManifestSigner["software"];
  readonly keyring: SystemKeyring;
  /** For calls and uploads to the evidence service. */
  readonly proxyFor: ProxyFor;
  readonly onStatusChange: () => void;
  readonly onBug: (error: unknown) => void;
  /** A line that an embedded service says at its terminal. */
  readonly onServiceOutput: (service: EmbeddedService, line: string) => void;
}

export type EmbeddedService = "archive" | "evidence-service";

/** Everything the console is made of besides its windows, put together. */
export type ConsoleProgram = ReturnType<typeof assembleConsole>;

export function assembleConsole(options: ConsoleProgramOptions) {
  const { site, outFolder } = options;
  const workerPath = join(outFolder, "main", "segment-worker.js");
  const settings = new SettingsStore(join(site.console, "settings.sqlite"));
  const secrets = new SecretBox(options.keyring, site.console);
  const authorityFile = join(site.console, "authorities.pem");
  const network = new NetworkSettings(settings, secrets, authorityFile, options.proxyFor, () =>
    applyNetwork(),
  );
  const account = new DestinationAccount(settings, secrets, network.proxyFor);
  const deviceKey = new SealedDeviceKey(settings, secrets);
  const embeddedArchive = new EmbeddedArchive({
    modulePath: join(outFolder, "main", "archive.js"),
    folder: site.archive,
    onOutput: (line) => options.onServiceOutput("archive", line),
    allowedOrigins: options.pageOrigins,
  });
  const evidenceService = new EmbeddedEvidenceService({
    modulePath: join(outFolder, "main", "evidence-service.js"),
    folder: site.evidenceService,
    onOutput: (line) => options.onServiceOutput("evidence-service", line),
    webAppFolder: join(outFolder, "web-app"),
    authorityFile,
    onConnection: (connection) => account.embeddedIsAt(connection),
  });

  const knownArchives = new KnownArchives(settings, secrets);
  const archiveAddress = () =>
    knownArchives.inUse === OWN_ARCHIVE
      ? embeddedArchive.address
      : knownArchives.accessOf(knownArchives.inUse);
  const archive = new ArchiveClient(archiveAddress);
  const readWorker = new SegmentWorker(workerPath);
  const sendWorker = new SegmentWorker(workerPath);
  const applyNetwork = () => {
    const pems = network.authorities.map(({ pem }) => pem);
    trustAuthorities(pems);
    for (const worker of [readWorker, sendWorker]) worker.setAuthorities(pems);
    account.reconnect();
  };
  applyNetwork();
  const capNow = () => capAt(settings.destination(), Date.now(), site.facts.timeZone);
  /** As of the last look: reading the settings for each status would cost more than the status. */
  let capInForce: number | null = null;
  const applyBandwidth = () => {
    capInForce = capNow();
    sendWorker.setBandwidthCap(capInForce);
  };
  applyBandwidth();
  const bandwidthClock = setInterval(applyBandwidth, BANDWIDTH_LOOK_MS);
  const ownSpoolFolder = join(site.console, "spool");
  const spoolSettings = () => {
    const { spoolFolder, spoolQuotaBytes } = settings.destination();
    const folder = spoolFolder ?? ownSpoolFolder;
    return { folder, quotaBytes: spoolQuotaBytes, isChosen: spoolFolder !== null };
  };
  const spool = new FolderSpool(
    spoolSettings,
    readWorker,
    (cameraId, range) => archive.exportUrl(cameraId, range),
    settings.spoolFolders,
  );
  const destinationOf = (made: ExportAccount | null) =>
    new ClearanceDestination(
      () => account.of(made),
      sendWorker,
      (segmentId, folder) => spool.pathOf(segmentId, folder),
      site.facts.name,
      () => account.whyAway(made),
    );

  const lineRates = new LineRates(settings);
  const meters = new Map<string, LineMeter>();
  const meterOf = (made: ExportAccount | null) => {
    const accountId = made?.accountId ?? account.identity()?.accountId ?? "none";
    const meter =
      meters.get(accountId) ??
      new LineMeter((sample) => lineRates.add(accountId, sample, capNow(), Date.now()));
    meters.set(accountId, meter);
    return meter;
  };

  const journal = new SqliteJournal(join(site.console, "journal.sqlite"));
  const clock = { now: Date.now, steadyNow: () => performance.now(), pause };
  const changed = (id: string) => {
    feed.mark(id);
    options.onStatusChange();
  };
  const ledger = new ExportLedger(journal, changed);
  const marks = new ShownBytesFile(join(site.console, "shown-bytes.json"), changed);
  marks.keepOnly(new Set(ledger.segmentIds()));
  const progress = new TransferProgress(changed, clock.steadyNow, () => capInForce, marks);
  const feed = new ExportStatusFeed(ledger, progress);
  const pipeline = new ExportPipeline(
    {
      archive: retryingArchive(archive, clock),
      spool: retryingSpool(readInTurn(spool, { ledger, progress, ...clock }), clock),
      destinationOf: (made) =>
        retryingDestination(measuringDestination(destinationOf(made), meterOf(made)), clock),
      signer: {
        site: {
          name: site.facts.name,
          get timeZone() {
            return site.facts.timeZone;
          },
        },
        software: options.software,
        key: () => deviceKey.key(),
        sign: (text) => deviceKey.sign(text),
      },
      ledger,
      progress,
      ...clock,
    },
    options.onBug,
  );

  const estimate = (evidenceBytes: readonly number[]) => {
    const rate = lineRates.of(account.identity()?.accountId ?? "none");
    const pace = {
      lineBytesPerSecond: rate?.bytesPerSecond ?? null,
      measuredUtcMs: rate?.measuredUtcMs ?? null,
      isHeld: rate?.isHeld ?? false,
      limits: settings.destination(),
      timeZone: site.facts.timeZone,
    };
    const queuedBytes = pipeline.bytesToSend(account.identity());
    return estimateUpload({ evidenceBytes, queuedBytes }, pace, Date.now());
  };

  return {
    settings,
    secrets,
    network,
    trust: { canChooseTrust: canChooseTrust(), systemAuthorities: systemAuthorityCount },
    account,
    archive,
    archiveAddress,
    /** The archive in use, once its address is known. */
    archiveReady: async () => archiveAddress() ?? (await embeddedArchive.firstReady()),
    archives: new SiteArchives({
      known: knownArchives,
      ownFolder: site.archive,
      ownAddress: () => embeddedArchive.address,
      pageOrigin: options.pageOrigins.at(-1) ?? "",
      hasUnfinishedExports: () => feed.snapshot().exports.some(isUnfinished),
      onChange: () => archive.startAnew(),
    }),
    cases: new CaseDirectory(() => account.current()),
    pipeline,
    estimate,
    feed,
    forgetUnusedAccounts: (exports = feed.snapshot().exports) => account.keepOnly(neededAccounts(exports)),
    spool,
    spoolSettings,
    ownSpoolFolder,
    occupiedFolders: [
      { owner: "the archive of this console", path: site.archive },
      { owner: "the evidence service of this console", path: site.evidenceService },
    ],
    applyBandwidth,
    /** After sleep, or in another network: connections are dead, pauses are over, and what they stood for has changed. */
    beginAnew: () =>
      beginAnew({
        workers: [readWorker, sendWorker],
        reconnect: () => account.reconnect(),
        applyBandwidth,
        pipeline,
      }),
    startServices: () => {
      embeddedArchive.start();
      evidenceService.start();
    },
    stop: async () => {
      clearInterval(bandwidthClock);
      await pipeline.stop();
      await Promise.all([
        readWorker.close(),
        sendWorker.close(),
        embeddedArchive.stop(),
        evidenceService.stop(),
      ]);
      journal.close();
      settings.close();
    },
  };
}

/** Resolves after the time, or at once when the signal aborts or the time is not positive. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return;
  await sleep(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
