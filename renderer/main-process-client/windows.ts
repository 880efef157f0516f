import { useEffect, useEffectEvent } from "react";
import type { EventName, EventPayload } from "#shared/ipc-contract/contract.ts";
import type { CanvasLayout, EvidenceAsked } from "#shared/ipc-contract/window-contract.ts";
import { ask, listen } from "./bridge.ts";
import { useReading } from "./reading.ts";

/** What this page's window is; it stays so for as long as there is a page. */
export const useOwnWindow = () => useReading("windows.own", undefined);

export const openWindow = () => ask("windows.open", undefined);
export const showNextWindow = () => ask("windows.next", undefined);
export const toggleFullScreen = () => ask("windows.toggleFullScreen", undefined);
export const keepCanvas = (canvas: CanvasLayout) => ask("windows.keepCanvas", canvas);
export const sendEvidenceInFirst = (asked: EvidenceAsked) => ask("windows.sendEvidence", asked);
export const tellRangesSent = (cameraIds: readonly string[]) =>
  ask("windows.rangesSent", { cameraIds: [...cameraIds] });

/** An export was asked for in another window; told to the first. */
export const useEvidenceAsked = (answer: (asked: EvidenceAsked) => void) =>
  useToldByMain("windows.evidenceAsked", answer);

/** Cameras were sent, from whatever window. */
export const useRangesSent = (answer: (cameraIds: readonly string[]) => void) =>
  useToldByMain("windows.rangesSent", ({ cameraIds }) => answer(cameraIds));

function useToldByMain<Name extends EventName>(
  name: Name,
  answer: (payload: EventPayload<Name>) => void,
): void {
  const latest = useEffectEvent(answer);
  useEffect(
    () =>
      listen((event) => {
        if (event.name === name) latest(event.payload as EventPayload<Name>);
      }),
    [name],
  );
}
