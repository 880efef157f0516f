import { type RefObject, useEffect, useEffectEvent } from "react";
import type { ExportSummary } from "#shared/domain/export-status.ts";
import { exportIsShown, useTrayStore } from "./tray-store.ts";

/** What lies over the console as a dialog shuts the list out until it is closed. */
const SHUT_OUT = "[aria-hidden='true'], [inert]";
/** Dialogs stand for as long as somebody thinks. */
const LOOK_AGAIN_MS = 100;

/**
 * Brings the card of an export that somebody wants to see into sight and gives it the focus, once it is drawn and nothing
 * lies over it.
 * @param bringIntoSight draws the card at this place of the list
 */
export function useWantedCard(
  exports: readonly ExportSummary[],
  scroller: RefObject<HTMLElement | null>,
  bringIntoSight: (index: number) => void,
): void {
  const wanted = useTrayStore((state) => state.wantedExportId);
  const index = exports.findIndex(({ exportId }) => exportId === wanted);
  const bring = useEffectEvent(bringIntoSight);
  useEffect(() => {
    if (index === -1) return;
    bring(index);
    const look = () => {
      const card = scroller.current?.querySelector<HTMLElement>(`li[data-index="${index}"] article`);
      if (!card || card.closest(SHUT_OUT) !== null) return;
      card.focus();
      exportIsShown();
    };
    const timer = setInterval(look, LOOK_AGAIN_MS);
    look();
    return () => clearInterval(timer);
  }, [index, scroller]);
}
