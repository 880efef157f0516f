import { formatIssues, formatNumber, formatRate } from "#shared/words/amounts.ts";
import { bidiIsolated } from "#shared/domain/names.ts";
import { DESTINATION_NAME } from "#shared/domain/brand.ts";
import {
  hasIssue,
  isCancellable,
  isUnfinished,
  type CameraExportSummary,
  type CameraExportStatusKind,
  type ExportSummary,
  type SegmentStatus,
  type SegmentStatusKind,
} from "#shared/domain/export-status.ts";
import { lostInWords } from "#shared/words/lost-footage.ts";
import { DAY_MS, SECOND_MS, type TimeRange } from "#shared/domain/time-range.ts";
import { formatRoughDuration } from "#shared/words/durations.ts";
import type { DestinationState } from "#shared/ipc-contract/destination-contract.ts";

/** How a state is drawn; each tone has a shape of its own, because colour alone says nothing. */
export type StatusTone = "calm" | "active" | "good" | "issue" | "muted";

const TONES: Readonly<Record<CameraExportStatusKind, StatusTone>> = {
  queued: "calm",
  exporting: "active",
  uploading: "active",
  waiting: "issue",
  consolidating: "active",
  available: "good",
  failed: "issue",
  cancelled: "muted",
};

const STAGES: Readonly<Record<CameraExportStatusKind, string>> = {
  queued: "Queued",
  exporting: "Exporting from the archive",
  uploading: `Uploading to ${DESTINATION_NAME}`,
  waiting: "Waiting to try again",
  consolidating: "Uploaded, being consolidated",
  available: `Available in ${DESTINATION_NAME}`,
  failed: "Failed",
  cancelled: "Cancelled",
};

/** For lines beside which there is no room for a sentence. */
const SHORT_STAGES: Readonly<Record<CameraExportStatusKind, string>> = {
  queued: "Queued",
  exporting: "Exporting",
  uploading: "Uploading",
  waiting: "Waiting",
  consolidating: "Consolidating",
  available: "Available",
  failed: "Failed",
  cancelled: "Cancelled",
};

const SEGMENT_STAGES: Readonly<Record<SegmentStatusKind, string>> = {
  queued: "Queued",
  exporting: "Exporting",
  spooled: "Encrypted",
  uploading: "Uploading",
  uploaded: "Uploaded",
  verified: "Verified",
  empty: "No footage",
  failed: "Failed",
  cancelled: "Cancelled",
};

export function toneOf(kind: CameraExportStatusKind): StatusTone {
  return TONES[kind];
}

export function stageWords(kind: CameraExportStatusKind): string {
  return STAGES[kind];
}

/** One word for how far one camera of an export is, or the number of its verified segments. */
export function shortStage(cameraExport: CameraExportSummary): string {
  const isMoving = TONES[cameraExport.kind] === "active";
  return (isMoving ? segmentsInWords(cameraExport) : null) ?? SHORT_STAGES[cameraExport.kind];
}

/** What an export waits for that is not told as an obstacle: others, whose end nobody has to bring about. */
export type ExportTurn = "line" | "archive" | null;

/**
 * Where nothing of an export moves because others go first. One video is read at a time, and under a bandwidth cap one
 * block is on the line at a time.
 * @param exports all of them
 */
export function turnOf(status: ExportSummary, exports: readonly ExportSummary[]): ExportTurn {
  const { kind, doneBytes, totalBytes } = status;
  const others = exports.filter(({ exportId }) => exportId !== status.exportId);
  const isSent = totalBytes !== null && doneBytes >= totalBytes;
  if (kind === "uploading" && status.rateBytesPerSecond === null && !isSent)
    return others.some((other) => other.rateBytesPerSecond !== null) ? "line" : null;
  return kind === "queued" && others.some((other) => other.kind === "exporting") ? "archive" : null;
}

const TURNS: Readonly<Record<"line" | "archive", string>> = {
  line: "Waits for its turn: others are being sent",
  archive: "Waits for its turn: the archive is being read for another",
};

