import { answeredAtOnce, failed, type Outcome, succeeded } from "#shared/domain/failure.ts";
import { visibleName } from "#shared/domain/names.ts";
import type { SiteArchive } from "#shared/ipc-contract/site-contract.ts";
import { ArchiveClient, type ArchiveAddress } from "../archive-client/archive-client.ts";
import { tryArchive } from "../archive-client/archive-trial.ts";
import { type ArchiveEntry, type KnownArchives, OWN_ARCHIVE } from "./known-archives.ts";

const ANSWER_TIMEOUT_MS = 5_000;

export interface SiteArchivesParts {
  readonly known: KnownArchives;
  readonly ownFolder: string;
  /** Null while the console's own archive does not run. */
  readonly ownAddress: () => ArchiveAddress | null;
  /** Under which the page reads from an archive. */
  readonly pageOrigin: string;
  /** Whether an export has not ended: it reads from the archive in use. */
  readonly hasUnfinishedExports: () => boolean;
  /** Footage comes from another place from now on. */
  readonly onChange: () => void;
}

/** What an administrator does with the site's archives. Nothing is kept that was not tried. */
export class SiteArchives {
  readonly #parts: SiteArchivesParts;
  readonly #known: KnownArchives;

  constructor(parts: SiteArchivesParts) {
    this.#parts = parts;
    this.#known = parts.known;
  }

  /** Each as it is now; the console's own one first. */
  async list(): Promise<SiteArchive[]> {
    const known = this.#known;
    const ownAddress = this.#parts.ownAddress();
    const own = {
      ...{ archiveId: OWN_ARCHIVE, kind: "own" as const, name: known.ownName, folder: this.#parts.ownFolder },
      ...{ isInUse: known.inUse === OWN_ARCHIVE, address: ownAddress?.baseUrl ?? null },
    };
    const added = known.added.map(({ archiveId, name, baseUrl }) => ({
      ...{ archiveId, kind: "added" as const, name: visibleName(name), folder: null },
      ...{ isInUse: known.inUse === archiveId, address: baseUrl },
    }));
    return await Promise.all([
      withHoldings(own, ownAddress),
      ...added.map((archive) => withHoldings(archive, known.accessOf(archive.archiveId))),
    ]);
  }

  renameOwn(name: string): Outcome<void> {
    return this.#known.renameOwn(name);
  }

  async save(entry: ArchiveEntry): Promise<Outcome<void>> {
    const { archiveId } = entry;
    if (archiveId !== null && !this.#known.has(archiveId)) return UNKNOWN;
    const read = this.#known.read(entry);
    if (!read.ok) return read;
    const moves = this.#movesTheOneInUse(archiveId, read.value.baseUrl);
    if (moves && this.#parts.hasUnfinishedExports()) return EXPORTS_READ_FROM_IT;
    const tried = await tryArchive(read.value, this.#parts.pageOrigin);
    if (!tried.ok) return tried;
    this.#known.keep(read.value);
    if (moves) this.#parts.onChange();
    return succeeded(undefined);
  }

  remove(archiveId: string): Outcome<void> {
    if (archiveId === OWN_ARCHIVE) return IS_OWN;
    if (!this.#known.has(archiveId)) return UNKNOWN;
    if (this.#known.inUse === archiveId) return IN_USE_NOW;
    this.#known.remove(archiveId);
    return succeeded(undefined);
  }

  async use(archiveId: string): Promise<Outcome<void>> {
    if (archiveId === this.#known.inUse) return succeeded(undefined);
    if (this.#parts.hasUnfinishedExports()) return EXPORTS_READ_FROM_IT;
    const usable = await this.#isUsable(archiveId);
    if (!usable.ok) return usable;
    this.#known.use(archiveId);
    this.#parts.onChange();
    return succeeded(undefined);
  }

  /** The console's own archive is started again by itself, whatever it does now. */
  async #isUsable(archiveId: string): Promise<Outcome<unknown>> {
    if (archiveId === OWN_ARCHIVE) return succeeded(undefined);
    if (!this.#known.has(archiveId)) return UNKNOWN;
    const access = this.#known.accessOf(archiveId);
    return access === null ? TOKEN_LOST : await tryArchive(access, this.#parts.pageOrigin);
  }

  #movesTheOneInUse(archiveId: string | null, baseUrl: string): boolean {
    if (archiveId === null || archiveId !== this.#known.inUse) return false;
    return this.#known.added.find((one) => one.archiveId === archiveId)?.baseUrl !== baseUrl;
  }
}

async function withHoldings(
  archive: Omit<SiteArchive, "holds" | "failure">,
  access: ArchiveAddress | null,
): Promise<SiteArchive> {
  const client = new ArchiveClient(() => access);
  const held = await client.summary({ signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
  return held.ok
    ? { ...archive, holds: held.value, failure: null }
    : { ...archive, holds: null, failure: answeredAtOnce(held.error) };
}

const UNKNOWN = failed("UNKNOWN_ARCHIVE", "This archive is not in the list any more.");
const IS_OWN = failed("ARCHIVE_IS_OWN", "The console's own archive cannot be removed.");
const IN_USE_NOW = failed("ARCHIVE_IN_USE", "This archive is in use.");
const EXPORTS_READ_FROM_IT = failed(
  "ARCHIVE_IN_USE",
  "Exports that have not ended read from the archive in use.",
  "Wait for them, or cancel them, and try again.",
);
const TOKEN_LOST = failed(
  "ARCHIVE_TOKEN_MISSING",
  "The archive's token cannot be unsealed on this computer any more.",
  "Edit the archive and enter its token again.",
);
