import { inSentences } from "#shared/domain/failure.ts";
import { useEffect } from "react";
import { answerKey } from "#shared/page/keys.ts";
import { showToast } from "#design-system/components/toast.tsx";
import { openWindow, showNextWindow, toggleFullScreen } from "../main-process-client/windows.ts";
import { WINDOW_KEYS } from "./window-keys.ts";

/** What an operator does with the windows themselves, by key or by button. */
export const WINDOW_ACTIONS = {
  "full-screen": () => void told(toggleFullScreen()),
  open: () => void told(openWindow()),
  next: () => void told(showNextWindow()),
};

async function told(answer: ReturnType<typeof openWindow>): Promise<void> {
  const outcome = await answer;
  if (outcome.ok) return;
  // Of a key that does nothing here nobody has to take note.
  showToast("info", inSentences(outcome.error));
}

/** Wherever the focus is, also before somebody has logged on. */
export function useWindowKeys(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => answerKey(WINDOW_KEYS, event, WINDOW_ACTIONS);
    document.addEventListener("keydown", press, { capture: true });
    return () => document.removeEventListener("keydown", press, { capture: true });
  }, []);
}
