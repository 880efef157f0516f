/** Composition root of the evidence service: builds the adapters and puts the parts together. */
import { mkdir } from "node:fs/promises";
import { uptime } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { registerCaseRoutes } from "./api/case-routes.ts";
import { registerEvidenceRoutes } from "./api/evidence-routes.ts";
import { createHttpApplication } from "./http/http-application.ts";
import { closedGate, type DeclaredRoute } from "./http/access.ts";
import { doorkeeperOf } from "./doorkeeper.ts";
import { JsonApi } from "./http/json-api.ts";
import { openApiDocument } from "./http/openapi.ts";
import { appendAudit } from "./audit/audit-chain.ts";
import { type AuditHead, AuditHeads } from "./audit/audit-heads.ts";
import { indexWhatIsLeft } from "./audit/index-job.ts";
import { machineReads } from "./audit/machine-reads.ts";
import { AbandonedEvidence } from "./api/purge.ts";
import { SenderPriority } from "./http/sender-priority.ts";
import { StoredChecksums } from "./api/stored-checksums.ts";
import { registerRestorationRoute } from "./api/restoration-route.ts";
import { registerTokenRoutes } from "./api/token-routes.ts";
import { UsedAssertions } from "./api/used-assertions.ts";
import { refuseEarlierMetadata } from "./backup/refuse-earlier-metadata.ts";
import { TrailWatch } from "./backup/watch-trail.ts";
import { type OpenedBlobs, openBlobs } from "./blobs/place/blob-place.ts";
import { blobPaths } from "./blobs/blob-openapi.ts";
import { type AddressUse, registerBlockBlobRoutes } from "./blobs/block-blob-routes.ts";
import { writeConnectionFile } from "./site/connection-file.ts";
import type { JobQueue } from "./jobs/job-queue.ts";
import { jobsIn } from "./jobs/jobs-in.ts";
import { KeyUse } from "./keys/key-use.ts";
import { rewrapWhatIsLeft } from "./keys/rewrap-job.ts";
import { ConsolidatedVideos } from "./consolidation/consolidated-videos.ts";
import { type SharedViewings, Viewings } from "./consolidation/viewings.ts";
import { ViewingsInPostgres } from "./consolidation/viewings-in-postgres.ts";
import type { WatchedSpans } from "./consolidation/watched-parts.ts";
import { registerHistoryRoutes } from "./history/history-routes.ts";
import { registerMediaRoutes } from "./consolidation/media-routes.ts";
import { hasOthers } from "./site/metadata-place.ts";
import { WayBack } from "./site/way-back.ts";
import { readFileSettings } from "./site/service-file-settings.ts";
import { DEFAULT_SETTINGS, type ServiceContext, type ServiceSettings } from "./context/service-context.ts";
import { type OperationParts, registerOperationRoutes } from "./operation/operation-routes.ts";
import { canBeWorkedWith, DatabaseLook } from "./operation/database-look.ts";
import { describeInstallation } from "./operation/installation.ts";
import { Outages } from "./operation/outages.ts";
import { ServiceMetrics } from "./operation/service-metrics.ts";
import { ServiceWarnings } from "./operation/service-warnings.ts";
import { StoreLook } from "./operation/store-look.ts";
import type { Mail } from "./mail/mail.ts";
import { openMail } from "./mail/mail-server.ts";
import { registerAccountRoutes } from "./accounts/account-routes.ts";
import { registerPeopleRoutes } from "./people/people-routes.ts";
import { MAIL_FILE, openSiteFolder, SETTINGS_FILE, type SiteFolder } from "./site/site-folder.ts";
import { listen, listensAt } from "./listening.ts";
import { isAway } from "./storage/blob-store.ts";
import { Checkpoints } from "./storage/checkpoints.ts";
import { DiskReserve } from "./storage/disk-reserve.ts";
import { lockService, type ServiceLocks } from "./site/service-locks.ts";
import { searchIn } from "./search/search.ts";
import { trailMarkOf } from "./storage/trail-mark.ts";
import { onStableStorage } from "./storage/sqlite-metadata.ts";
import { registerDeviceKeyRoutes } from "./verification/device-keys.ts";
import { registerEverythingRoutes } from "./verification/everything-routes.ts";
import { careOfBucket } from "./care-of-bucket.ts";
import { kindsOfJobs } from "./kinds-of-jobs.ts";
import { keepRetention, RetentionWatch } from "./retention/keep-retention.ts";
import { RetentionClock } from "./retention/retention-clock.ts";
import { registerRetentionRoutes } from "./retention/retention-routes.ts";
import { startUpkeep } from "./upkeep.ts";
import { warningSources } from "./warning-sources.ts";
import { whatIsSeen } from "./what-is-seen.ts";
import { limitersIn } from "./web/sign-in-counts.ts";
import { SignIns } from "./web/sign-ins.ts";
import { registerWebApplication } from "./web/web-application.ts";
import { mayUseFile } from "./rights/may-use-file.ts";
import { registerCatalogueRoutes } from "./catalogue/catalogue-routes.ts";
import { registerAccessRoutes } from "./rights/access-routes.ts";
import { registerWebRoutes } from "./web/web-routes.ts";

