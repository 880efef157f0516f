import type { QueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import {
  type ExportsChange,
  type ExportsSnapshot,
  type ExportSummary,
  isUnfinished,
  withChange,
} from "#shared/domain/export-status.ts";
import type { Outcome } from "#shared/domain/failure.ts";
import { ask, listen } from "./bridge.ts";
import { useChange } from "./change.ts";
import { cacheValue, useReading, type Reading } from "./reading.ts";
import { useHasPrivilege } from "./operator.ts";
import { mainSaid } from "./steady-clock.ts";

/** Of an export that is under way; events tell of its sums only. */
const SEGMENTS_EVERY_MS = 1_000;

/** Every export, newest first; events keep it up to date. */
export function useExports(): Reading<readonly ExportSummary[]> {
  const reading = useReading("exports.list", undefined, {
    enabled: useHasPrivilege("send-to-clearance"),
    onValue: ({ toldAtMs }) => mainSaid(toldAtMs),
  });
  return { ...reading, value: reading.value?.exports };
}

/** Segments of an export, by the id of their camera export. */
export function useExportSegments(status: Pick<ExportSummary, "exportId" | "cameraExports">) {
  return useReading(
    "exports.segments",
    { exportId: status.exportId },
    { freshForMs: 0, ...(isUnfinished(status) ? { everyMs: SEGMENTS_EVERY_MS } : {}) },
  );
}

/** The queue shrinks while the operator reads it. */
const ESTIMATE_EVERY_MS = 5_000;

/** How long sending would take; null asks nothing. */
export function useUploadEstimate(evidenceBytes: readonly number[] | null) {
  return useReading(
    "exports.estimate",
    { evidenceBytes: [...(evidenceBytes ?? [])] },
    { enabled: evidenceBytes !== null, freshForMs: 0, everyMs: ESTIMATE_EVERY_MS, keepsPrevious: true },
  );
}

/** Why the spool could never take a part of this length; null asks nothing. */
export function usePartRefusal(partBytes: number | null) {
  return useReading(
    "exports.partRefusal",
    { partBytes: partBytes ?? 0 },
    { enabled: partBytes !== null, freshForMs: 0, everyMs: ESTIMATE_EVERY_MS, keepsPrevious: true },
  );
}

/** Takes a change over. Where one before it was missed, everything is read anew. */
export function cacheExportsChange(client: QueryClient, change: ExportsChange): void {
  mainSaid(change.toldAtMs);
  const before = client.getQueryData<Outcome<ExportsSnapshot>>(["exports.list", undefined]);
  const after = before?.ok === true ? withChange(before.value, change) : null;
  if (after === null) void client.invalidateQueries({ queryKey: ["exports.list", undefined] });
  else cacheValue(client, "exports.list", after);
  for (const status of change.changed) {
    const { exportId } = status;
    if (!isUnfinished(status))
      void client.invalidateQueries({ queryKey: ["exports.segments", { exportId }] });
  }
}

/**
 * An export that somebody wants to see, because they clicked the desktop's notification of it; also before they logged on.
 * @param isReady asks only when it can be shown
 */
export function useClickedExport(isReady: boolean, show: (exportId: string) => void): void {
  const shown = useEffectEvent(show);
  useEffect(() => {
    if (!isReady) return;
    const take = async () => {
      const answer = await ask("exports.takeClicked", undefined);
      if (answer.ok && answer.value.exportId !== null) shown(answer.value.exportId);
    };
    void take();
    return listen(({ name }) => {
      if (name === "exports.clicked") void take();
    });
  }, [isReady]);
}

export const useStartExport = () => useChange("exports.start");
export const useRetryExport = () => useChange("exports.retry");
export const useSendWithoutLost = () => useChange("exports.sendWithoutLost");
export const useCancelExport = () => useChange("exports.cancel");
export const useDismissExport = () => useChange("exports.dismiss");
export const useOpenInClearance = () => useChange("exports.openInClearance");
