/** Composition root of the evidence service: builds the adapters and puts the parts together. */
import { mkdir, readFile } from "node:fs/promises";
import type { FastifyInstance } from "fastify";
import { registerCaseRoutes } from "./api/case-routes.ts";
import { registerEvidenceRoutes } from "./api/evidence-routes.ts";
import { createHttpApplication } from "./api/http-application.ts";
import { type DeclaredRoute, type Doorkeeper, NOBODY_ENTERS } from "./api/access.ts";
import { doorkeeperOf } from "./api/doorkeeper.ts";
import { JsonApi } from "./api/json-api.ts";
import { openApiDocument } from "./api/openapi.ts";
import { type AuditHead, AuditHeads } from "./audit/audit-heads.ts";
import { AbandonedEvidence, blobRemovalJob, REMOVE_BLOB } from "./api/purge.ts";
import { StoredChecksums } from "./api/stored-checksums.ts";
import { registerTokenRoutes } from "./api/token-routes.ts";
import { type OpenedBlobs, openBlobs } from "./blob-place.ts";
import { registerBlockBlobRoutes } from "./blobs/block-blob-routes.ts";
import { writeConnectionFile } from "./connection-file.ts";
import { CONSOLIDATE, JobRunner } from "./consolidation/job-runner.ts";
import { consolidationJob } from "./consolidation/consolidation-job.ts";
import { ConsolidatedVideos } from "./consolidation/consolidated-videos.ts";
import { registerMediaRoutes } from "./consolidation/media-routes.ts";
import { DEFAULT_SETTINGS, type ServiceContext, type ServiceSettings } from "./service-context.ts";
import { keyStorePrivateKey, openSiteFolder, type SiteFolder } from "./site-folder.ts";
import { writeDurably } from "./storage/durable-file.ts";
import { type FolderLock, lockFolder } from "./storage/folder-lock.ts";
import { registerDeviceKeyRoutes } from "./verification/device-keys.ts";
import { startUpkeep } from "./upkeep.ts";
import { SignIns } from "./web/sign-ins.ts";
import { registerWebApplication } from "./web/web-application.ts";
import { registerWebRoutes } from "./web/web-routes.ts";

export interface EvidenceServiceOptions {
  /** Where everything is kept. */
  readonly dir: string;
  /** 0: the port last used here if it is free, else any. */
  readonly port: number;
  /** How others reach it, without a slash at the end, where something in front of it ends TLS; default where it listens. */
  readonly publicUrl?: string | undefined;
  /** PEM of authorities that are trusted beside the system's, where the files lie in Azure. */
  readonly authorityFile?: string | undefined;
  /** Folder of the built web application. */
  readonly webAppDir?: string | undefined;
  /** Milliseconds UTC; the system's clock unless a test says otherwise. */
  readonly now?: () => number;
  /** Milliseconds that nobody can set; the system's unless a test says otherwise. */
  readonly passedMs?: () => number;
  readonly settings?: Partial<ServiceSettings>;
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
  /** Signs the audit trail's head; runs by itself every hour and at the stop. */
  readonly signAuditHead: () => Promise<AuditHead | null>;
  readonly close: () => Promise<void>;
}

const HOST = "127.0.0.1";

/**
 * Starts a service and waits until it answers.
 * @throws Error when the port is taken or the folder cannot be used
 * @throws StartRefusal when another service has the folder, or the blobs are not where the settings say
 */