/** A balancer asks every few seconds whom it may send to. */
const ANNOUNCE_MS = 5_000;

export interface EvidenceServiceOptions {
  /** Where everything is kept. */
  readonly dir: string;
  /** 0: the port last used here if it is free, else any. */
  readonly port: number;
  /** How others reach it, where something in front of it ends TLS; default what its settings say, else where it listens. */
  readonly publicUrl?: string | undefined;
  /** PEM of authorities that are trusted beside the system's, where the files lie in Azure. */
  readonly authorityFile?: string | undefined;
  /** Folder of the built web application. */
  readonly webAppFolder?: string | undefined;
  /** Milliseconds UTC; the system's clock unless a test says otherwise. */
  readonly now?: () => number;
  /** Milliseconds that nobody can set; the system's unless a test says otherwise. */
  readonly passedMs?: () => number;
  readonly settings?: Partial<ServiceSettings>;
  /** Free bytes of the disk; the system's answer unless a test says otherwise. */
  readonly diskFreeBytes?: () => Promise<number>;
  /** Told when another service took the place of the metadata: this one must end. */
  readonly displaced?: () => void;
  /** How it ends, unless as it is by itself. */
  readonly ending?: { readonly graceMs?: number; readonly announceMs?: number };
  /** Fastify's level; "warn" unless given. */
  readonly logLevel?: string;
}

export interface EvidenceService {
  /** Where others reach it, without a slash at the end. */
  readonly url: string;
  /** Where it listens itself: the same, unless something stands in front of it. */
  readonly listensAt: string;
  readonly connectionFile: string;
  /** Every route with what it asks of its caller. */
  readonly routes: readonly DeclaredRoute[];
  /** Purges what nobody completes; runs by itself every minute. */
  readonly purge: () => Promise<string[]>;
  /** Lets evidence go as its retention says; runs by itself every hour. */
  readonly keepRetention: () => Promise<void>;
  /** Forgets used assertions that can be good no more; runs by itself every minute. */
  readonly forgetAssertions: () => Promise<void>;
  /** Takes a new key into use where all services hold it; runs by itself every five seconds. */
  readonly lookAtKeys: () => Promise<void>;
  /** Signs the audit trail's head; runs by itself every hour and at the stop. */
  readonly signAuditHead: () => Promise<AuditHead | null>;
  readonly close: () => Promise<void>;
}

/**
 * Starts a service and waits until it answers.
 * @throws Error when the port is taken or the folder cannot be used
 * @throws StartRefusal when another service has the folder, its settings are wrong, or the blobs are not where they say
 */
export async function startEvidenceService(options: EvidenceServiceOptions): Promise<EvidenceService> {
  await mkdir(options.dir, { recursive: true, mode: 0o700 });
  const locks = await lockService(options.dir, options.displaced ?? (() => undefined));
  try {
    return await startInFolder(options, locks);
  } catch (error) {
    await locks.release();
    throw error;
  }
}

