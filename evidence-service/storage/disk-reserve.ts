/**
 * Room on the service's disk for what must go on when it is full: sign-in, reading, the audit trail. Uploads end while
 * there is still room for those; and where something else fills the disk, a file that holds room for them is given up.
 */
import { open, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { saysDiskFull } from "#runtime/files/disk-full.ts";
import { formatBytes } from "#shared/words/amounts.ts";
import { saysMissing } from "#runtime/files/missing-file.ts";

export interface DiskReserveParts {
  /** The service's folder. */
  readonly dir: string;
  /** Uploads leave so much free. */
  readonly reserveBytes: number;
  /** Length of the file that is given up when less than a half of it is free; 0 for none. */
  readonly ballastBytes: number;
  /** Asks the system unless a test says otherwise. */
  readonly freeBytes?: (() => Promise<number>) | undefined;
  readonly report: (message: string) => void;
}

/** The disk has no room for an upload; it may pass. */
export class DiskFull extends Error {}

/** With so much more free than is wanted, the disk is asked once in a while, and not for each block. */
const FAR_BYTES = 4 * 1024 ** 3;
const ASKED_MOST_MS = 1_000;

const BALLAST_FILE = "reserve.bin";
const CHUNK = Buffer.alloc(1 << 20);

/** Whether there was no room for something, on the disk or beside the reserve. */
export const saysNoRoom = (error: unknown): boolean => error instanceof DiskFull || saysDiskFull(error);

export class DiskReserve {
  readonly #parts: DiskReserveParts;
  readonly #freeBytes: () => Promise<number>;
  /** Of uploads under way, whole: what of them is written already is counted twice. */
  #pendingBytes = 0;
  readonly #pendingOf = new Map<string, number>();
  #wasFull = false;
  /** What the system said last, and what was written here since. */
  #asked = { atMs: -Infinity, freeBytes: 0, writtenSince: 0 };

  constructor(parts: DiskReserveParts) {
    this.#parts = parts;
    this.#freeBytes = parts.freeBytes ?? (() => freeIn(parts.dir));
  }

  /**
   * Writes an upload where there is room for it.
   * @param lengthBytes all that will be written
   * @param client whose upload it is
   * @throws DiskFull before anything is written
   */
  async taking<T>(lengthBytes: number, write: () => Promise<T>, client: string): Promise<T> {
    if (!this.#isFarFromFull(lengthBytes)) {
      const freeBytes = await this.#ask();
      if (this.#leftOf(freeBytes) - lengthBytes < this.#parts.reserveBytes) {
        throw new DiskFull(`The disk of the evidence service is full: ${formatBytes(freeBytes)} are free.`);
      }
    }
    this.#refuseAllOfIt(lengthBytes, client);
    this.#promise(client, lengthBytes);
    try {
      return await write();
    } finally {
      this.#promise(client, -lengthBytes);
      this.#asked.writtenSince += lengthBytes;
    }
  }

  #promise(client: string, lengthBytes: number): void {
    this.#pendingBytes += lengthBytes;
    const ofClient = (this.#pendingOf.get(client) ?? 0) + lengthBytes;
    if (ofClient === 0) this.#pendingOf.delete(client);
    else this.#pendingOf.set(client, ofClient);
  }

  /** To promise bytes costs nothing: who promises many and sends none leaves others as much room as it holds itself. */
  #refuseAllOfIt(lengthBytes: number, client: string): void {
    const before = this.#pendingOf.get(client) ?? 0;
    const left = this.#leftOf(this.#asked.freeBytes) - lengthBytes - this.#parts.reserveBytes;
    if (before === 0 || left >= before + lengthBytes) return;
    throw new DiskFull(
      `Of what is free on the disk of the evidence service ${formatBytes(before)} are kept for this client.`,
    );
  }

  /** By what the system said a moment ago: whoever else writes cannot have taken so much meanwhile. */
  #isFarFromFull(lengthBytes: number): boolean {
    const { atMs, freeBytes, writtenSince } = this.#asked;
    if (performance.now() - atMs > ASKED_MOST_MS) return false;
    return this.#leftOf(freeBytes) - writtenSince - lengthBytes > this.#parts.reserveBytes + FAR_BYTES;
  }

  #leftOf(freeBytes: number): number {
    return freeBytes - this.#pendingBytes;
  }

  async #ask(): Promise<number> {
    const atMs = performance.now();
    const freeBytes = await this.#freeBytes();
    this.#asked = { atMs, freeBytes, writtenSince: 0 };
    return freeBytes;
  }

  async room(): Promise<{ readonly freeBytes: number; readonly isFull: boolean }> {
    const freeBytes = await this.#ask();
    return { freeBytes, isFull: freeBytes - this.#pendingBytes < this.#parts.reserveBytes };
  }

  /** Gives the ballast up or takes it on again, and says when the disk becomes full. */
  async look(): Promise<void> {
    const { ballastBytes, reserveBytes, report } = this.#parts;
    const { freeBytes, isFull } = await this.room();
    if (isFull !== this.#wasFull) {
      report(isFull ? "the disk is full: uploads are refused" : "the disk has room again: uploads go on");
    }
    this.#wasFull = isFull;
    if (freeBytes < ballastBytes / 2) await this.giveUp();
    else if (freeBytes > reserveBytes + ballastBytes && !(await this.#isWhole())) await this.#takeOn();
  }

  /** Whoever found the disk full calls it; whatever is tried next has room. */
  async giveUp(): Promise<void> {
    const path = join(this.#parts.dir, BALLAST_FILE);
    const held = await lengthOf(path);
    if (held === 0) return;
    await rm(path, { force: true });
    this.#parts.report(`the disk is full: ${formatBytes(held)} of the reserve were given up`);
  }

  async #isWhole(): Promise<boolean> {
    return (await lengthOf(join(this.#parts.dir, BALLAST_FILE))) >= this.#parts.ballastBytes;
  }

  async #takeOn(): Promise<void> {
    const handle = await open(join(this.#parts.dir, BALLAST_FILE), "w", 0o600);
    try {
      for (let left = this.#parts.ballastBytes; left > 0; left -= CHUNK.length) {
        await handle.write(CHUNK, 0, Math.min(left, CHUNK.length));
      }
    } finally {
      await handle.close();
    }
  }
}

async function lengthOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    (error: unknown) => (saysMissing(error) ? 0 : Promise.reject(error)),
  );
}

async function freeIn(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
}