export async function startEvidenceService(options: EvidenceServiceOptions): Promise<EvidenceService> {
  await mkdir(options.dir, { recursive: true, mode: 0o700 });
  const lock = await lockFolder(options.dir);
  try {
    return await startInFolder(options, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function startInFolder(options: EvidenceServiceOptions, lock: FolderLock): Promise<EvidenceService> {
  const site = await openSiteFolder(options.dir);
  const address = { url: "" };
  const blobs = await openBlobs(site, () => address.url, options.authorityFile).catch(
    async (error: unknown) => {
      await site.db.destroy();
      throw error;
    },
  );
  // Nobody is let in before the parts are there that know people and accounts.
  const gate: { keeper: Doorkeeper } = { keeper: NOBODY_ENTERS };
  const doorkeeper: Doorkeeper = {
    authenticate: (request, access) => gate.keeper.authenticate(request, access),
    authorize: (request, principal, right) => gate.keeper.authorize(request, principal, right),
  };
  const app = await createHttpApplication(
    options.logLevel ?? "warn",
    { ownUrl: () => address.url, doorkeeper },
    options.publicUrl !== undefined,
  );
  const { context, jobs, signIns } = assemble(site, blobs, app, options, address);
  gate.keeper = doorkeeperOf(context);
  // Before the first request is read: its answer names the address already.
  app.server.on("listening", () => {
    address.url = options.publicUrl ?? listensAt(app);
  });
  await listen(app, options.port, site.portFile);
  await writeConnectionFile(site.connectionFile, site.keys, address.url);
  jobs.wake();
  const abandoned = new AbandonedEvidence(context);
  const heads = new AuditHeads(site.db, site.auditHeadsFile, site.keys.auditKey, context.now);
  const upkeep = startUpkeep({ abandoned, signIns, heads, log: app.log });
  const stop = async (): Promise<void> => {
    await app.close();
    await jobs.close();
    await upkeep.stop();
    await site.db.destroy();
    lock.release();
  };
  let stopped: Promise<void> | undefined;
  const close = (): Promise<void> => (stopped ??= stop());
  const { declaredRoutes: routes } = app;
  const { url } = address;
  return {
    url,
    listensAt: listensAt(app),
    connectionFile: site.connectionFile,
    routes,
    purge: () => abandoned.purge(),
    signAuditHead: () => heads.signNow(),
    close,
  };
}

function listensAt(app: FastifyInstance): string {
  return `http://${HOST}:${portOf(app)}`;
}

function assemble(
  { db, keys }: SiteFolder,
  blobs: OpenedBlobs,
  app: FastifyInstance,
  options: EvidenceServiceOptions,
  address: { readonly url: string },
) {
  const now = options.now ?? Date.now;
  const settings = { ...DEFAULT_SETTINGS, ...options.settings };
  const privateKey = keyStorePrivateKey(keys);
  const wakeJobs = (): void => jobs.wake();
  const context: ServiceContext = {
    db,
    blobs: blobs.store,
    keys,
    keyStorePrivateKey: privateKey,
    settings,
    now,
    passedMs: options.passedMs ?? (() => performance.now()),
    url: () => address.url,
    wakeJobs,
  };
  const videos = new ConsolidatedVideos(context);
  const report = (error: unknown, message: string): void => app.log.error(error, message);
  const kinds = new Map([
    [CONSOLIDATE, consolidationJob(context, videos)],
    [REMOVE_BLOB, blobRemovalJob(context)],
  ]);
  const jobs = new JobRunner({ db, now, kinds, report });
  const signIns = new SignIns(context);
  registerRoutes(app, context, videos, signIns, options.webAppDir);
  if (blobs.kind === "files") registerBlockBlobRoutes(app, { store: blobs.store, now });
  return { context, jobs, signIns };
}

function registerRoutes(
  app: FastifyInstance,
  context: ServiceContext,
  videos: ConsolidatedVideos,
  signIns: SignIns,
  webAppDir: string | undefined,
): void {
  const api = new JsonApi(app);
  registerTokenRoutes(api, context);
  registerCaseRoutes(api, context);
  registerEvidenceRoutes(api, context, new StoredChecksums(context.blobs));
  registerDeviceKeyRoutes(api, context);
  registerMediaRoutes(api, context, videos);
  registerWebRoutes(api, context, videos, signIns);
  const isPublic = { config: { access: "public" } } as const;
  app.get("/openapi.json", isPublic, async () => openApiDocument(api.described, context.url()));
  registerWebApplication(app, webAppDir);
}

async function listen(app: FastifyInstance, port: number, portFile: string): Promise<void> {
  const text = await readFile(portFile, "utf8").catch(() => "0"); // No file: never started here.
  const wanted = port === 0 && /^\d{1,5}$/.test(text) ? Number(text) : port;
  try {
    await app.listen({ host: HOST, port: wanted });
  } catch (error) {
    if (port !== 0 || wanted === 0) throw error;
    await app.listen({ host: HOST, port: 0 });
  }
  await writeDurably(portFile, [Buffer.from(String(portOf(app)))]);
}

function portOf(app: FastifyInstance): number {
  const bound = app.server.address();
  if (bound === null || typeof bound === "string") throw new Error("The service listens on no port.");
  return bound.port;
}