/** Beside the bytes: how fast it goes and how long it takes, or what it waits for. */
export function paceInWords(
  { rateBytesPerSecond, timeLeftMs, kind, cameraExports }: ExportSummary,
  turn: ExportTurn,
): string | null {
  if (kind === "available" || kind === "failed") return null;
  const isAgain = cameraExports.some((cameraExport) => cameraExport.isAgain);
  const pace = [
    ...(rateBytesPerSecond === null ? [] : [formatRate(rateBytesPerSecond)]),
    ...(timeLeftMs === null ? [] : [timeLeftInWords(timeLeftMs)]),
  ];
  const parts = [...(isAgain ? ["Part of it once more"] : []), ...(turn === null ? pace : [TURNS[turn]])];
  return parts.length === 0 ? null : parts.join(" · ");
}

/** The accessible name of the tray's button. */
export function trayLabel(issueCount: number): string {
  return `Notifications: ${formatIssues(issueCount)}`;
}

export function issueCountOf(exports: readonly ExportSummary[]): number {
  return exports.filter(hasIssue).length;
}

/** "Lobby", "Lobby and Gate", "Lobby, Gate and 3 more". */
export function camerasInWords(status: ExportSummary): string {
  return namesInWords(status.cameraExports.map((cameraExport) => cameraExport.cameraName));
}

/** What the evidence is called; a camera export without a name of its own has its camera's. */
export function evidenceInWords(status: ExportSummary): string {
  return namesInWords(status.cameraExports.map(({ name, cameraName }) => (name === "" ? cameraName : name)));
}

function namesInWords(asGiven: readonly string[]): string {
  const names = asGiven.map(bidiIsolated);
  if (names.length <= 2) return names.join(" and ");
  return `${names.slice(0, 2).join(", ")} and ${names.length - 2} more`;
}

/** From the first start to the last end of all its cameras. */
export function wholeRangeOf(status: ExportSummary): TimeRange {
  const ranges = status.cameraExports.map(({ range }) => range);
  return {
    startUtcMs: Math.min(...ranges.map(({ startUtcMs }) => startUtcMs)),
    endUtcMs: Math.max(...ranges.map(({ endUtcMs }) => endUtcMs)),
  };
}

/** Beside the word "Case". */
export function caseInWords(status: ExportSummary): string {
  switch (status.caseAssociation) {
    case "none":
      return "None";
    case "new":
      return `${bidiIsolated(status.caseName ?? "Without a name")}, new`;
    case "existing":
      return bidiIsolated(status.caseName ?? status.caseId ?? "Without a name");
  }
}

/** "3 of 26 verified"; null for a camera export of one segment. Parts without footage do not count. */
function segmentsInWords(cameraExport: CameraExportSummary): string | null {
  const { withFootageCount, verifiedCount } = cameraExport;
  return withFootageCount < 2 ? null : `${verifiedCount} of ${withFootageCount} verified`;
}

/** From 0 to 1; an ended export is whole, an unknown size is 0. */
export function progressOf(status: {
  kind: CameraExportStatusKind;
  doneBytes: number;
  totalBytes: number | null;
}): number {
  if (status.kind === "available") return 1;
  if (status.totalBytes === null || status.totalBytes === 0) return 0;
  return Math.min(status.doneBytes / status.totalBytes, 1);
}

/** What stands in the way, once: the export's own failure, or else the first of its cameras. */
export function failureOf(status: ExportSummary): ExportSummary["failure"] {
  const failing = status.cameraExports.find((cameraExport) => cameraExport.failure !== null);
  return status.failure ?? failing?.failure ?? null;
}

/** The earliest next attempt of all cameras that wait, or null. */
export function nextRetryOf(status: ExportSummary): number | null {
  const retries = status.cameraExports.flatMap(({ nextRetryAtMs }) =>
    nextRetryAtMs === null ? [] : [nextRetryAtMs],
  );
  return retries.length === 0 ? null : Math.min(...retries);
}

/** What the operator may do with an export in this state. */
export function actionsFor(status: ExportSummary): {
  retry: boolean;
  sendWithout: boolean;
  cancel: boolean;
  open: boolean;
  dismiss: boolean;
} {
  const { kind, cameraExports } = status;
  const canBeCancelled = isCancellable(status);
  const someFailed = cameraExports.some((cameraExport) => cameraExport.kind === "failed");
  return {
    retry: kind === "failed" || kind === "waiting" || someFailed,
    sendWithout: cameraExports.some(
      ({ kind: each, failure }) => each === "failed" && failure?.code === "FOOTAGE_GONE",
    ),
    cancel: canBeCancelled,
    open: cameraExports.some((cameraExport) => cameraExport.evidenceId !== null),
    dismiss: !canBeCancelled,
  };
}

