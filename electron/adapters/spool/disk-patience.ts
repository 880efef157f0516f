import { failureOfExport } from "#shared/domain/failure.ts";
import {
  ABORTED,
  type PortCall,
  type PortFailure,
  type PortOutcome,
} from "../../export-pipeline/ports/port-call.ts";

export interface PatienceLimits {
  /** Standing still for this long is said; longer than the archive may be silent, whose silence ends a try of its own. */
  readonly saidMs: number;
  /** For this long it is given up. A slow disk may take minutes to write down all that it was given. */
  readonly givenUpMs: number;
  /** What was ended from outside may take so long to end. */
  readonly endingMs: number;
}

/** What is worked on, with limits of its own where it has any. */
export interface WatchedDisk extends Partial<PatienceLimits> {
  /** Names it: the folder that is worked in. */
  readonly disk: string;
}

const LIMITS: PatienceLimits = { saidMs: 90_000, givenUpMs: 600_000, endingMs: 10_000 };
const LOOKS = 10;

/**
 * Work on a disk that may never come back, as on a network share whose other end is gone: the system ends no call on it. It
 * is said, given up in the end, and nothing more is begun on that disk until what was given up has come back: each such
 * call keeps one of the few threads that the whole program reads and writes with.
 */
export class DiskPatience {
  readonly #limits: PatienceLimits;
  readonly #left = new Map<string, number>();

  constructor(limits: Partial<PatienceLimits> = {}) {
    this.#limits = { ...LIMITS, ...limits };
  }

  /**
   * @param call whom to tell; null where nobody waits who could be told
   * @param work is told how to say that it moved
   */
  during<T>(
    { disk, ...changed }: WatchedDisk,
    call: PortCall | null,
    work: (moved: () => void) => Promise<PortOutcome<T>>,
  ): Promise<PortOutcome<T>> {
    if ((this.#left.get(disk) ?? 0) > 0) return Promise.resolve(silent(disk));
    const limits = { ...this.#limits, ...changed };
    const { promise, resolve, reject } = Promise.withResolvers<PortOutcome<T>>();
    const telling = new Telling(disk, call);
    let movedAtMs = performance.now();
    const working = work(() => (movedAtMs = performance.now()));
    const leave = (outcome: PortOutcome<never>): void => {
      this.#leave(disk, working);
      end(() => resolve(outcome));
    };
    const timer = setInterval(() => {
      const stillMs = performance.now() - movedAtMs;
      if (stillMs >= limits.givenUpMs) leave(silent(disk));
      else telling.look(stillMs >= limits.saidMs, limits.givenUpMs - stillMs);
    }, limits.saidMs / LOOKS);
    let ending: NodeJS.Timeout | undefined;
    const endSoon = (): void => {
      ending = setTimeout(() => leave(ABORTED), limits.endingMs);
    };
    const end = (settle: () => void): void => {
      clearInterval(timer);
      clearTimeout(ending);
      call?.signal.removeEventListener("abort", endSoon);
      telling.look(false, 0);
      settle();
    };
    if (call?.signal.aborted === true) endSoon();
    else call?.signal.addEventListener("abort", endSoon, { once: true });
    working.then(
      (outcome) => end(() => resolve(outcome)),
      (error: unknown) => end(() => reject(error)),
    );
    return promise;
  }

  #leave(disk: string, working: Promise<unknown>): void {
    this.#left.set(disk, (this.#left.get(disk) ?? 0) + 1);
    const back = (): void => void this.#left.set(disk, (this.#left.get(disk) ?? 1) - 1);
    // How it ended is nobody's concern any more: its caller was told that it was given up.
    working.then(back, back);
  }
}

/** Says it once when a disk stands still, and once when it goes on. */
class Telling {
  readonly #disk: string;
  readonly #call: PortCall | null;
  #isSaid = false;

  constructor(disk: string, call: PortCall | null) {
    this.#disk = disk;
    this.#call = call;
  }

  look(isSilent: boolean, leftMs: number): void {
    if (isSilent === this.#isSaid) return;
    this.#isSaid = isSilent;
    const waiting = { failure: silence(this.#disk), nextRetryAtMs: performance.now() + leftMs };
    this.#call?.reportWaiting(isSilent ? waiting : null);
  }
}

const silence = (disk: string): PortFailure => ({
  kind: "transient",
  ...failureOfExport({
    code: "SPOOL_DISK_SILENT",
    message: `The disk of the spool folder ${disk} does not answer.`,
  }),
});

const silent = (disk: string): PortOutcome<never> => ({ ok: false, error: silence(disk) });
