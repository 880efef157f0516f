import type { CDPSession } from "playwright-core";

/** What a page holds after everything that nobody refers to was collected. */
export interface Heap {
  readonly usedBytes: number;
  /** Of elements, texts and the like, also those that are in no document any more. */
  readonly nodes: number;
  readonly listeners: number;
}

/** Collects garbage and measures what is left. */
export async function heapOf(session: CDPSession): Promise<Heap> {
  // What is freed by the first round may be what holds others; finalizers run in between.
  for (let round = 0; round < 3; round += 1) await session.send("HeapProfiler.collectGarbage");
  await session.send("Performance.enable");
  const { metrics } = await session.send("Performance.getMetrics");
  const metric = (name: string): number => metrics.find((each) => each.name === name)?.value ?? 0;
  return {
    usedBytes: metric("JSHeapUsedSize"),
    nodes: metric("Nodes"),
    listeners: metric("JSEventListeners"),
  };
}

/** Bytes and number of the objects of one constructor. */
interface Held {
  readonly count: number;
  readonly bytes: number;
}

export type HeldByConstructor = ReadonlyMap<string, Held>;

interface Snapshot {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: readonly string[];
      readonly node_types: readonly [readonly string[], ...unknown[]];
    };
  };
  readonly nodes: readonly number[];
  readonly strings: readonly string[];
}

/** Takes a snapshot of the heap (the format of DevTools) and counts what is in it, by constructor or kind. */
export async function countHeap(session: CDPSession): Promise<HeldByConstructor> {
  const chunks: string[] = [];
  const collect = ({ chunk }: { chunk: string }): void => void chunks.push(chunk);
  session.on("HeapProfiler.addHeapSnapshotChunk", collect);
  await session.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  session.off("HeapProfiler.addHeapSnapshotChunk", collect);
  return countNodes(JSON.parse(chunks.join("")) as Snapshot);
}

function countNodes({ snapshot, nodes, strings }: Snapshot): HeldByConstructor {
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, name, size] = ["type", "name", "self_size"].map((field) => fields.indexOf(field));
  const held = new Map<string, Held>();
  for (let at = 0; at < nodes.length; at += fields.length) {
    const kind = types[0][nodes[at + type!]!] ?? "?";
    const isNamed = kind === "object" || kind === "native" || kind === "closure";
    const key = isNamed ? `${kind} ${strings[nodes[at + name!]!] ?? ""}` : kind;
    const before = held.get(key) ?? { count: 0, bytes: 0 };
    held.set(key, { count: before.count + 1, bytes: before.bytes + nodes[at + size!]! });
  }
  return held;
}

/** What there is more of than before, most bytes first. */
export function grownSince(before: HeldByConstructor, now: HeldByConstructor): [string, Held][] {
  const grown = [...now].map(([key, { count, bytes }]): [string, Held] => {
    const old = before.get(key) ?? { count: 0, bytes: 0 };
    return [key, { count: count - old.count, bytes: bytes - old.bytes }];
  });
  return grown.filter(([, { bytes }]) => bytes > 0).toSorted(([, a], [, b]) => b.bytes - a.bytes);
}
