import type { Failure } from "#shared/domain/failure.ts";
import type { ExportLedger } from "../tracked/export-ledger.ts";
import {
  ABORTED,
  type PortCall,
  type PortFailure,
  type PortOutcome,
  portSucceeded,
} from "../ports/port-call.ts";
import type { SegmentSpool, SpoolJob } from "../ports/segment-spool.ts";
import { type AccountKey, accountKeyOf, obstacleFor, spoolUse } from "./spool-room.ts";

/** How often to look for room when nothing announces it: others empty disks too. */
const ROOM_CHECK_MS = 5_000;

export interface TurnParts {
  readonly spool: Pick<SegmentSpool, "space">;
  readonly ledger: Pick<ExportLedger, "find" | "findSegment">;
  /** Milliseconds that only go forward. */
  readonly steadyNow: () => number;
  /** Resolves after the time, or at once when the signal aborts. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

type Asked = Pick<SpoolJob, "exportId" | "cameraExportId" | "lengthBytes">;

interface Waiter {
  readonly asked: Asked;
  readonly account: AccountKey;
  readonly call: PortCall;
  readonly begin: () => void;
  readonly giveUp: (failure: PortFailure) => void;
  readonly fail: (error: unknown) => void;
  isTold: boolean;
}

/**
 * Turns to read from the archive. A turn is two things given together, or not at all: the console's one read,
 * and room in the spool for what is read. Whoever waits holds neither, so nobody can wait in a circle. First come,
 * first served within an account; if the first of one account has no room, the first of the next may go.
 */
export class ReadingTurns {
  readonly #parts: TurnParts;
  readonly #waiters = new Set<Waiter>();
  #isReading = false;
  #isServing = false;
  #wake = new AbortController();

  constructor(parts: TurnParts) {
    this.#parts = parts;
  }

  /**
   * Waits for a turn, reports what it waits for, and reads. Leaves the queue at once when the call's signal aborts.
   */
  async during<T>(
    asked: Asked,
    call: PortCall,
    read: () => Promise<PortOutcome<T>>,
  ): Promise<PortOutcome<T>> {
    const turn = await this.#turn(asked, call);
    if (!turn.ok) return turn;
    try {
      return await read();
    } finally {
      this.#isReading = false;
      this.look();
    }
  }

  /** There may be room now, or somebody new. */
  look(): void {
    this.#wake.abort();
    if (!this.#isServing) void this.#serve();
  }

  /** Succeeds once it is the caller's turn; the caller must end it. */
  #turn(asked: Asked, call: PortCall): Promise<PortOutcome<void>> {
    if (call.signal.aborted) return Promise.resolve(ABORTED);
    return new Promise((resolve, reject) => {
      const leave = () => {
        settled(() => resolve(ABORTED));
        // Who was behind may have room, and where nobody is, nothing is looked at any more.
        this.#wake.abort();
      };
      const settled = (settle: () => void) => {
        call.signal.removeEventListener("abort", leave);
        this.#waiters.delete(waiter);
        if (waiter.isTold) call.reportWaiting(null);
        settle();
      };
      const waiter: Waiter = {
        asked,
        account: accountKeyOf(this.#parts.ledger.find(asked.exportId)),
        call,
        isTold: false,
        begin: () => settled(() => resolve(portSucceeded(undefined))),
        giveUp: (error) => settled(() => resolve({ ok: false, error })),
        fail: (error) => settled(() => reject(error)),
      };
      call.signal.addEventListener("abort", leave, { once: true });
      this.#waiters.add(waiter);
      this.look();
    });
  }

  async #serve(): Promise<void> {
    this.#isServing = true;
    try {
      while (this.#waiters.size > 0 && !this.#isReading) await this.#serveOnce();
    } catch (error) {
      for (const waiter of [...this.#waiters]) waiter.fail(error);
    } finally {
      this.#isServing = false;
    }
  }

  /** Begins one read, or tells everyone what they wait for and looks again later. */
  async #serveOnce(): Promise<void> {
    this.#wake = new AbortController();
    const wake = this.#wake.signal;
    const obstacles = await this.#obstacles();
    if (obstacles === null) return;
    this.#tell(obstacles);
    const hurries = [...this.#waiters].flatMap(({ isTold, call }) => (isTold && call.hurry?.()) || []);
    await this.#parts.pause(ROOM_CHECK_MS, AbortSignal.any([wake, ...hurries]));
  }

  /** @returns null when a read has begun or nobody waits any more, else what is in the way, by account */
  async #obstacles(): Promise<Map<AccountKey, Failure> | null> {
    const obstacleOf = await this.#judge();
    const obstacles = new Map<AccountKey, Failure>();
    for (const waiter of [...this.#waiters]) {
      if (obstacles.has(waiter.account)) continue;
      const obstacle = obstacleOf(waiter);
      if (obstacle === null) {
        this.#isReading = true;
        waiter.begin();
        return null;
      }
      if (obstacle.kind === "permanent") waiter.giveUp(obstacle);
      else obstacles.set(waiter.account, obstacle);
    }
    return obstacles.size === 0 ? null : obstacles;
  }

  /** What stands in the way of each, as things are now. */
  async #judge(): Promise<(waiter: Waiter) => PortFailure | null> {
    const space = await this.#parts.spool.space();
    if (!space.ok) return () => space.error;
    const { ledger } = this.#parts;
    const use = spoolUse(space.value.files, (segmentId) => ledger.findSegment(segmentId));
    return ({ asked: { lengthBytes }, account }) => obstacleFor({ lengthBytes, account }, space.value, use);
  }

  /** Once for each camera export: it may have thousands of parts. */
  #tell(obstacles: ReadonlyMap<AccountKey, Failure>): void {
    const nextRetryAtMs = this.#parts.steadyNow() + ROOM_CHECK_MS;
    const told = new Set<string>();
    for (const waiter of this.#waiters) {
      const obstacle = obstacles.get(waiter.account);
      if (obstacle === undefined || told.has(waiter.asked.cameraExportId)) continue;
      told.add(waiter.asked.cameraExportId);
      const { code, message, action } = obstacle;
      waiter.isTold = true;
      waiter.call.reportWaiting({ failure: { code, message, action }, nextRetryAtMs });
    }
  }
}
