import { readFile } from "node:fs/promises";
import { type FaultProxy, passOn, startFaultProxy } from "#proofs/fault-proxy/fault-proxy.ts";
import { type ConsoleEnvironment, ConsoleProcess, through } from "./console-process.ts";
import type { DeskUnderTest, TinyExport } from "./desk-under-test.ts";
import { countsOf, type EffectCounts, kindOfRequest, type MatrixPoint, nameOf } from "./kill-points.ts";
import { faultsOf } from "./export-faults.ts";
import type { ServiceProcess } from "./service-process.ts";

export interface KillReport {
  readonly point: MatrixPoint;
  readonly name: string;
  /** The process came to the point and was killed there. */
  readonly reached: boolean;
  readonly faults: readonly string[];
}

/** An export of a few kilobytes ends long before this, on a busy machine too. */
const PATIENCE_MS = 60_000;

/** One console after another behind a proxy, with a service that may be this stand's own. */
export class TestStand {
  readonly #desk: DeskUnderTest;
  readonly #service: ServiceProcess;
  readonly #proxy: FaultProxy;

  private constructor(desk: DeskUnderTest, service: ServiceProcess, proxy: FaultProxy) {
    this.#desk = desk;
    this.#service = service;
    this.#proxy = proxy;
  }

  static async open(desk: DeskUnderTest, service: ServiceProcess = desk.service): Promise<TestStand> {
    return new TestStand(desk, service, await startFaultProxy(passOn, new URL(desk.archive.url).host));
  }

  async close(): Promise<void> {
    await this.#proxy.close();
  }

  /** A run without a kill, to learn what there is. */
  async dryRun(): Promise<{ disk: EffectCounts; network: EffectCounts }> {
    const requests: string[] = [];
    this.#proxy.treat(async (exchange) => {
      await passOn(exchange);
      requests.push(kindOfRequest(exchange.request));
    });
    const tiny = this.#newExport();
    const effectLog = `${tiny.order.folder}.log`;
    const faults = await this.#finish(tiny, { effectLog });
    if (faults.length > 0) throw new Error(`Without any kill: ${faults.join(" ")}`);
    const effects = (await readFile(effectLog, "utf8")).trim().split("\n");
    return { disk: countsOf(effects), network: countsOf(requests) };
  }

  /** The console is killed at the point, started again, and must end right. */
  async killConsole(point: MatrixPoint): Promise<KillReport> {
    const tiny = this.#newExport();
    const first = this.#start(tiny, point.medium === "disk" ? { killPoint: point } : {});
    if (point.medium === "network") this.#killAtRequest(point, first);
    await first.settled(PATIENCE_MS);
    const reached = first.wasKilled;
    if (!first.isGone) await first.stop();
    this.#proxy.treat(passOn);
    const faults = await this.#finish(tiny);
    return { point, name: nameOf(point), reached, faults: [...first.unexpectedLines, ...faults] };
  }

  /** The service is killed at the point, as seen from the console, which stays up; it is started again. */
  async killService(point: MatrixPoint): Promise<KillReport> {
    const tiny = this.#newExport();
    let restarted: Promise<void> | null = null;
    const kill = async (): Promise<void> => {
      await this.#service.kill();
      restarted = this.#service.restart();
    };
    this.#treatNth(point, kill);
    const faults = await this.#finish(tiny);
    this.#proxy.treat(passOn);
    if (restarted !== null) await (restarted as Promise<void>);
    return { point, name: nameOf(point), reached: restarted !== null, faults };
  }

  /** Both are killed, each at a moment of its own, and started again at once. */
  async killBoth(name: string, consoleAfterMs: number, serviceAfterMs: number): Promise<string[]> {
    this.#proxy.treat(passOn);
    const tiny = this.#newExport();
    const first = this.#start(tiny);
    const consoleGone = after(consoleAfterMs).then(() => first.kill());
    const serviceBack = after(serviceAfterMs)
      .then(() => this.#service.kill())
      .then(() => this.#service.restart());
    await consoleGone;
    const faults = await this.#finish(tiny);
    await serviceBack;
    return [...first.unexpectedLines, ...faults].map((fault) => `${name}: ${fault}`);
  }

  #newExport(): TinyExport {
    return this.#desk.newExport(this.#service);
  }

  #start({ order }: TinyExport, environment: ConsoleEnvironment = {}): ConsoleProcess {
    return new ConsoleProcess(through(this.#proxy, order), environment);
  }

  async #finish(tiny: TinyExport, environment: ConsoleEnvironment = {}): Promise<string[]> {
    const desk = this.#start(tiny, environment);
    const late = await desk.settled(PATIENCE_MS).then(
      () => [],
      (error: unknown) => [String(error)],
    );
    const exitCode = await desk.stop();
    const end = exitCode === 0 ? [] : [`The console ended with ${exitCode}.`];
    const shown =
      desk.picture?.kind === "available" ? [] : [`Shown at the end: ${JSON.stringify(desk.picture)}`];
    return [...late, ...desk.unexpectedLines, ...end, ...shown, ...(await faultsOf(tiny, this.#service))];
  }

  /** Before: the request never arrives. After: it has been carried out, and the console never learns of it. */
  #killAtRequest(point: MatrixPoint, victim: ConsoleProcess): void {
    let count = 0;
    this.#proxy.treat(async (exchange) => {
      if (kindOfRequest(exchange.request) === point.kind) count += 1;
      if (count !== point.number || victim.isGone) return await passOn(exchange);
      if (point.moment === "after") await exchange.forward();
      await victim.kill();
      exchange.reset();
    });
  }

  /** Before: the request finds no service. After: the console has the answer of a service that is gone. */
  #treatNth(point: MatrixPoint, kill: () => Promise<void>): void {
    let count = 0;
    let isDone = false;
    this.#proxy.treat(async (exchange) => {
      if (kindOfRequest(exchange.request) === point.kind) count += 1;
      if (isDone || count !== point.number) return await passOn(exchange);
      isDone = true;
      const answer = point.moment === "after" ? await exchange.forward() : null;
      await kill();
      if (answer === null) exchange.reset();
      else await exchange.answer(answer);
    });
  }
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
