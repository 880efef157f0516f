import { inSentences } from "#shared/domain/failure.ts";
import type { CaseForm } from "#shared/domain/case.ts";
import type { Failure } from "#shared/domain/failure.ts";
import { useCallback, useState } from "react";
import { bidiIsolated } from "#shared/domain/names.ts";
import { useCaseForm } from "../../main-process-client/destination.ts";
import { usePartRefusal, useStartExport } from "../../main-process-client/exports.ts";
import { customFieldIssue } from "./custom-field.ts";
import { isStepValid, rowIssuesOf, type RowIssues } from "./draft-issues.ts";
import { useDraftStore } from "./draft-store.ts";
import { exportRequestOf, type ExportDraft, type WizardStep } from "./export-draft.ts";
import { largestPart, refusedRanges, type RangeReport, type RangeReports } from "./range-report.tsx";
import { usePresent } from "./use-present.ts";
import { stepAfter, stepBefore } from "./wizard-steps.ts";

/** What the wizard's parts share: the archive's answers, the issues and the ways on. */
export interface Wizard {
  readonly reports: RangeReports;
  readonly report: (cameraId: string, report: RangeReport) => void;
  readonly rowIssues: ReadonlyMap<string, RowIssues>;
  readonly caseForm: CaseForm | undefined;
  /** Next was pressed at this step although something is missing. */
  readonly showsMissing: boolean;
  /** How often Next was pressed so, at any step: each time the focus goes to what is missing. */
  readonly missingTimes: number;
  /** False where the reason is on the screen already; at the case, pressing says what is missing. */
  readonly mayPressNext: boolean;
  readonly mayFinish: boolean;
  /** Why the largest part could never be read; nothing of it waits then. */
  readonly partRefusal: string | null;
  readonly isFinishing: boolean;
  /** Why the main process did not take the export; everything entered is still there. */
  readonly failure: Failure | null;
  readonly goNext: () => void;
  readonly goBack: () => void;
  readonly finish: () => void;
}

interface WizardEnds {
  readonly onClose: () => void;
  readonly onSent: (cameraIds: readonly string[]) => void;
}

interface WizardZone {
  /** Of the site. */
  readonly timeZone: string;
  /** Writes an instant as the fields of the step Times take it. */
  readonly atTime: (utcMs: number) => string;
}

export function useWizard(
  draft: ExportDraft,
  { onClose, onSent }: WizardEnds,
  { timeZone, atTime }: WizardZone,
): Wizard {
  const { reports, report } = useReports();
  const caseForm = useCaseForm().value;
  const [missingShownAt, setMissingShownAt] = useState<WizardStep | null>(null);
  const [missingTimes, setMissingTimes] = useState(0);
  const { finish, failure, forgetFailure, isFinishing } = useFinish(draft, (cameraIds) => {
    onSent(cameraIds);
    onClose();
  });
  const rowIssues = rowIssuesOf(draft, {
    nowUtcMs: usePresent(),
    refused: refusedRanges(reports, draft.rows, atTime),
    timeZone,
  });
  const largest = largestPart(reports, draft.rows);
  const refusal = usePartRefusal(largest && largest.bytes).value?.refusal ?? null;
  const partRefusal =
    largest === null || refusal === null
      ? null
      : `${bidiIsolated(largest.cameraName)}: ${inSentences(refusal)}`;
  const hasFieldIssue = draft.association === "new" && hasCustomFieldIssue(draft, caseForm);
  const isValid = (step: WizardStep) =>
    isStepValid(draft, step, { rowIssues, timeZone }) &&
    !(hasFieldIssue && (step === "case" || step === "summary"));
  const goTo = (step: WizardStep | null) => {
    if (isFinishing) return;
    forgetFailure();
    if (step !== null) useDraftStore.getState().goTo(step);
  };
  return {
    reports,
    report,
    rowIssues,
    caseForm,
    showsMissing: missingShownAt === draft.step,
    missingTimes,
    mayPressNext: draft.step === "case" || isValid(draft.step),
    mayFinish: isValid("summary") && partRefusal === null,
    partRefusal,
    isFinishing,
    failure,
    goNext: () => {
      if (!isValid(draft.step)) {
        setMissingTimes(missingTimes + 1);
        return setMissingShownAt(draft.step);
      }
      setMissingShownAt(null);
      goTo(stepAfter(draft));
    },
    goBack: () => goTo(stepBefore(draft)),
    finish: () => void finish(),
  };
}

function useReports() {
  const [reports, setReports] = useState<RangeReports>(new Map());
  const report = useCallback(
    (cameraId: string, said: RangeReport) => setReports((before) => new Map(before).set(cameraId, said)),
    [],
  );
  return { reports, report };
}

function hasCustomFieldIssue(draft: ExportDraft, form: CaseForm | undefined): boolean {
  const types = new Map(form?.customFields.map((field) => [field.name, field.type]));
  return draft.newCase.customFields.some(
    (field) => customFieldIssue(types.get(field.name) ?? "", field.value) !== null,
  );
}

/** Sends the draft; drops it only once the main process has made it durable. */
function useFinish(draft: ExportDraft, onSent: (cameraIds: readonly string[]) => void) {
  const start = useStartExport();
  const [failure, setFailure] = useState<Failure | null>(null);
  const finish = async () => {
    if (start.isRunning) return;
    setFailure(null);
    const answer = await start.run(exportRequestOf(draft));
    if (!answer.ok) return setFailure(answer.error);
    useDraftStore.getState().drop();
    onSent(draft.rows.map((row) => row.cameraId));
  };
  return { finish, failure, forgetFailure: () => setFailure(null), isFinishing: start.isRunning };
}
