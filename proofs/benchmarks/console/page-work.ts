import type { CDPSession } from "playwright-core";

/** Processor time of a page's main thread, milliseconds: the same on a busy machine, but for its caches. */
export interface PageWork {
  /** Everything it did; the others are parts of it. */
  readonly taskMs: number;
  readonly scriptMs: number;
  readonly layoutMs: number;
  readonly styleMs: number;
}

const METRICS = {
  taskMs: "TaskDuration",
  scriptMs: "ScriptDuration",
  layoutMs: "LayoutDuration",
  styleMs: "RecalcStyleDuration",
} as const satisfies Record<keyof PageWork, string>;
const PARTS = Object.keys(METRICS) as (keyof PageWork)[];

/** @returns what the page's main thread did while the other ran, and what the other answered */
export async function workOf<T>(
  session: CDPSession,
  run: () => Promise<T>,
): Promise<{ readonly work: PageWork; readonly value: T }> {
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const before = await soFar(session);
  const value = await run();
  const after = await soFar(session);
  await session.send("Performance.disable");
  return { value, work: eachPart((part) => after[part] - before[part]) };
}

/** @param times for how many frames, or keys, the work was done */
export function workPer(works: readonly PageWork[], times: number): PageWork {
  return eachPart((part) => works.reduce((sum, work) => sum + work[part], 0) / times);
}

async function soFar(session: CDPSession): Promise<PageWork> {
  const { metrics } = await session.send("Performance.getMetrics");
  return eachPart((part) => (metrics.find(({ name }) => name === METRICS[part])?.value ?? 0) * 1000);
}

function eachPart(of: (part: keyof PageWork) => number): PageWork {
  return Object.fromEntries(PARTS.map((part) => [part, of(part)])) as unknown as PageWork;
}