/** "1,234 of 5,678 bytes (21 %)": exact, because an operator compares it with the archive's figure. */
export function bytesInWords(status: {
  kind: CameraExportStatusKind;
  doneBytes: number;
  totalBytes: number | null;
}): string {
  const { doneBytes, totalBytes } = status;
  if (totalBytes === null) return doneBytes === 0 ? "Size not known yet" : `${formatNumber(doneBytes)} bytes`;
  if (status.kind === "available") return `${formatNumber(totalBytes)} bytes`;
  return `${formatNumber(doneBytes)} of ${formatNumber(totalBytes)} bytes (${Math.floor(progressOf(status) * 100)} %)`;
}

/** "2 min 05 s left", "5 days 3 h left", "more than a year left": seconds say nothing of days. */
export function timeLeftInWords(ms: number): string {
  if (ms > 366 * DAY_MS) return "more than a year left";
  return `${formatRoughDuration(Math.ceil(ms / SECOND_MS) * SECOND_MS)} left`;
}

/** "3 under way, 1 issue"; the newest hundred or ten thousand in a few words. */
export function countsInWords(exports: readonly ExportSummary[]): string {
  const issues = issueCountOf(exports);
  const underWay = exports.filter((status) => isUnfinished(status) && !hasIssue(status)).length;
  const parts = [
    ...(underWay === 0 ? [] : [`${underWay} under way`]),
    ...(issues === 0 ? [] : [formatIssues(issues)]),
  ];
  return parts.join(", ");
}

/** The account that an export goes to, by name, where evidence goes to another one by now. */
export function otherAccountOf(
  { account }: Pick<ExportSummary, "account">,
  destination: DestinationState | undefined,
): string | null {
  if (account === null || destination === undefined || account.accountId === destination.accountId)
    return null;
  return account.name;
}

/** Why an export is at its beginning again, of the camera that it happened to most; null where it happened to none. */
export function startedOverInWords(status: ExportSummary, atTime: (utcMs: number) => string): string | null {
  const all = status.cameraExports.flatMap(({ startedOver }) => startedOver ?? []);
  const most = all.toSorted((one, other) => other.times - one.times)[0];
  if (most === undefined) return null;
  const when = atTime(most.lastUtcMs);
  const times = most.times === 1 ? `Once, at ${when}` : `${most.times} times, last at ${when}`;
  if (most.wasRestored) {
    return `${times}: ${DESTINATION_NAME} was restored from a backup that is older than what it had of this, which is sent again.`;
  }
  return `${times}: ${DESTINATION_NAME} no longer had the evidence, as it removes what is not complete after 24 hours. It said: ${most.reason}`;
}

/** That the spool did not give back what was written to it, of the camera that it happened to most; null: it did. */
export function madeAnewInWords(status: ExportSummary, atTime: (utcMs: number) => string): string | null {
  const all = status.cameraExports.flatMap(({ madeAnew }) => madeAnew ?? []);
  const most = all.toSorted((one, other) => other.times - one.times)[0];
  if (most === undefined) return null;
  const when = atTime(most.lastUtcMs);
  const times = most.times === 1 ? `Once, at ${when}` : `${most.times} times, last at ${when}`;
  return `${times}, a file of it was made anew from the archive: ${most.reason} If it happens again, have the spool's disk looked at.`;
}

/** What is missing from the evidence because the archive lost it before it was read; null: nothing is. */
export function lostInWordsOf(status: ExportSummary, zone: string): string | null {
  const lacking = status.cameraExports.filter(({ lost }) => lost.length > 0);
  if (lacking.length === 0) return null;
  const [only] = status.cameraExports.length === 1 ? lacking : [];
  if (only !== undefined) return lostInWords(only.lost, zone);
  return lacking
    .map(({ cameraName, lost }) => `${bidiIsolated(cameraName)}: ${lostInWords(lost, zone)}`)
    .join(". ");
}

/** "Uploading", or "Uploading again" of what was read or sent before. */
export function segmentStage({ kind, isAgain }: Pick<SegmentStatus, "kind" | "isAgain">): string {
  return isAgain && kind !== "queued" ? `${SEGMENT_STAGES[kind]} again` : SEGMENT_STAGES[kind];
}
