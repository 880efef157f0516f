/** Consoles that send one evidence after the other, with the console's own parts, through whatever happens. */
import { setTimeout as wait } from "node:timers/promises";
import { footageOf, must, SendingConsole } from "../conformance/sending-console.ts";

const FOOTAGE_BYTES = 6_000_000;
const LOOK_EVERY_MS = 500;

interface Reached {
  readonly url: string;
  readonly connectionFile: string;
}

export class Consoles {
  /** Evidence whose completion was acknowledged. */
  readonly sent: string[] = [];
  /** What a console gave up: it may not. */
  readonly failures: string[] = [];
  readonly #consoles: readonly SendingConsole[];

  private constructor(consoles: readonly SendingConsole[]) {
    this.#consoles = consoles;
  }

  static async start(count: number, reached: Reached): Promise<Consoles> {
    const consoles: SendingConsole[] = [];
    for (let index = 0; index < count; index += 1) {
      consoles.push(await SendingConsole.attached(footageOf(FOOTAGE_BYTES), reached));
    }
    return new Consoles(consoles);
  }

  /** @param untilMs by `performance.now()`; what is under way then is sent all the same */
  async sendUntil(untilMs: number): Promise<void> {
    await Promise.all(
      this.#consoles.map(async (desk) => {
        while (performance.now() < untilMs) await this.#sendOne(desk);
      }),
    );
  }

  async #sendOne(desk: SendingConsole): Promise<void> {
    try {
      const evidenceId = await desk.createEvidence();
      const segment = await desk.spoolSegment();
      const { resourceId } = await desk.send(evidenceId, segment);
      const files = [{ resourceId, sha512: segment.sha512 }];
      must(await desk.destination.completeEvidence(evidenceId, files, desk.call));
      this.sent.push(evidenceId);
    } catch (error) {
      this.failures.push(String(error));
    }
  }

  /** @returns evidence that was acknowledged and is not available, or not readable, after so long */
  async notAvailable(withinMs: number): Promise<readonly string[]> {
    const until = performance.now() + withinMs;
    let left: readonly string[] = this.sent;
    for (;;) {
      left = await this.#stillWaiting(left);
      if (left.length === 0 || performance.now() >= until) return left;
      await wait(LOOK_EVERY_MS);
    }
  }

  async #stillWaiting(evidence: readonly string[]): Promise<readonly string[]> {
    const [desk] = this.#consoles;
    if (desk === undefined) return evidence;
    const left: string[] = [];
    for (const evidenceId of evidence) {
      const state = await desk.destination.lifecycle(evidenceId, desk.call);
      // Random bytes are no video: what cannot be joined has failed in a way that is said, and is whole all the same.
      const isDone = state.ok && (state.value.kind === "available" || state.value.kind === "failed");
      if (!isDone) left.push(evidenceId);
    }
    return left;
  }

  async stop(): Promise<void> {
    for (const desk of this.#consoles) await desk.stop();
  }
}
