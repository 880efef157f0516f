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

const PLACES: Readonly<Record<string, PlaybackAction>> = {
  Comma: (playback) => playback.step(-1),
  Period: (playback) => playback.step(1),
};

/**
 * What a key does while the focus is inside the player; null when it belongs to the control that has
 * the focus (the space bar presses buttons) or to the browser.
 */
export function keyAction(
  event: Pick<KeyboardEvent, "key" | "code" | "altKey" | "ctrlKey" | "metaKey" | "isComposing" | "target">,
): PlaybackAction | null {
  if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return null;
  const { target } = event;
  if (target instanceof Element && target.closest("input:not([type=range]), textarea, select") !== null)
    return null;
  const onControl = target instanceof Element && target.closest("button, [role=option]") !== null;
  if (event.key === " " && onControl) return null;
  // Letters whatever Caps Lock says; the two frame keys are neighbours, and on some layouts write something else.
  return ACTIONS[event.key.toLowerCase()] ?? PLACES[event.code] ?? null;
}
