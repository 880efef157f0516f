import { join } from "node:path";
import { type ExportAccount, isUnfinished, neededAccounts } from "#shared/domain/export-status.ts";
import { estimateUpload } from "#shared/domain/upload-estimate.ts";
import { AccountCases } from "./adapters/clearance-client/account-cases.ts";
import type { ProxyFor } from "./adapters/proxy/proxy-choice.ts";
import { KnownArchives, OWN_ARCHIVE } from "./adapters/site/known-archives.ts";
import type { SystemKeyring } from "./adapters/site/secret-box.ts";
import { SiteArchives } from "./adapters/site/site-archives.ts";
import type { SiteFolder } from "./adapters/site/site-folder.ts";
import { canChooseTrust, systemAuthorityCount } from "./adapters/trust/trusted-authorities.ts";
import { EmbeddedArchive, type EmbeddedArchiveOptions } from "./embedded-services/embedded-archive.ts";
import { EmbeddedEvidenceService } from "./embedded-services/embedded-evidence-service.ts";
import type { ManifestSigner } from "./export-pipeline/ports/manifest-signer.ts";
import { authorityFileIn, ownSpoolIn } from "./sending-parts/console-folder.ts";
import { type SendingParts, sendingParts } from "./sending-parts/sending-parts.ts";

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
  /** The archive in use is lost, or back with another token; where it is moved it is at another origin. */
  readonly onArchiveAccessChange: EmbeddedArchiveOptions["onAccessChange"];
  /** A line that an embedded service says at its terminal. */
  readonly onServiceOutput: (service: EmbeddedService, line: string) => void;
}

export type EmbeddedService = "archive" | "evidence-service";

/** Everything the console is made of besides its windows, put together. */
export type ConsoleProgram = ReturnType<typeof assembleConsole>;

export function assembleConsole(options: ConsoleProgramOptions) {
  const { site } = options;
  const sending: SendingParts = sendingParts({
    ...options,
    folder: site.console,
    site: () => site.facts,
    workerModule: join(options.outFolder, "main", "segment-worker.js"),
    archiveAddress: () => archiveAddress(),
    archiveStarted: async (signal) => {
      if (isOwnInUse()) await services.archive.firstStart(signal);
    },
    onChange: options.onStatusChange,
  });
  const { account, archive, feed } = sending;
  const knownArchives = new KnownArchives(sending.settings, sending.secrets);
  const isOwnInUse = () => knownArchives.inUse === OWN_ARCHIVE;
  const services = embeddedServices(options, account, (change) => {
    if (isOwnInUse()) options.onArchiveAccessChange(change);
  });
  const addedAddress = () => knownArchives.accessOf(knownArchives.inUse);
  const archiveAddress = () => (isOwnInUse() ? services.archive.address : addedAddress());
  const stopping = new AbortController();

  return {
    ...sending,
    trust: { canChooseTrust: canChooseTrust(), systemAuthorities: systemAuthorityCount },
    archiveAddress,
    /** Of the archive in use, also before it answers; null where it is not known. */
    archiveOrigin: () => (isOwnInUse() ? services.archive.origin : (addedAddress()?.baseUrl ?? null)),
    archives: new SiteArchives({
      known: knownArchives,
      ownFolder: site.archive,
      ownAddress: () => services.archive.address,
      pageOrigin: options.pageOrigins.at(-1) ?? "",
      hasUnfinishedExports: () => feed.snapshot().exports.some(isUnfinished),
      onChange: () => archive.startAnew(),
    }),
    cases: new AccountCases(() => account.current()),
    estimate: (evidenceBytes: readonly number[]) => estimateOf(evidenceBytes, sending, site.facts.timeZone),
    forgetUnusedAccounts: (exports = feed.snapshot().exports) => account.keepOnly(neededAccounts(exports)),
    ownSpoolFolder: ownSpoolIn(site.console),
    occupiedFolders: [
      { owner: "the archive of this console", path: site.archive },
      { owner: "the evidence service of this console", path: site.evidenceService },
    ],
    applyBandwidth: () => sending.uploadCap.apply(),
    /** Pictures first: the evidence service starts once the archive has. */
    startServices: async () => {
      await services.archive.start();
      void services.archive.firstStart(stopping.signal).then(() => {
        if (!stopping.signal.aborted) services.evidence.start();
      });
    },
    stop: async () => {
      stopping.abort();
      await sending.stop();
      await Promise.all([services.archive.stop(), services.evidence.stop()]);
      sending.close();
    },
  };
}

/** Both as processes of their own; the evidence service tells the account where it is. */
function embeddedServices(
  { site, outFolder, pageOrigins, onServiceOutput }: ConsoleProgramOptions,
  account: SendingParts["account"],
  onAccessChange: EmbeddedArchiveOptions["onAccessChange"],
) {
  const archive = new EmbeddedArchive({
    modulePath: join(outFolder, "main", "archive.js"),
    folder: site.archive,
    onOutput: (line) => onServiceOutput("archive", line),
    allowedOrigins: pageOrigins,
    onAccessChange,
  });
  const evidence = new EmbeddedEvidenceService({
    modulePath: join(outFolder, "main", "evidence-service.js"),
    folder: site.evidenceService,
    onOutput: (line) => onServiceOutput("evidence-service", line),
    webAppFolder: join(outFolder, "web-app"),
    authorityFile: authorityFileIn(site.console),
    onConnection: (connection) => account.embeddedIsAt(connection),
  });
  return { archive, evidence };
}

function estimateOf(
  evidenceBytes: readonly number[],
  { lineRates, account, settings, pipeline }: SendingParts,
  timeZone: string,
) {
  const to: ExportAccount | null = account.identity();
  const rate = lineRates.of(to?.accountId ?? "none");
  const pace = {
    lineBytesPerSecond: rate?.bytesPerSecond ?? null,
    measuredUtcMs: rate?.measuredUtcMs ?? null,
    isHeld: rate?.isHeld ?? false,
    limits: settings.destination(),
    timeZone,
  };
  return estimateUpload({ evidenceBytes, queuedBytes: pipeline.bytesToSend(to) }, pace, Date.now());
}
