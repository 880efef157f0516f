/** What stands behind the pipeline's ports: archive, spool and accounts, with the two threads that move bytes. */
import type { ExportAccount } from "#shared/domain/export-status.ts";
import { type ArchiveAddress, ArchiveClient } from "../adapters/archive-client/archive-client.ts";
import { ClearanceDestination } from "../adapters/clearance-client/clearance-destination.ts";
import { dropConnections } from "../adapters/connections.ts";
import { LineMeters } from "../adapters/line-rate/line-meters.ts";
import { LineRates } from "../adapters/line-rate/line-rates.ts";
import { measuringDestination } from "../adapters/line-rate/measuring-destination.ts";
import type { ProxyFor } from "../adapters/proxy/proxy-choice.ts";
import { SegmentWorker } from "../adapters/segment-encryptor/segment-workers.ts";
import { DestinationAccount } from "../adapters/site/destination-account.ts";
import { NetworkSettings } from "../adapters/site/network-settings.ts";
import type { SystemKeyring } from "../adapters/site/secret-box.ts";
import type { SettingsStore } from "../adapters/site/settings-store.ts";
import type { SiteFacts } from "../adapters/site/site-folder.ts";
import type { DiskPatience } from "../adapters/spool/disk-patience.ts";
import { FolderSpool, type SpoolSettings } from "../adapters/spool/folder-spool.ts";
import { trustAuthorities } from "../adapters/trust/trusted-authorities.ts";
import type { EvidenceDestination } from "../export-pipeline/ports/evidence-destination.ts";
import { authorityFileIn, openSettings, ownSpoolIn } from "./console-folder.ts";
import { UploadCap } from "./upload-cap.ts";

/** What differs from program to program. */
export interface AdaptersGiven {
  /** The console's own: settings and keys lie in it, and the spool where no other folder was chosen. */
  readonly folder: string;
  /** Facts of the site as they are now. */
  readonly site: () => Pick<SiteFacts, "name" | "timeZone">;
  readonly keyring: SystemKeyring;
  /** For calls and uploads to the evidence service, where no proxy is chosen in the settings. */
  readonly proxyFor: ProxyFor;
  /** Module of the threads that encrypt and send. */
  readonly workerModule: string | URL;
  /** Where the archive is now; null while that is not known. First asked when something is wanted of it. */
  readonly archiveAddress: () => ArchiveAddress | null;
  /** Who asks before the archive has started waits for this, where somebody starts it. */
  readonly archiveStarted?: (signal: AbortSignal) => Promise<void>;
  /** How long a spool disk may be silent, where that is not the usual time. */
  readonly diskPatience?: DiskPatience;
}

export type SendingAdapters = ReturnType<typeof sendingAdapters>;

export function sendingAdapters(given: AdaptersGiven) {
  const kept = openSettings(given.folder, given.keyring);
  const { settings, secrets } = kept;
  const workers = {
    read: new SegmentWorker(given.workerModule),
    send: new SegmentWorker(given.workerModule),
  };
  const bothWorkers = [workers.read, workers.send];
  const authorityFile = authorityFileIn(given.folder);
  const applyNetwork = () => {
    const pems = network.authorities.map(({ pem }) => pem);
    trustAuthorities(pems);
    for (const worker of bothWorkers) worker.setAuthorities(pems);
    account.reconnect();
  };
  const network = new NetworkSettings({
    settings,
    secrets,
    authorityFile,
    otherwise: given.proxyFor,
    onChange: applyNetwork,
  });
  const account = new DestinationAccount(settings, secrets, network.proxyFor);
  applyNetwork();
  const timeZone = () => given.site().timeZone;
  const uploadCap = new UploadCap({ settings, timeZone, worker: workers.send });
  const archive = new ArchiveClient(given.archiveAddress, given.archiveStarted);
  const spoolSettings = () => spoolSettingsOf(settings, ownSpoolIn(given.folder));
  const spool = new FolderSpool({
    settings: spoolSettings,
    worker: workers.read,
    exportUrl: (cameraId, range) => archive.exportUrl(cameraId, range),
    list: settings.spoolFolders,
    patience: given.diskPatience,
  });
  const lineRates = new LineRates(settings);
  const meters = new LineMeters(lineRates, () => uploadCap.now());
  const destinationOf = destinationsOf({ given, account, meters, spool, worker: workers.send });
  return {
    ...kept,
    ...{ network, authorityFile, account, workers, uploadCap, archive, spoolSettings, spool },
    ...{ lineRates, destinationOf },
    /** Connections are dead: what goes over them fails as transient, and others are opened. */
    reconnect: () => {
      dropConnections();
      for (const worker of bothWorkers) worker.dropConnections();
      account.reconnect();
      // Other hours of the schedule may have begun.
      uploadCap.apply();
    },
    stop: async () => {
      uploadCap.stop();
      await Promise.all(bothWorkers.map((worker) => worker.close()));
    },
  };
}

interface DestinationParts {
  readonly given: Pick<AdaptersGiven, "site">;
  readonly account: DestinationAccount;
  readonly meters: LineMeters;
  readonly spool: FolderSpool;
  readonly worker: SegmentWorker;
}

/** One try of each call, at the account that an export was made for; null for the one that is configured now. */
function destinationsOf({ given, account, meters, spool, worker }: DestinationParts) {
  return (made: ExportAccount | null): EvidenceDestination =>
    measuringDestination(
      new ClearanceDestination({
        account: () => account.of(made),
        worker,
        spoolPath: (fileId, folder) => spool.pathOf(fileId, folder),
        deviceName: given.site().name,
        whyAway: () => account.whyAway(made),
      }),
      meters.of(made?.accountId ?? account.identity()?.accountId ?? "none"),
    );
}

function spoolSettingsOf(settings: SettingsStore, ownFolder: string): SpoolSettings {
  const { spoolFolder, spoolQuotaBytes } = settings.destination();
  return {
    ...{ folder: spoolFolder ?? ownFolder, quotaBytes: spoolQuotaBytes },
    isChosen: spoolFolder !== null,
  };
}
