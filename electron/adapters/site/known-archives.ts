import { randomUUID } from "node:crypto";
import { z } from "zod";
import { failed, type Outcome, succeeded } from "#shared/domain/failure.ts";
import { readAlike } from "#shared/domain/names-alike.ts";
import { bidiIsolated } from "#shared/domain/names.ts";
import type { ArchiveAddress } from "../archive-client/archive-client.ts";
import { unsealOrNull } from "./kept-accounts.ts";
import type { SecretBox } from "./secret-box.ts";
import type { SettingsStore } from "./settings-store.ts";

const SETTING = "archives";
/** The archive beside the console: it is always there, and only its name can be changed. */
export const OWN_ARCHIVE = "own";

const addedArchiveSchema = z.object({
  archiveId: z.string(),
  name: z.string(),
  baseUrl: z.string(),
  sealedToken: z.string(),
});
const knownArchivesSchema = z.object({
  ownName: z.string(),
  added: z.array(addedArchiveSchema),
  inUse: z.string(),
});
type AddedArchive = z.infer<typeof addedArchiveSchema>;

/** What an administrator enters of an archive. */
export interface ArchiveEntry {
  /** null: a new one. */
  readonly archiveId: string | null;
  readonly name: string;
  /** As typed. */
  readonly address: string;
  /** null: the one that is kept stays. */
  readonly token: string | null;
}

/** An entry that was read; nothing is changed by it yet. */
export interface ReadArchive extends ArchiveAddress {
  readonly archiveId: string | null;
  readonly name: string;
}

/** The archives of the site: the console's own and those that were added; one of them is in use. */
export class KnownArchives {
  readonly #settings: SettingsStore;
  readonly #secrets: SecretBox;
  #known: z.infer<typeof knownArchivesSchema>;
  /** Every request to an archive asks for it. */
  readonly #opened = new Map<string, ArchiveAddress | null>();

  constructor(settings: SettingsStore, secrets: SecretBox) {
    this.#settings = settings;
    this.#secrets = secrets;
    const untouched = { ownName: "Archive of this console", added: [], inUse: OWN_ARCHIVE };
    this.#known = settings.read(SETTING, knownArchivesSchema, untouched);
  }

  get ownName(): string {
    return this.#known.ownName;
  }

  get added(): readonly AddedArchive[] {
    return this.#known.added;
  }

  get inUse(): string {
    return this.#known.inUse;
  }

  /** Whether it was added and is still in the list. */
  has(archiveId: string): boolean {
    return this.added.some((one) => one.archiveId === archiveId);
  }

  /** Where an added archive is and its token; null for one that is not there, or whose token is lost. */
  accessOf(archiveId: string): ArchiveAddress | null {
    const access = this.#opened.get(archiveId) ?? this.#open(archiveId);
    this.#opened.set(archiveId, access);
    return access;
  }

  #open(archiveId: string): ArchiveAddress | null {
    const archive = this.added.find((one) => one.archiveId === archiveId);
    const token = archive === undefined ? null : unsealOrNull(this.#secrets, archive.sealedToken);
    return archive === undefined || token === null ? null : { baseUrl: archive.baseUrl, token };
  }

  /** @returns ARCHIVE_ADDRESS_INVALID, ARCHIVE_TOKEN_MISSING, ARCHIVE_KNOWN_ALREADY, NAME_READS_ALIKE. Nothing changes. */
  read({ archiveId, name, address, token }: ArchiveEntry): Outcome<ReadArchive> {
    const isFree = this.#isFree(name, archiveId);
    if (!isFree.ok) return isFree;
    const baseUrl = originOf(address);
    if (baseUrl === null) return ADDRESS_INVALID;
    if (this.added.some((one) => one.baseUrl === baseUrl && one.archiveId !== archiveId))
      return KNOWN_ALREADY;
    const kept = archiveId === null ? null : this.accessOf(archiveId);
    // Whoever moves an archive to another place enters its token too: the kept one is told to nobody else.
    const used = token ?? (kept?.baseUrl === baseUrl ? kept.token : null);
    if (used === null || !/^\S+$/.test(used)) return TOKEN_MISSING;
    return succeeded({ archiveId, name, baseUrl, token: used });
  }

  /** Keeps an archive that was tried. */
  keep({ archiveId, name, baseUrl, token }: ReadArchive): void {
    const kept = {
      archiveId: archiveId ?? randomUUID(),
      name,
      baseUrl,
      sealedToken: this.#secrets.seal(token),
    };
    const isKnown = this.added.some((one) => one.archiveId === kept.archiveId);
    const added = isKnown
      ? this.added.map((one) => (one.archiveId === kept.archiveId ? kept : one))
      : [...this.added, kept];
    this.#save({ ...this.#known, added });
  }

  /** @returns NAME_READS_ALIKE. */
  renameOwn(ownName: string): Outcome<void> {
    const isFree = this.#isFree(ownName, OWN_ARCHIVE);
    if (isFree.ok) this.#save({ ...this.#known, ownName });
    return isFree;
  }

  /** That no two archives are told apart by what nobody reads. One that keeps its name is not asked about it. */
  #isFree(name: string, archiveId: string | null): Outcome<void> {
    const all = [{ archiveId: OWN_ARCHIVE, name: this.ownName }, ...this.added];
    if (all.some((one) => one.archiveId === archiveId && one.name === name)) return succeeded(undefined);
    const alike = all.find((one) => one.archiveId !== archiveId && readAlike(one.name, name));
    if (alike === undefined) return succeeded(undefined);
    const sentence = `The archive “${bidiIsolated(alike.name)}” reads the same.`;
    return failed("NAME_READS_ALIKE", sentence);
  }

  remove(archiveId: string): void {
    this.#save({ ...this.#known, added: this.added.filter((one) => one.archiveId !== archiveId) });
  }

  use(archiveId: string): void {
    this.#save({ ...this.#known, inUse: archiveId });
  }

  #save(known: z.infer<typeof knownArchivesSchema>): void {
    this.#settings.write(SETTING, known);
    this.#known = known;
    this.#opened.clear();
  }
}

/** An archive answers at the root of its origin; a token crosses a network only by TLS. */
function originOf(address: string): string | null {
  const url = URL.parse(/^https?:\/\//i.test(address.trim()) ? address.trim() : `https://${address.trim()}`);
  if (url === null || url.username !== "" || url.pathname !== "/" || url.search !== "") return null;
  const isHere = ["127.0.0.1", "[::1]", "localhost"].includes(url.hostname);
  return url.protocol === "https:" || isHere ? url.origin : null;
}

const ADDRESS_INVALID = failed("ARCHIVE_ADDRESS_INVALID", "This is not the address of an archive.");
const TOKEN_MISSING = failed("ARCHIVE_TOKEN_MISSING", "The archive's token is missing.");
const KNOWN_ALREADY = failed("ARCHIVE_KNOWN_ALREADY", "An archive with this address is in the list already.");
