/** What a page still holds of what it made, after everything that nobody refers to was collected. */
import type { CDPSession } from "playwright-core";

/** What players are made of; each costs memory, threads or decoders. */
export const PLAYER_PARTS = ["HTMLVideoElement", "MediaSource", "SourceBuffer", "Worker"] as const;

export type Held = Readonly<Record<(typeof PLAYER_PARTS)[number] | "nodes" | "listeners", number>>;

/** Counts parts of players, elements (also those in no document) and listeners. */
export async function heldByPage(session: CDPSession): Promise<Held> {
  // What is freed by the first round may be what holds others; finalizers run in between.
  for (let round = 0; round < 3; round += 1) await session.send("HeapProfiler.collectGarbage");
  const parts: [string, number][] = [];
  for (const part of PLAYER_PARTS) parts.push([part, await countOf(session, part)]);
  await session.send("Performance.enable");
  const { metrics } = await session.send("Performance.getMetrics");
  const metric = (name: string): number => metrics.find((each) => each.name === name)?.value ?? 0;
  return {
    ...(Object.fromEntries(parts) as Record<(typeof PLAYER_PARTS)[number], number>),
    ...{ nodes: metric("Nodes"), listeners: metric("JSEventListeners") },
  };
}

/** The prototype itself is none of them and does not count. */
async function countOf(session: CDPSession, constructor: string): Promise<number> {
  const objectGroup = "held-by-page";
  const { result: prototype } = await session.send("Runtime.evaluate", {
    expression: `${constructor}.prototype`,
    objectGroup,
  });
  const { objects } = await session.send("Runtime.queryObjects", {
    prototypeObjectId: prototype.objectId ?? "",
    objectGroup,
  });
  const { result } = await session.send("Runtime.callFunctionOn", {
    objectId: objects.objectId ?? "",
    functionDeclaration: "function () { return this.length }",
    returnByValue: true,
  });
  await session.send("Runtime.releaseObjectGroup", { objectGroup });
  return Number(result.value);
}
