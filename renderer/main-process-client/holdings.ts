/**
 * What the archive holds: first and last instant of cameras. This is the only place that knows it. Cameras that
 * somebody looks at are asked for together, every half second, and no others; where it decides something at one moment
 * (the range that is offered) it is asked for at that moment with `readHoldings`.
 */
import { useEffect } from "react";
import { create } from "zustand";
import type { Holding } from "#shared/domain/camera.ts";
import { succeeded, type Outcome } from "#shared/domain/failure.ts";
import { ask } from "./bridge.ts";

export type { Holding };

/** So often that with a slow answer nothing is older than STALE_MS. */
const ASK_EVERY_MS = 500;
/** What could not be read anew for this long is not known any more. */
const STALE_MS = 2_000;

interface HoldingStore {
  readonly byCamera: Readonly<Record<string, Holding>>;
  /** How far the archive's clock is ahead of this machine's; null before it was ever asked. */
  readonly archiveAheadMs: number | null;
  /** How long the archive keeps footage that no lock holds; null before it was ever asked. */
  readonly keptMs: number | null;
}

const NOTHING_KNOWN = { byCamera: {} };

const useHoldingStore = create<HoldingStore>(() => ({
  ...NOTHING_KNOWN,
  archiveAheadMs: null,
  keptMs: null,
}));

/** How many look at each camera. */
const lookers = new Map<string, number>();
let timer: ReturnType<typeof setInterval> | null = null;
let isAsking = false;
let readMs = -Infinity;

/**
 * The present by the archive's clock, whole milliseconds UTC: recorded instants are compared with it alone, as a
 * camera's newest footage is in the future, or long ago, by a console's clock that differs (decision 117).
 */
export function archiveNow(): number {
  return Math.floor(Date.now() + (useHoldingStore.getState().archiveAheadMs ?? 0));
}

/** Asks now. What is answered is known to everybody who looks at these cameras. */
export async function readHoldings(
  cameraIds: readonly string[],
): Promise<Outcome<ReadonlyMap<string, Holding>>> {
  const answer = await ask("cameras.holdings", { cameraIds: [...cameraIds] });
  if (!answer.ok) return answer;
  const { holdings, archiveAheadMs, keptMs } = answer.value;
  useHoldingStore.setState(({ byCamera, keptMs: keptBeforeMs }) => ({
    archiveAheadMs,
    keptMs: keptMs ?? keptBeforeMs,
    byCamera: { ...byCamera, ...changedOf(byCamera, holdings) },
  }));
  return succeeded(new Map(holdings.map((holding) => [holding.cameraId, holding])));
}

/**
 * Only what differs: what is the same stays the same object, and nothing is drawn for it. What nobody looks at is not
 * kept, as nobody would read it anew.
 */
function changedOf(known: HoldingStore["byCamera"], holdings: readonly Holding[]): Record<string, Holding> {
  const changed = holdings.filter(({ cameraId, oldestUtcMs, newestUtcMs }) => {
    const before = known[cameraId];
    const isSame =
      before !== undefined && before.oldestUtcMs === oldestUtcMs && before.newestUtcMs === newestUtcMs;
    return lookers.has(cameraId) && !isSame;
  });
  return Object.fromEntries(changed.map((holding) => [holding.cameraId, holding]));
}

async function askForAll(): Promise<void> {
  if (isAsking || lookers.size === 0) return;
  isAsking = true;
  const askedMs = performance.now();
  const answer = await readHoldings([...lookers.keys()]);
  isAsking = false;
  if (answer.ok) readMs = askedMs;
  else if (performance.now() - readMs > STALE_MS) useHoldingStore.setState(NOTHING_KNOWN);
}

/**
 * Keeps a camera's holding read for as long as somebody looks.
 * @returns ends it
 */
export function lookAt(cameraId: string): () => void {
  const isNew = !lookers.has(cameraId);
  lookers.set(cameraId, (lookers.get(cameraId) ?? 0) + 1);
  timer ??= setInterval(() => void askForAll(), ASK_EVERY_MS);
  // Cameras that come at the same moment, as those of a canvas, are asked for together.
  if (isNew) queueMicrotask(() => void askForAll());
  return () => {
    const left = (lookers.get(cameraId) ?? 1) - 1;
    if (left > 0) return void lookers.set(cameraId, left);
    lookers.delete(cameraId);
    // Nobody looks: what is known grows old, and the next operator must not be shown it.
    useHoldingStore.setState(({ byCamera: { [cameraId]: _old, ...others } }) => ({ byCamera: others }));
    if (lookers.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

/** How long the archive keeps footage, milliseconds; null while that is not known. */
export const useKeptMs = (): number | null => useHoldingStore(({ keptMs }) => keptMs);

/** What was read last of a camera that is looked at; null while it is not known. */
export function holdingOf(cameraId: string): Holding | null {
  return useHoldingStore.getState().byCamera[cameraId] ?? null;
}

/** What the archive holds of a camera; null while it is not known. */
export function useHolding(cameraId: string): Holding | null {
  useEffect(() => lookAt(cameraId), [cameraId]);
  return useHoldingStore(({ byCamera }) => byCamera[cameraId] ?? null);
}

/**
 * Tells when the archive holds newer footage of a camera, outside of a component's life.
 * @returns ends it
 */
export function onNewFootage(cameraId: string, listener: () => void): () => void {
  const endLooking = lookAt(cameraId);
  const endListening = useHoldingStore.subscribe((now, before) => {
    const newest = now.byCamera[cameraId]?.newestUtcMs ?? null;
    if (newest !== null && newest !== before.byCamera[cameraId]?.newestUtcMs) listener();
  });
  return () => {
    endListening();
    endLooking();
  };
}
