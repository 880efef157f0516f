import type { ExportSummary } from "#shared/domain/export-status.ts";
import { ProgressBar } from "#design-system/components/progress-bar.tsx";
import styles from "./export-card.module.css";
import { bytesInWords, paceInWords, progressOf, toneOf, type ExportTurn } from "./export-words.ts";

/** How far an export is, in exact bytes, and how long it still takes. */
export function ExportProgress({
  status,
  turn,
}: {
  readonly status: ExportSummary;
  readonly turn: ExportTurn;
}) {
  const isUnbegun = status.kind === "queued" && status.totalBytes === null;
  if (status.kind === "cancelled" || isUnbegun) return null;
  const bytes = bytesInWords(status);
  const pace = paceInWords(status, turn);
  const isUnknown = status.totalBytes === null && toneOf(status.kind) === "active";
  return (
    <div className={styles["progress"]}>
      <ProgressBar
        label="Progress"
        value={isUnknown ? null : progressOf(status)}
        valueText={bytes}
        tone={toneOf(status.kind) === "issue" ? "danger" : status.kind === "available" ? "success" : "accent"}
      />
      <div className={styles["figures"]}>
        <span>{bytes}</span>
        {pace !== null && <span>{pace}</span>}
      </div>
    </div>
  );
}
