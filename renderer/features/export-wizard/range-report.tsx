import { validateCameraExport } from "#shared/domain/export-request.ts";
import type { Failure } from "#shared/domain/failure.ts";
import type { Footage, FootageRange } from "#shared/domain/footage.ts";
import { cutIntoSegments, type TimeRange } from "#shared/domain/time-range.ts";
import type { ExportPlanSummary } from "#shared/ipc-contract/camera-contract.ts";
import { useEffect, useState } from "react";
import { useExportPlan, useFootage } from "../../main-process-client/cameras.ts";
import { archiveNow, useHolding, useKeptMs, type Holding } from "../../main-process-client/holdings.ts";
import { codecChangeSentence } from "./codec-change.ts";
import type { RangeRefusal } from "./draft-issues.ts";
import { rangeOf, type DraftRow } from "./export-draft.ts";

/** What the archive says about one camera's range. */
export interface RangeReport {
  /** The range that it is about; another one is being asked for while it differs from the row's. */
  readonly range: FootageRange | null;
  readonly footage: Footage | null;
  readonly plan: ExportPlanSummary | null;
  readonly failure: Failure | null;
}

export type RangeReports = ReadonlyMap<string, RangeReport>;

/** The archive is asked when nothing was typed for this long. */
const SETTLED_AFTER_MS = 300;

/** A range near to the oldest or the newest footage is asked about this often. */
const CHANGING_INTERVAL_MS = 2_000;
const ENDS_MS = 60_000;

/**
 * Asks the archive about one row and reports; draws nothing. One stands for each row at every step,
 * so that a draft that was recovered at its last step is checked too.
 */
export function RangeWatch(props: {
  readonly row: DraftRow;
  readonly onReport: (cameraId: string, report: RangeReport) => void;
}) {
  const { row, onReport } = props;
  const range = useSettled(askableRange(row));
  const holding = useHolding(row.cameraId);
  const keptMs = useKeptMs();
  const isChanging = range !== null && mayStillChange(range, { holding, keptMs, nowUtcMs: archiveNow() });
  const everyMs = isChanging ? CHANGING_INTERVAL_MS : undefined;
  const footage = useFootage(row.cameraId, range, everyMs);
  const plan = useExportPlan(row.cameraId, range, everyMs);
  // Until the answer for this range is there, the one for the range before would tell of false gaps.
  const shownFootage = range === null || footage.isPrevious ? null : (footage.value ?? null);
  const shownPlan = range === null ? null : (plan.value ?? null);
  const failure = range === null ? null : (plan.failure ?? (footage.isPrevious ? null : footage.failure));
  useEffect(
    () => onReport(row.cameraId, { range, footage: shownFootage, plan: shownPlan, failure }),
    [onReport, row.cameraId, range, shownFootage, shownPlan, failure],
  );
  return null;
}

interface HeldFootage {
  readonly holding: Pick<Holding, "oldestUtcMs" | "newestUtcMs"> | null;
  /** How long footage stays that no export holds; null while that is not known. */
  readonly keptMs: number | null;
  readonly nowUtcMs: number;
}

/**
 * Footage within what the archive holds stays as it is; at both ends it comes and goes while the wizard is open. Where an
 * export holds older footage, what is old enough goes from the middle of it.
 */
export function mayStillChange(range: TimeRange, { holding, keptMs, nowUtcMs }: HeldFootage): boolean {
  if (holding === null || holding.oldestUtcMs === null || holding.newestUtcMs === null) return true;
  if (keptMs !== null && range.startUtcMs + keptMs < nowUtcMs + ENDS_MS) return true;
  const isInside =
    range.startUtcMs >= holding.oldestUtcMs + ENDS_MS && range.endUtcMs <= holding.newestUtcMs - ENDS_MS;
  return !isInside;
}

