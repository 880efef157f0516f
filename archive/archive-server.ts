import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { AddressInfo } from "node:net";
import { formatBytes, formatCount } from "#shared/words/amounts.ts";
import { ArchiveFailure } from "./ground/archive-failure.ts";
import { isLoopback, type TlsFiles } from "./command-line.ts";
import { exportDesk } from "./export/export-desk.ts";
import { accessTokens } from "./http/access-tokens.ts";
import { httpServer, listen, type TlsTexts } from "./http/http-server.ts";
import type { ArchiveFootage } from "./index/archive-footage.ts";
import { footageIndex } from "./index/footage-index.ts";
import { lostFootage } from "./index/lost-footage.ts";
import { footageLocks } from "./index/footage-locks.ts";
import { openIndex } from "./index/open-index.ts";
import { reconcile } from "./index/reconcile.ts";
import type { SessionAges } from "./index/session-ages.ts";
import { logToStderr, type Log } from "./ground/log.ts";
import { LiveAnswers } from "./live/live-answers.ts";
import { LiveFeeds } from "./live/live-feeds.ts";
import { thumbnails } from "./playback/thumbnails.ts";
import { cameraFleet, sealCameras } from "./recorder/camera-fleet.ts";
import { watchDiskRoom } from "./recorder/disk-room.ts";
import { locateFfmpeg } from "./recorder/ffmpeg-location.ts";
import { ffmpegVersion } from "./recorder/ffmpeg-version.ts";
import { finishLeftFiles } from "./recorder/left-footage-files.ts";
import { endLeftoverRecorders } from "./recorder/leftover-recorders.ts";
import { archiveAges, keepRetention, readSettings } from "./retention/retention.ts";
import { requireWritableFolder } from "./writable-folder.ts";

export interface ArchiveOptions {
  /** The archive's folder; made when it is not there. */
  readonly dir: string;
  /** A name or address of this machine; loopback by default. */
  readonly host?: string;
  /** Paths of PEM files; without them the archive answers on loopback only. */
  readonly tls?: TlsFiles | null;
  /** 0 takes any. */
  readonly port: number;
  /** Where the port is taken, any other one is. */
  readonly orAnyPort?: boolean;
  /** Allows everything; not empty, without spaces. */
  readonly token: string;
  /** Origins of pages that may use the interface. */
  readonly allowedOrigins?: readonly string[];
  readonly log?: Log;
}

export interface RunningArchive {
  /** Without a slash at the end. */
  readonly url: string;
  /** Ends recorders, closes their last footage files, and frees everything. */
  close(): Promise<void>;
}

/**
 * Starts an archive: index made to agree with the files, recorders running, HTTP interface listening on
 * the loopback address unless TLS allows another. Order matters: leftovers of a killed archive end before their files are read.
 * @throws ArchiveFailure ARCHIVE_IN_USE, INDEX_VERSION, INDEX_DAMAGED, BAD_ARGUMENTS, FOLDER_READ_ONLY; Node's own error when
 *   the port is taken or a file of TLS cannot be read
 */
export async function startArchive(options: ArchiveOptions): Promise<RunningArchive> {
  const {
    token,
    port,
    orAnyPort = false,
    host = "127.0.0.1",
    allowedOrigins = [],
    log = logToStderr,
  } = options;
  const tls = readTls(host, options.tls ?? null);
  const dir = resolve(options.dir);
  requireWritableFolder(dir);
  const settings = readSettings(dir);
  const database = openIndex(dir);
  const index = footageIndex(database);
  const disk = watchDiskRoom({ dir, reserveBytes: settings.recordingReserveBytes, log });
  const ages = archiveAges(dir, index);
  const feeds = new LiveFeeds();
  const { segmentSeconds: fileSeconds } = settings;
  const fleet = cameraFleet({ dir, index, ages, log, disk, feeds, fileSeconds });
  try {
    const ended = await endLeftoverRecorders(dir);
    if (ended.length > 0) log(`ended recorders left over from before: ${ended.join(", ")}`);
    const finished = await finishLeftFiles(dir, log);
    if (finished > 0) log(`finished footage files that were left open: ${finished}`);
    await reconcileAtStart({ dir, index }, ages, log);
    const sealed = sealCameras({ dir, index });
    if (sealed.length > 0) {
      // Until then the page with the open address lies in the file.
      database.pragma("wal_checkpoint(TRUNCATE)");
      log(`what is secret of these cameras was sealed: ${sealed.join(", ")}`);
    }
    const retention = keepRetention({ dir, index, settings, clock: ages, log });
    const parts = {
      keptMs: Math.round(settings.retentionHours * 3_600_000),
      ...{ dir, index, fleet, log },
      live: new LiveAnswers(feeds),
      locks: footageLocks(database),
      exports: exportDesk(dir, index, lostFootage(dir, index, log)),
      thumbnails: thumbnails(dir, index),
      tokens: accessTokens(token),
      retention,
    };
    const server = await httpServer(parts, allowedOrigins, tls);
    await listen(server, { host, port, orAnyPort });
    fleet.start();
    void nameFfmpeg(log);
    const close = async (): Promise<void> => {
      await server.close();
      await fleet.close();
      disk.close();
      await retention.close();
      database.close();
    };
    return { url: urlOf(server.server.address() as AddressInfo, tls !== null), close };
  } catch (error) {
    disk.close();
    database.close();
    throw error;
  }
}

/** @throws ArchiveFailure BAD_ARGUMENTS when token and footage would cross a network in the clear */
function readTls(host: string, files: TlsFiles | null): TlsTexts | null {
  if (files === null) {
    if (isLoopback(host)) return null;
    throw new ArchiveFailure("BAD_ARGUMENTS", `The archive answers on ${host} only with TLS.`);
  }
  return { cert: readFileSync(files.certificate), key: readFileSync(files.key) };
}

function urlOf({ address, family, port }: AddressInfo, isTls: boolean): string {
  return `${isTls ? "https" : "http"}://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

/** Files named in the log that are newly left out. */
const MOST_NAMED = 20;

/** Says once what records, because much of what goes wrong with cameras is a matter of its version. */
async function nameFfmpeg(log: Log): Promise<void> {
  const ffmpeg = locateFfmpeg();
  const version = ffmpeg === null ? null : await ffmpegVersion(ffmpeg);
  if (version === null) return log("ffmpeg was not found; nothing is recorded");
  log(
    `ffmpeg ${version.name} records (${ffmpeg})${version.isTooOld ? "; it is too old, 4.4 is needed" : ""}`,
  );
}

async function reconcileAtStart(footage: ArchiveFootage, ages: SessionAges, log: Log): Promise<void> {
  const { index } = footage;
  const { addedFiles, removedFiles, unreadableFiles } = await reconcile(footage, { ages });
  if (addedFiles + removedFiles > 0) {
    log(`index put right: ${addedFiles} footage files added, ${removedFiles} removed`);
  }
  index.forgetArrivals();
  for (const file of unreadableFiles.slice(0, MOST_NAMED))
    log(`left out, because it cannot be read as footage: ${file}`);
  const { files, bytes } = index.straySum();
  if (files > 0)
    log(
      `${formatCount(files, "file")} (${formatBytes(bytes)}) are no footage, ${unreadableFiles.length} of them newly found; they go when they are as old as footage`,
    );
}
