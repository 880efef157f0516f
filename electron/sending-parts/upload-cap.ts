import { capAt } from "#shared/domain/bandwidth-schedule.ts";
import type { SegmentWorker } from "../adapters/segment-encryptor/segment-workers.ts";
import type { SettingsStore } from "../adapters/site/settings-store.ts";

/** A schedule's hours begin and end at most this late. */
const LOOK_EVERY_MS = 5_000;

interface CappedParts {
  readonly settings: Pick<SettingsStore, "destination">;
  /** IANA name of the zone in which a schedule's hours are meant, as it is now. */
  readonly timeZone: () => string;
  readonly worker: Pick<SegmentWorker, "setBandwidthCap">;
}

/** The cap on uploads that the settings give at each moment, heeded by the thread that sends. */
export class UploadCap {
  readonly #parts: CappedParts;
  readonly #looking: NodeJS.Timeout;
  /** As of the last look: reading the settings for each status would cost more than the status. */
  #inForce: number | null = null;

  constructor(parts: CappedParts) {
    this.#parts = parts;
    this.apply();
    this.#looking = setInterval(() => this.apply(), LOOK_EVERY_MS);
  }

  /** Bytes per second; null for none. */
  get inForce(): number | null {
    return this.#inForce;
  }

  /** Bytes per second, by the settings as they are now. */
  now(): number | null {
    return capAt(this.#parts.settings.destination(), Date.now(), this.#parts.timeZone());
  }

  /** The settings have changed, or other hours of the schedule may have begun. */
  apply(): void {
    this.#inForce = this.now();
    this.#parts.worker.setBandwidthCap(this.#inForce);
  }

  stop(): void {
    clearInterval(this.#looking);
  }
}
