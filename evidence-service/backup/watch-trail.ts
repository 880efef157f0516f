/** Notices that the database went back behind what this service has acknowledged, and keeps that for the next start. */
import { lastHead } from "../audit/audit-heads.ts";
import { keepKnownEntry } from "../site/known-entry.ts";
import type { SiteFolder } from "../site/site-folder.ts";
import { lookAtTrail, trailMarkOf } from "../storage/trail-mark.ts";

const WORDS =
  "The database went back: it lacks entries of the audit trail that this service knows. Nothing is served any more. Stop every service of it, say so with the command restored, and start them again.";

export interface TrailWatchParts {
  readonly dir: string;
  readonly site: Pick<SiteFolder, "db" | "auditHeadsFile">;
  readonly log: { readonly error: (what: object, message: string) => void };
}

export class TrailWatch {
  readonly #parts: TrailWatchParts;
  #isTold = false;
  #isKept = false;

  constructor(parts: TrailWatchParts) {
    this.#parts = parts;
  }

  /** To be called every few seconds. @throws MetadataUnreachable, and what the disk says */
  async look(): Promise<void> {
    const { db } = this.#parts.site;
    try {
      // A connection that was made meanwhile may have found it already.
      if (trailMarkOf(db)?.lost === null) await lookAtTrail(db);
    } finally {
      await this.#tell();
    }
  }

  /** At the end of the service: what no signed head covers is kept for the next start. */
  async close(): Promise<void> {
    const { dir, site } = this.#parts;
    const latest = trailMarkOf(site.db)?.latest ?? null;
    if (latest === null) return;
    const head = await lastHead(site.auditHeadsFile);
    if (head === null || head.seq < latest.seq) await keepKnownEntry(dir, latest);
  }

  async #tell(): Promise<void> {
    const { dir, site, log } = this.#parts;
    const lost = trailMarkOf(site.db)?.lost ?? null;
    if (lost === null || this.#isKept) return;
    if (!this.#isTold) log.error({ code: "METADATA_WENT_BACK", entry: lost.seq }, WORDS);
    this.#isTold = true;
    await keepKnownEntry(dir, lost);
    this.#isKept = true;
  }
}
