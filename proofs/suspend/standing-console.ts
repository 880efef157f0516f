import type { Socket } from "node:net";
import { ConsoleProcess, through } from "#proofs/crash-matrix/console-process.ts";
import type { DeskUnderTest, TinyExport } from "#proofs/crash-matrix/desk-under-test.ts";
import { kindOfRequest } from "#proofs/crash-matrix/kill-points.ts";
import { faultsOf } from "#proofs/crash-matrix/export-faults.ts";
import { type Exchange, type FaultProxy, passOn, startFaultProxy } from "#proofs/fault-proxy/fault-proxy.ts";
import type { Stage } from "./stages.ts";

/** Whoever has not gone on by then does not. */
const WATCHED_MS = 120_000;
const SETTLED_MS = 240_000;

/** A console whose export comes to a stage and stands there, and the network around it. */
export class StandingConsole {
  readonly stage: Stage;
  readonly #desk: DeskUnderTest;
  readonly #proxy: FaultProxy;
  readonly #export: TinyExport;
  readonly console: ConsoleProcess;
  readonly #reached = Promise.withResolvers<void>();
  readonly #going = Promise.withResolvers<void>();
  readonly #wentOn = Promise.withResolvers<number>();
  readonly #sockets = new Set<Socket>();
  /** Connections that lead nowhere any more, without anybody being told. */
  #dead: ReadonlySet<Socket> = new Set();
  #phase: "coming" | "going" = "coming";
  #count = 0;
  #answered = 0;

  private constructor(desk: DeskUnderTest, stage: Stage, proxy: FaultProxy, preload: URL | undefined) {
    this.stage = stage;
    this.#desk = desk;
    this.#proxy = proxy;
    this.#export = desk.newExport();
    proxy.treat((exchange) => this.#treat(exchange));
    const order = { ...this.#export.order, longestPauseMs: Infinity };
    const changed = stage.order?.(order) ?? order;
    this.console = new ConsoleProcess(through(proxy, changed), preload === undefined ? {} : { preload });
  }

  static async open(desk: DeskUnderTest, stage: Stage, preload: URL | undefined): Promise<StandingConsole> {
    const proxy = await startFaultProxy(passOn, new URL(desk.archive.url).host);
    return new StandingConsole(desk, stage, proxy, preload);
  }

  /** Until its export has come to the stage. */
  async reached(): Promise<void> {
    await within(
      this.#reached.promise,
      WATCHED_MS,
      () => `${this.stage.name} was not reached. ${this.#told()}`,
    );
  }

  /** What is open now is dead from now on, as after a night or in another network. */
  sever(): void {
    this.#dead = new Set(this.#sockets);
  }

  /**
   * The network is well again; what still waits on a living connection arrives now, late.
   * @param wake the last thing that is done, from which on it is timed
   * @returns seconds until it has gone on, or null when it does not
   */
  async goOn(wake: () => void): Promise<number | null> {
    this.#phase = "going";
    const sinceMs = performance.now();
    wake();
    this.#going.resolve();
    const atMs = await within(this.#wentOn.promise, WATCHED_MS, () => "").catch(() => null);
    return atMs === null ? null : Math.round(atMs - sinceMs) / 1_000;
  }

  /** Lets the export end. @returns what is wrong then, in sentences */
  async faults(): Promise<string[]> {
    try {
      await this.console.settled(SETTLED_MS);
      const kind = this.console.picture?.kind;
      const ended = kind === "available" ? [] : [`It ended as ${kind}. ${this.#told()}`];
      return [
        ...ended,
        ...this.console.unexpectedLines,
        ...(await faultsOf(this.#export, this.#desk.service)),
      ];
    } catch (error) {
      return [error instanceof Error ? error.message : String(error)];
    }
  }

  async close(): Promise<void> {
    await this.console.kill();
    await this.#proxy.close();
  }

  async #treat(exchange: Exchange): Promise<void> {
    this.#sockets.add(exchange.socket);
    const kind = kindOfRequest(exchange.request);
    if (this.#phase === "coming" && this.stage.stands.test(kind)) return await this.#stand(exchange);
    if (this.#dead.has(exchange.socket)) return;
    await this.#answer(exchange, kind);
  }

  async #stand(exchange: Exchange): Promise<void> {
    this.#count += 1;
    const { meanwhile, atRequest = 1 } = this.stage;
    const done = meanwhile?.(exchange, this.#count);
    if (this.#count === atRequest) this.#reached.resolve();
    await done;
    if (meanwhile !== undefined) return;
    await this.#going.promise;
    if (!this.#dead.has(exchange.socket)) await this.#answer(exchange, kindOfRequest(exchange.request));
  }

  async #answer(exchange: Exchange, kind: string): Promise<void> {
    const answer = await exchange.forward();
    await exchange.answer(answer);
    const { goesOn } = this.stage;
    if (this.#phase !== "going" || answer.status >= 400) return;
    if (!(goesOn?.with ?? this.stage.stands).test(kind)) return;
    this.#answered += 1;
    if (this.#answered === (goesOn?.times ?? 1)) this.#wentOn.resolve(performance.now());
  }

  #told(): string {
    return `${JSON.stringify(this.console.picture ?? null)} ${this.console.unexpectedLines.join("; ")}`;
  }
}

async function within<T>(promise: Promise<T>, limitMs: number, words: () => string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(words())), limitMs);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
