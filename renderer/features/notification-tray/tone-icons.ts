import type { IconName } from "#design-system/icons/icon.tsx";
import type { StatusTone } from "./export-words.ts";

/** A shape for every tone, because colour alone says nothing. */
export const TONE_ICONS: Readonly<Record<StatusTone, IconName>> = {
  calm: "clock",
  active: "upload",
  good: "check",
  issue: "warning",
  muted: "cancel",
};
