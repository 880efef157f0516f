import type { Playback } from "./playback.ts";

type PlaybackAction = (playback: Pick<Playback, "toggle" | "jump" | "step">) => void;

const ACTIONS: Readonly<Record<string, PlaybackAction>> = {
  " ": (playback) => playback.toggle(),
  k: (playback) => playback.toggle(),
  j: (playback) => playback.jump(-15),
  l: (playback) => playback.jump(15),
  ",": (playback) => playback.step(-1),
  ".": (playback) => playback.step(1),
};

/**
 * What a key does while the focus is inside the player; null when it belongs to the control that has
 * the focus (the space bar presses buttons) or to the browser.
 */
export function keyAction(
  event: Pick<KeyboardEvent, "key" | "altKey" | "ctrlKey" | "metaKey" | "target">,
): PlaybackAction | null {
  if (event.altKey || event.ctrlKey || event.metaKey) return null;
  const onControl = event.target instanceof Element && event.target.closest("button, [role=option]") !== null;
  if (event.key === " " && onControl) return null;
  return ACTIONS[event.key] ?? null;
}
