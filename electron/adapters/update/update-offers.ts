import { rm } from "node:fs/promises";
import { z } from "zod";
import { failed, type Outcome, succeeded } from "#shared/domain/failure.ts";
import type { UpdateLook, UpdateState } from "#shared/ipc-contract/update-contract.ts";
import type { ProxyFor } from "../proxy/proxy-choice.ts";
import type { SettingsStore } from "../site/settings-store.ts";
import { updatePlaceOf } from "./entered-place.ts";
import { fetchPackage } from "./fetched-package.ts";
import type { PublisherKey } from "./publisher-key.ts";
import {
  DESCRIPTION_FILE,
  DESCRIPTION_MAX_BYTES,
  type PackageKind,
  readUpdateDescription,
  SIGNATURE_BYTES,
  SIGNATURE_FILE,
  type UpdateDescription,
  type UpdatePackage,
} from "./update-description.ts";
import type { UpdatePlace } from "./update-place.ts";
import { compareVersions } from "./version-order.ts";

const SETTING = "update";
const updateSettingsSchema = z.object({
  place: z.string().nullable(),
  /** What was handed over to be installed; null once a start has seen what became of it. */
  handedOver: z.string().nullable(),
});
const UNTOUCHED: z.infer<typeof updateSettingsSchema> = { place: null, handedOver: null };

/** For description and signature together. */
const LOOK_MS = 20_000;

/** What runs, and how it came onto this computer. */
export interface RunningProgram {
  readonly version: string;
  readonly architecture: string;
  /** null: from no package that can be replaced. */
  readonly packageKind: () => Promise<PackageKind | null>;
}

export interface UpdateOffersParts {
  readonly settings: SettingsStore;
  readonly publisher: PublisherKey | null;
  readonly running: RunningProgram;
  readonly proxyFor: ProxyFor;
  /** Packages are fetched into it; whatever else lies there goes. */
  readonly folder: string;
  readonly nowUtcMs: () => number;
  readonly hasUnfinishedExports: () => boolean;
  /**
   * Makes everything ready for a package that was found to be sound.
   * @returns what ends the console and starts the new one, after the call that led to it was answered
   */
  readonly prepareInstall: (path: string, kind: PackageKind, offered: OfferedPackage) => Promise<() => void>;
}

/** Of the signed description. */
export interface OfferedPackage {
  readonly version: string;
  readonly sizeBytes: number;
  /** Lower-case hex. */
  readonly sha512: string;
}

interface Offer {
  readonly place: UpdatePlace;
  readonly description: UpdateDescription;
}

/** Looks for updates where an administrator said, offers what is sound and newer, and installs it when it is told to. */
export class UpdateOffers {
  readonly #parts: UpdateOffersParts;
  #place: string | null;
  #look: UpdateLook = { kind: "none" };
  #offer: Offer | null = null;
  #looking: Promise<void> | null = null;
  #isInstalling = false;

  constructor(parts: UpdateOffersParts) {
    this.#parts = parts;
    const { place, handedOver } = parts.settings.read(SETTING, updateSettingsSchema, UNTOUCHED);
    this.#place = place;
    if (handedOver === null) return;
    parts.settings.remember(SETTING, { place, handedOver: null });
    if (handedOver !== parts.running.version)
      this.#fail(notInstalled(handedOver, parts.running.version).error);
  }

  state(): UpdateState {
    return {
      place: this.#place,
      runningVersion: this.#parts.running.version,
      publisherKeyId: this.#parts.publisher?.keyId ?? null,
      look: this.#look,
    };
  }

  /** At the start; what became of an installation is told before anything else is looked for. */
  async lookAtStart(): Promise<void> {
    await this.#forgetPackage();
    if (this.#look.kind === "none") await this.look();
  }

  /** @returns UPDATE_PLACE_INVALID; what the look finds is in the state */
  async usePlace(entered: string): Promise<Outcome<void>> {
    const typed = entered.trim();
    const place = typed === "" ? null : updatePlaceOf(typed, this.#parts.proxyFor);
    if (place?.ok === false) return place;
    // What a look at the place before still finds counts for nothing.
    await this.#looking;
    this.#place = place === null ? null : typed;
    this.#save();
    await this.look();
    return succeeded(undefined);
  }

  /** One look at a time; whoever asks meanwhile gets what it finds. */
  async look(): Promise<void> {
    if (this.#isInstalling) return;
    this.#looking ??= this.#lookOnce().finally(() => {
      this.#looking = null;
    });
    await this.#looking;
  }

  async #lookOnce(): Promise<void> {
    this.#offer = null;
    if (this.#place === null) {
      this.#look = { kind: "none" };
      return;
    }
    this.#look = { kind: "looking" };
    const found = await this.#found(this.#place);
    if (!found.ok) return this.#fail(found.error);
    const atUtcMs = this.#parts.nowUtcMs();
    if (found.value === null) {
      this.#look = { kind: "current", atUtcMs };
      return;
    }
    this.#offer = found.value;
    const { version, releasedUtc, notes } = found.value.description;
    const sizeBytes = (await this.#packageOf(found.value.description))?.sizeBytes ?? 0;
    this.#look = {
      ...{ kind: "offered", atUtcMs, version, notes, sizeBytes },
      releasedUtcMs: Date.parse(releasedUtc),
    };
  }

