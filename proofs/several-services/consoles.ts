/** Consoles that send one evidence after the other, with the console's own parts, through whatever happens. */
import { setTimeout as wait } from "node:timers/promises";
import type { EvidenceLifecycle } from "#electron/export-pipeline/ports/evidence-destination.ts";
import { must, SendingConsole } from "../conformance/sending-console.ts";
import { paddedVideo, shortVideo } from "./padded-video.ts";

const FOOTAGE_BYTES = 6_000_000;
const LOOK_EVERY_MS = 500;
const SAY_EVERY_MS = 10_000;
/** How long nothing may arrive of what consoles were sending when the time was over, and how long one look may take. */
const STANDS_STILL_MS = 300_000;

interface Reached {
  readonly url: string;
  readonly connectionFile: string;
}

/** An evidence whose completion was acknowledged, and its one file. */
export interface Acknowledged {
  readonly evidenceId: string;
  readonly resourceId: string;
}

interface Patience {
  /** How long it may come no further. */
  readonly standsStillMs: number;
  /** What is waited for, now and then. */
  readonly say?: (line: string) => void;
}

export class Consoles {
  readonly sent: Acknowledged[] = [];
  /** Every evidence that a service said it made. */
  readonly created: string[] = [];
  /** What a console gave up: it may not. */
  readonly failures: string[] = [];
  /** How many consoles have begun an evidence that has not ended. */
  sending = 0;
  #lastSentMs = 0;
  readonly #consoles: readonly SendingConsole[];

  private constructor(consoles: readonly SendingConsole[]) {
    this.#consoles = consoles;
  }

  /** @param footage of each; a video unless told */
  static async start(count: number, reached: Reached, footage?: () => Buffer): Promise<Consoles> {
    const video = footage === undefined ? await shortVideo() : Buffer.of();
    const consoles: SendingConsole[] = [];
    for (let index = 0; index < count; index += 1) {
      const sent = footage?.() ?? paddedVideo(video, FOOTAGE_BYTES);
      consoles.push(await SendingConsole.attached(sent, reached));
    }
    return new Consoles(consoles);
  }

  /** @param untilMs by `performance.now()`; what is under way then is sent all the same, and given up where nothing arrives for five minutes */
  async sendUntil(untilMs: number): Promise<void> {
    const watch = setInterval(() => {
      const sinceMs = Math.max(untilMs, this.#lastSentMs);
      if (performance.now() > sinceMs + STANDS_STILL_MS) for (const desk of this.#consoles) desk.giveUp();
    }, LOOK_EVERY_MS);
    try {
      await Promise.all(
        this.#consoles.map(async (desk) => {
          while (performance.now() < untilMs) await this.#sendOne(desk);
        }),
      );
    } finally {
      clearInterval(watch);
    }
  }

  async #sendOne(desk: SendingConsole): Promise<void> {
    this.sending += 1;
    try {
      const evidenceId = await desk.createEvidence();
      this.created.push(evidenceId);
      const segment = await desk.spoolSegment();
      const { resourceId } = await desk.send(evidenceId, segment);
      const files = [{ resourceId, sha512: segment.sha512 }];
      must(await desk.destination.completeEvidence(evidenceId, files, desk.call));
      this.sent.push({ evidenceId, resourceId });
      this.#lastSentMs = performance.now();
    } catch (error) {
      this.failures.push(
        `A console gave up; it waited last for ${desk.waits.at(-1) ?? "nothing"}. ${String(error)}`,
      );
    } finally {
      this.sending -= 1;
    }
  }

  /** @returns a sentence for each evidence that was acknowledged and is not available once nothing changes any more */
  async notAvailable({ standsStillMs, say = () => undefined }: Patience): Promise<readonly string[]> {
    let [left, failed]: [readonly string[], readonly string[]] = [
      this.sent.map(({ evidenceId }) => evidenceId),
      [],
    ];
    let [until, sayAgain] = [performance.now() + standsStillMs, 0];
    for (;;) {
      const before = left.length;
      const now = await this.#lifecycles(left);
      left = now.filter(({ kind }) => kind !== "available" && kind !== "failed").map(({ id }) => id);
      failed = [...failed, ...now.filter(({ kind }) => kind === "failed").map(({ said }) => said)];
      if (left.length < before) until = performance.now() + standsStillMs;
      if (left.length === 0) return failed;
      if (performance.now() >= until)
        return [...failed, ...left.map((id) => `${id} does not become available.`)];
      if (performance.now() >= sayAgain) {
        say(`waiting until ${left.length} of ${this.sent.length} evidences are available`);
        sayAgain = performance.now() + SAY_EVERY_MS;
      }
      await wait(LOOK_EVERY_MS);
    }
  }

  async #lifecycles(evidence: readonly string[]) {
    const [desk] = this.#consoles;
    if (desk === undefined) throw new Error("There are no consoles.");
    const found: { readonly id: string; readonly kind: EvidenceLifecycle["kind"]; readonly said: string }[] =
      [];
    for (const id of evidence) {
      const call = { ...desk.call, signal: AbortSignal.timeout(STANDS_STILL_MS) };
      const state = must(await desk.destination.lifecycle(id, call));
      const said = state.kind === "failed" ? `${id} has failed: ${state.detail}` : "";
      found.push({ id, kind: state.kind, said });
    }
    return found;
  }

  async stop(): Promise<void> {
    for (const desk of this.#consoles) await desk.stop();
  }
}
