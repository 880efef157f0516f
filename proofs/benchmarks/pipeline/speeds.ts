import { coreSeconds } from "./core-seconds.ts";

/** Bytes a second of everything measured, each several times; the best counts, as others use the machine too. */
export class Speeds {
  readonly #all = new Map<string, number[]>();
  readonly #coreSecondsAByte = new Map<string, number>();

  /** Times work that answers how many bytes it moved. */
  async time(name: string, work: () => number | Promise<number>): Promise<void> {
    const [startedMs, workedBefore] = [performance.now(), coreSeconds()];
    const bytes = await work();
    this.add(name, { ms: performance.now() - startedMs, bytes });
    const aByte = (coreSeconds() - workedBefore) / bytes;
    this.#coreSecondsAByte.set(name, Math.min(aByte, this.#coreSecondsAByte.get(name) ?? Infinity));
  }

  /** Of all processes together, at the least; of what was timed. */
  coreSecondsAByte(name: string): number {
    return this.#coreSecondsAByte.get(name) ?? Number.NaN;
  }

  add(name: string, { ms = 0, bytes = 0 }: { readonly ms?: number; readonly bytes?: number }): void {
    const bytesPerSecond = (bytes * 1000) / ms;
    this.#all.set(name, [...(this.#all.get(name) ?? []), bytesPerSecond]);
    process.stderr.write(`  ${name.padEnd(34)} ${mb(bytesPerSecond)}\n`);
  }

  best(name: string): number {
    return Math.max(...(this.#all.get(name) ?? []));
  }

  names(): string[] {
    return [...this.#all.keys()];
  }

  all(name: string): readonly number[] {
    return this.#all.get(name) ?? [];
  }
}

export function mb(bytesPerSecond: number): string {
  return `${(bytesPerSecond / 1e6).toFixed(0).padStart(6)} MB/s`;
}