  /** @returns null where what is published is what runs */
  async #found(entered: string): Promise<Outcome<Offer | null>> {
    const { publisher, running } = this.#parts;
    if (publisher === null) return NO_KEY;
    const place = updatePlaceOf(entered, this.#parts.proxyFor);
    if (!place.ok) return place;
    const signal = AbortSignal.timeout(LOOK_MS);
    const bytes = await place.value.read(DESCRIPTION_FILE, DESCRIPTION_MAX_BYTES, signal);
    if (!bytes.ok) return bytes;
    const signature = await place.value.read(SIGNATURE_FILE, 16 * SIGNATURE_BYTES, signal);
    if (!signature.ok) return signature.error.code === "UPDATE_NOT_PUBLISHED" ? unsigned(entered) : signature;
    const read = readUpdateDescription(bytes.value, signature.value, publisher);
    if (!read.ok) return read;
    const order = compareVersions(read.value.version, running.version);
    if (order < 0) return older(read.value.version, running.version);
    if (order === 0) return succeeded(null);
    if ((await this.#packageOf(read.value)) === undefined) return noPackage(read.value.version);
    return succeeded({ place: place.value, description: read.value });
  }

  /** Of this program's kind; a program of no kind is told of whatever there is for its processor. */
  async #packageOf({ packages }: UpdateDescription): Promise<UpdatePackage | undefined> {
    const kind = await this.#parts.running.packageKind();
    const fitting = packages.filter(({ architecture }) => architecture === this.#parts.running.architecture);
    return kind === null ? fitting[0] : fitting.find((one) => one.kind === kind);
  }

  /**
   * Fetches and checks the package, and hands it over.
   * @param despiteExports the operator knows that exports are under way
   */
  async install(despiteExports: boolean): Promise<Outcome<void>> {
    if (this.#isInstalling) return BUSY;
    const offer = this.#offer;
    if (offer === null) return NOTHING_OFFERED;
    const isHeld = () => !despiteExports && this.#parts.hasUnfinishedExports();
    if (isHeld()) return EXPORTS_RUNNING;
    this.#isInstalling = true;
    let isHandedOver = false;
    try {
      const kind = await this.#parts.running.packageKind();
      const described = await this.#packageOf(offer.description);
      if (kind === null || described === undefined) return NOT_INSTALLABLE;
      const fetched = await fetchPackage(offer.place, described, this.#parts.folder);
      if (!fetched.ok) return fetched;
      // Somebody may have sent evidence while it was fetched.
      if (isHeld()) return EXPORTS_RUNNING;
      const { version } = offer.description;
      const go = await this.#prepared(fetched.value, kind, { ...described, version });
      if (!go.ok) return go;
      this.#parts.settings.write(SETTING, { place: this.#place, handedOver: version });
      isHandedOver = true;
      go.value();
      return succeeded(undefined);
    } finally {
      await this.#forgetPackage();
      // The console ends: whoever presses once more begins nothing anew.
      this.#isInstalling = isHandedOver;
    }
  }

  /** What installs a package has its own copy by then, and nobody needs what a kill left. */
  async #forgetPackage(): Promise<void> {
    await rm(this.#parts.folder, { recursive: true, force: true }).catch((error: unknown) =>
      console.error("A package that was fetched cannot be removed.", error),
    );
  }

  async #prepared(path: string, kind: PackageKind, offered: OfferedPackage): Promise<Outcome<() => void>> {
    try {
      return succeeded(await this.#parts.prepareInstall(path, kind, offered));
    } catch (error) {
      console.error("The update cannot be handed over.", error);
      return notInstalled(offered.version, this.#parts.running.version);
    }
  }

  #save(): void {
    this.#parts.settings.write(SETTING, { place: this.#place, handedOver: null });
  }

  #fail(failure: Extract<UpdateLook, { kind: "failed" }>["failure"]): void {
    this.#look = { kind: "failed", atUtcMs: this.#parts.nowUtcMs(), failure };
  }
}

const NO_KEY = failed(
  "UPDATE_NO_KEY",
  "This console was built without the key of a publisher and takes updates from nobody.",
);
const NOTHING_OFFERED = failed("UPDATE_NOTHING_OFFERED", "No update is offered now.");
const BUSY = failed("UPDATE_BUSY", "The update is being installed already.");
const EXPORTS_RUNNING = failed(
  "UPDATE_EXPORTS_RUNNING",
  "Exports are under way. They stop with the console, and go on where they were when the new one has started.",
);
const NOT_INSTALLABLE = failed(
  "UPDATE_NOT_INSTALLABLE",
  "This console was not installed from a package that it could replace.",
);

function unsigned(place: string) {
  return failed(
    "UPDATE_UNSIGNED",
    `The update in ${place} is not signed: the file ${SIGNATURE_FILE} is not there. It is not installed.`,
  );
}

function older(offered: string, running: string) {
  return failed(
    "UPDATE_OLDER",
    `What is published there is version ${offered}, older than this one (${running}); it is not installed.`,
  );
}

function noPackage(version: string) {
  return failed(
    "UPDATE_NO_PACKAGE",
    `Version ${version} is published there, but no package of it for this system.`,
  );
}

function notInstalled(offered: string, running: string) {
  return failed(
    "UPDATE_NOT_INSTALLED",
    `Version ${offered} was to be installed, and this is still version ${running}. The log has the details.`,
  );
}