/** The row's range, or null where asking would make no sense. */
export function askableRange(row: DraftRow): FootageRange | null {
  const range = rangeOf(row);
  const request = { cameraId: row.cameraId, cameraName: row.cameraName, name: "", description: "", range };
  return validateCameraExport(request, archiveNow()).length === 0
    ? { ...range, recording: row.recording ?? undefined }
    : null;
}

function useSettled(range: FootageRange | null): FootageRange | null {
  const [settled, setSettled] = useState(range);
  const { startUtcMs, endUtcMs, recording } = range ?? { startUtcMs: null, endUtcMs: null };
  useEffect(() => {
    const next = startUtcMs === null || endUtcMs === null ? null : { startUtcMs, endUtcMs, recording };
    const timer = setTimeout(() => setSettled(next), SETTLED_AFTER_MS);
    return () => clearTimeout(timer);
  }, [startUtcMs, endUtcMs, recording]);
  return settled;
}

const NO_RANGE = { startUtcMs: undefined, endUtcMs: undefined, recording: undefined };

/** The report of a row, unless it is about a range that the row has no longer. */
export function currentReport(reports: RangeReports, row: DraftRow): RangeReport | null {
  const report = reports.get(row.cameraId);
  const { startUtcMs, endUtcMs, recording = null } = report?.range ?? NO_RANGE;
  const isCurrent = startUtcMs === row.startUtcMs && endUtcMs === row.endUtcMs && recording === row.recording;
  return report !== undefined && isCurrent ? report : null;
}

/**
 * Cameras whose range the archive cannot export, whatever else is right, with the field and the sentence.
 * @param atTime writes an instant as the fields take it
 */
export function refusedRanges(
  reports: RangeReports,
  rows: readonly DraftRow[],
  atTime: (utcMs: number) => string,
): ReadonlyMap<string, RangeRefusal> {
  return new Map(
    rows.flatMap((row) => {
      const failure = currentReport(reports, row)?.failure ?? null;
      const refusal = failure && refusalOf(failure, atTime);
      return refusal === null ? [] : [[row.cameraId, refusal] as const];
    }),
  );
}

/** Everything else (such as an archive that cannot be reached) is said, and stops nobody. */
function refusalOf(failure: Failure, atTime: (utcMs: number) => string): RangeRefusal | null {
  if (failure.code === "NO_FOOTAGE") return { field: "start", message: failure.message };
  const codecChange = codecChangeSentence(failure, atTime);
  return codecChange === null ? null : { field: "end", message: codecChange };
}

/**
 * What the largest part of all rows has at least, and of which row: a part is an hour at most, and parts cannot all be
 * smaller than their mean. Null while no row's plan is there.
 */
export function largestPart(
  reports: RangeReports,
  rows: readonly DraftRow[],
): { readonly cameraName: string; readonly bytes: number } | null {
  const parts = rows.flatMap((row) => {
    const plan = currentReport(reports, row)?.plan ?? null;
    if (plan === null) return [];
    const count = cutIntoSegments(rangeOf(row)).length;
    return [{ cameraName: row.cameraName, bytes: Math.ceil(plan.lengthBytes / count) }];
  });
  return parts.toSorted((a, b) => b.bytes - a.bytes)[0] ?? null;
}

/** Exact bytes and frames of the whole export, and bytes of each camera; null until every camera's plan is there. */
export function totalOf(
  reports: RangeReports,
  rows: readonly DraftRow[],
): { lengthBytes: number; frameCount: number; lengthsBytes: readonly number[] } | null {
  const plans = rows.flatMap((row) => currentReport(reports, row)?.plan ?? []);
  if (plans.length < rows.length || plans.length === 0) return null;
  return {
    lengthBytes: plans.reduce((sum, plan) => sum + plan.lengthBytes, 0),
    lengthsBytes: plans.map((plan) => plan.lengthBytes),
    frameCount: plans.reduce((sum, plan) => sum + plan.frameCount, 0),
  };
}
