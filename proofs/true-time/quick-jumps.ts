/** Jumps faster than pictures come, from the moment at which a player is there. */
import { setTimeout as pause } from "node:timers/promises";
import { type Exchange, passOn, type FaultProxy, type Treatment } from "../fault-proxy/fault-proxy.ts";
import type { Recording } from "./clocked-footage.ts";
import type { Seen, WatchedPlayer } from "./watched-player.ts";

const FRAME_MS = 40;
const JUMP_MS = 15_000;
/** It begins between two key frames: the stream holds pictures before the first one that is exported. */
const [START_MS, END_MS] = [680, 60_680];

/** A minute without a break, in two files. */
export const UNBROKEN: Recording = {
  ...{ startMs: 0, seconds: 62, framesPerSecond: "25", bFrames: 2 },
  exported: [
    [START_MS, 30_680],
    [30_680, END_MS],
  ],
};

type Act = { readonly key: "j" | "l" } | { readonly shares: readonly number[] };

/** What somebody does who is in a hurry, and between which pauses; milliseconds. */
export interface Haste {
  readonly acts: readonly Act[];
  readonly pausesMs: readonly number[];
  readonly delays: "none" | "short" | "long";
}

const LONGEST_DELAY_MS = { none: 0, short: 60, long: 900 };
const LONGEST_PAUSE_MS = 120;

export function hasteFrom(random: () => number): Haste {
  const count = 2 + Math.floor(random() * 4);
  const acts = Array.from({ length: count }, (): Act => {
    const kind = random();
    if (kind < 0.65) return { key: "l" };
    if (kind < 0.85) return { key: "j" };
    return { shares: Array.from({ length: 6 }, random) };
  });
  const isAtOnce = random() < 0.5;
  return {
    acts,
    pausesMs: acts.map(() => (isAtOnce ? 0 : random() * LONGEST_PAUSE_MS)),
    delays: (["none", "short", "long"] as const)[Math.floor(random() * 3)] ?? "none",
  };
}

/** Where it has to end, milliseconds after noon. */
export function endOf({ acts }: Haste): number {
  const last = END_MS - START_MS - FRAME_MS;
  let atMs = 0;
  for (const act of acts) {
    if ("key" in act) atMs += act.key === "l" ? JUMP_MS : -JUMP_MS;
    else atMs = (act.shares.at(-1) ?? 0) * (END_MS - START_MS);
    atMs = Math.max(0, Math.min(atMs, last));
  }
  return START_MS + Math.floor(Math.round(atMs) / FRAME_MS) * FRAME_MS;
}

/** Answers that a player waits for come late, each by another time. */
export function lateAnswers(longestMs: number, random: () => number): Treatment {
  return async (exchange: Exchange) => {
    if (/\/(hls|frames)\b/.test(exchange.request.path)) await pause(random() * longestMs);
    await passOn(exchange);
  };
}

/** @returns what is shown in the end */
export async function jumpInHaste(
  player: WatchedPlayer,
  evidenceId: string,
  { acts, pausesMs, delays }: Haste,
  proxy: FaultProxy,
  random: () => number,
): Promise<Seen> {
  proxy.treat(lateAnswers(LONGEST_DELAY_MS[delays], random));
  await player.open(evidenceId);
  for (const [index, act] of acts.entries()) {
    await pause(pausesMs[index]);
    if ("key" in act) await player.press(act.key);
    else for (const share of act.shares) await player.drag(share);
  }
  return await player.settled();
}