async function startInFolder(options: EvidenceServiceOptions, locks: ServiceLocks): Promise<EvidenceService> {
  const { publicUrl, otherUrls } = await readFileSettings(
    join(options.dir, SETTINGS_FILE),
    options.publicUrl,
  );
  const report = {
    lost: (message: string): void => void message,
    line: (message: string): void => void message,
    error: (error: unknown, message: string): void => void [error, message],
  };
  const mail = await openMail(join(options.dir, MAIL_FILE), (...what) => report.error(...what));
  const site = await openSiteFolder(options.dir, { report: (message) => report.lost(message) });
  const address = { url: "", otherUrls };
  const settings = { ...DEFAULT_SETTINGS, ...options.settings };
  const reserve = new DiskReserve({
    ...{ dir: options.dir, freeBytes: options.diskFreeBytes, report: (message) => report.line(message) },
    ...{ reserveBytes: settings.diskReserveBytes, ballastBytes: settings.diskBallastBytes },
  });
  const surroundings = {
    ...{ url: () => address.url, authorityFile: options.authorityFile, room: reserve },
    ...{ now: options.now ?? Date.now, report: (...what: [unknown, string]) => report.error(...what) },
  };
  const blobs = await refuseEarlierMetadata(options.dir, site)
    .then(() => openBlobs(site, surroundings))
    .catch(async (error: unknown) => {
      await site.db.destroy();
      throw error;
    });
  const gate = closedGate();
  const app = await createHttpApplication(options.logLevel ?? "warn", {
    gate: { ownUrls: () => [address.url, ...otherUrls], doorkeeper: gate.doorkeeper },
    trustsProxy: publicUrl !== undefined || otherUrls.length > 0,
    graceMs: options.ending?.graceMs,
    onDiskFull: () =>
      void reserve.giveUp().catch((error: unknown) => app.log.error(error, "the reserve stays")),
    onAway: (error) => report.error(error, "a request failed"),
  });
  const engine = site.metadataPlace.kind;
  const outage = new Outages({ log: app.log, db: site.db, engine, store: blobs.store });
  report.lost = (message) => outage.lost(message);
  report.line = (message) => app.log.warn(message);
  report.error = (error, message) => outage.error(error, message);
  const parts = { site, blobs, app, options, settings, mail, address, reserve, locks, report };
  const assembled = await assemble(parts);
  const { context, jobs, kinds, usedAssertions, signIns, search, warnings, keyUse } = assembled;
  gate.keeper = doorkeeperOf(context);
  // Before the first request is read: its answer names the address already.
  app.server.on("listening", () => {
    address.url = publicUrl ?? listensAt(app);
  });
  await jobs.prepare(kinds);
  await listen(app, options.port, site.portFile);
  await writeConnectionFile(site, [address.url, ...otherUrls]);
  await jobs.start();
  const abandoned = new AbandonedEvidence(context);
  const { db, auditHeadsFile, keys, metadataPlace } = site;
  const heads = new AuditHeads({ db, file: auditHeadsFile, keys, now: context.now });
  const warn = (message: string): void => app.log.warn(message);
  const checkpoints =
    metadataPlace.kind === "sqlite" ? await Checkpoints.start(db, metadataPlace.file, warn) : null;
  const ending = new AbortController();
  const { metrics } = context;
  const upkeep = startUpkeep({
    abandoned,
    usedAssertions,
    signIns,
    heads,
    keyUse,
    trail: new TrailWatch({ dir: options.dir, site, log: app.log }),
    reserve,
    warnings,
    ...careOfBucket(blobs, { metrics, warn, signal: ending.signal }),
    rewrap: () => rewrapWhatIsLeft(context),
    index: () => indexWhatIsLeft(context),
    retention: new RetentionWatch(assembled.retention, context.passedMs),
    tellSeen: assembled.tellSeen,
    wayBack: new WayBack(metadataPlace, context.passedMs),
    hasTurn: () => locks.hasTurn(),
    lookAtStore: () => outage.lookAtStore(),
    report: report.error,
  });
  const announceMs = options.ending?.announceMs ?? (hasOthers(metadataPlace) ? ANNOUNCE_MS : 0);
  const stop = async (): Promise<void> => {
    app.announceEnd();
    await wait(announceMs);
    outage.close();
    ending.abort();
    await app.close();
    if (blobs.kind === "own") await blobs.store.settled();
    await jobs.close();
    await upkeep.stop();
    await search.close();
    if (blobs.kind === "own") blobs.bucket?.close();
    await checkpoints?.close();
    await site.db.destroy();
    await locks.release();
  };
  let stopped: Promise<void> | undefined;
  const close = (): Promise<void> => (stopped ??= stop());
  return {
    url: address.url,
    listensAt: listensAt(app),
    connectionFile: site.connectionFile,
    routes: app.declaredRoutes,
    purge: () => abandoned.purge(),
    keepRetention: () => keepRetention(assembled.retention, ending.signal),
    forgetAssertions: () => usedAssertions.forget(),
    lookAtKeys: () => keyUse.look(),
    signAuditHead: () => heads.signNow(),
    close,
  };
}

interface Assembled {
  readonly site: SiteFolder;
  readonly blobs: OpenedBlobs;
  readonly app: FastifyInstance;
  readonly options: EvidenceServiceOptions;
  readonly settings: ServiceSettings;
  readonly mail: Mail | null;
  readonly address: { readonly url: string; readonly otherUrls: readonly string[] };
  readonly reserve: DiskReserve;
  readonly locks: ServiceLocks;
  readonly report: { readonly error: (error: unknown, message: string) => void };
}

