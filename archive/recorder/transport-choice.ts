import type { CameraSource } from "#shared/archive-api/archive-api.ts";

/**
 * How a camera is asked to send. One that refuses one way is asked for the other, and again as it is set where that
 * gives nothing.
 */
export class TransportChoice {
  readonly #source: CameraSource | null;
  readonly #log: (words: string) => void;
  /** Null where it was not asked otherwise than it is set. */
  #other: "tcp" | "udp" | null = null;

  constructor(source: CameraSource | null, log: (words: string) => void) {
    [this.#source, this.#log] = [source, log];
  }

  /** The camera, and how it is asked to send. */
  get source(): CameraSource | null {
    const source = this.#source;
    return source?.kind !== "rtsp" || this.#other === null ? source : { ...source, transport: this.#other };
  }

  /** A try has failed. @param isRefused because of the way of sending */
  noteFailure(isRefused: boolean): void {
    const source = this.#source;
    if (source?.kind !== "rtsp") return;
    const asked = this.#other ?? source.transport ?? "tcp";
    const other = asked === "tcp" ? "udp" : "tcp";
    this.#other = isRefused && this.#other === null ? other : null;
    if (this.#other !== null)
      this.#log(`the camera refuses ${asked.toUpperCase()}; it is asked to send by ${other.toUpperCase()}`);
  }
}