async function assemble({
  site: { db, metadataPlace, keys, keysFile },
  blobs,
  app,
  options,
  settings,
  mail,
  address,
  reserve,
  locks,
  report,
}: Assembled) {
  const now = options.now ?? Date.now;
  const { kind: engine } = metadataPlace;
  const clock = new RetentionClock({ db, now, uptimeMs: options.passedMs ?? (() => uptime() * 1_000) });
  const places = { db, place: metadataPlace, store: blobs.store, reserve, clock, keyUse: () => keyUse };
  const warnings = new ServiceWarnings(warningSources(places), app.log);
  const metrics = new ServiceMetrics({
    waitingJobs: () => jobs.count("waiting"),
    failedJobs: () => jobs.count("failed"),
    freeBytes: async () => (await reserve.room()).freeBytes,
    warnings: async () => warnings.current.length,
  });
  metrics.follow(app);
  const jobs: JobQueue = await jobsIn({
    ...{ db, place: metadataPlace, now, report: report.error },
    warn: (message) => app.log.warn(message),
    measured: (...run) => metrics.job(...run),
    record: async (transaction, { action, actor, job: { kind, subject } }) => {
      await appendAudit(transaction, { atUtcMs: now(), actor, action, subject, detail: { kind } });
    },
  });
  const warn = (message: string): void => app.log.warn(message);
  const keyUse = await KeyUse.start({ db, keys, file: keysFile, others: locks, now, jobs, warn });
  const search = searchIn(metadataPlace, db);
  const senders = new SenderPriority();
  const context: ServiceContext = {
    db,
    search,
    blobs: blobs.store,
    keys,
    settings,
    now,
    passedMs: options.passedMs ?? (() => performance.now()),
    url: () => address.url,
    otherUrls: address.otherUrls,
    senders,
    metrics,
    jobs,
  };
  const videos = new ConsolidatedVideos(context);
  const kinds = kindsOfJobs(context, videos, clock);
  const usedAssertions = new UsedAssertions(context);
  const signIns = new SignIns(context, limitersIn(engine, db));
  const store = new StoreLook(() => isAway(blobs.store));
  const installation = () => describeInstallation({ db, locks, keyUse });
  const database = new DatabaseLook(() => canBeWorkedWith(db, engine));
  const operation = {
    ...{ database, reserve, metrics, warnings, store, installation, engine },
    ...{ files: blobs.said, jobs },
  };
  const sharedViewings = hasOthers(metadataPlace) ? new ViewingsInPostgres(db) : null;
  const { watched, tellSeen } = whatIsSeen(app, context);
  const elsewhere = blobs.kind === "own" ? blobPaths() : {};
  registerRoutes(
    app,
    { context, videos, usedAssertions, signIns, mail, operation, elsewhere, sharedViewings, watched, clock },
    options.webAppFolder,
  );
  const mayUse = async (use: AddressUse): Promise<boolean> => {
    trailMarkOf(db)?.insist();
    return mayUseFile({ db, now }, use);
  };
  const onAway = (error: unknown): void => report.error(error, "a blob operation failed");
  if (blobs.kind === "own")
    registerBlockBlobRoutes(app, { store: blobs.store, mayUse, senders, now, onAway });
  return {
    ...{ context, jobs, kinds, usedAssertions, signIns, search },
    ...{ warnings, keyUse, tellSeen, retention: { context, clock } },
  };
}

interface RoutedParts {
  readonly context: ServiceContext;
  readonly videos: ConsolidatedVideos;
  readonly usedAssertions: UsedAssertions;
  readonly signIns: SignIns;
  readonly mail: Mail | null;
  readonly operation: OperationParts;
  readonly sharedViewings: SharedViewings | null;
  readonly clock: RetentionClock;
  readonly watched: WatchedSpans;
  /** Paths of the OpenAPI document that are described elsewhere. */
  readonly elsewhere: Record<string, unknown>;
}

function registerRoutes(app: FastifyInstance, parts: RoutedParts, webAppFolder: string | undefined): void {
  const { context, videos, usedAssertions, signIns, mail, operation, elsewhere } = parts;
  const api = new JsonApi(app, machineReads(context), () => onStableStorage(context.db));
  registerOperationRoutes(api, operation);
  registerTokenRoutes(api, context, usedAssertions);
  registerCaseRoutes(api, context);
  registerEvidenceRoutes(api, context, new StoredChecksums(context));
  registerDeviceKeyRoutes(api, context);
  registerRestorationRoute(api, context);
  registerEverythingRoutes(api, context);
  const viewings = new Viewings(context.passedMs, parts.sharedViewings);
  registerMediaRoutes(api, { context, videos, viewings, watched: parts.watched });
  registerHistoryRoutes(api, context);
  registerWebRoutes(api, { context, videos, signIns });
  registerAccessRoutes(api, context);
  registerCatalogueRoutes(api, context);
  registerRetentionRoutes(api, context, parts.clock);
  registerPeopleRoutes(api, { context, mail, signIns });
  registerAccountRoutes(api, context);
  const isPublic = { config: { access: "public" } } as const;
  app.get("/openapi.json", isPublic, async () => openApiDocument(api.described, context.url(), elsewhere));
  registerWebApplication(app, webAppFolder);
}
