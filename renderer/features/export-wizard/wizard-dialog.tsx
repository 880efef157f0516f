import { formatBytes, formatCount, formatNumber } from "#shared/words/amounts.ts";
import { SEND_EVIDENCE_LABEL } from "#shared/domain/brand.ts";
import { useEffect, useRef, useState } from "react";
import { Button } from "#design-system/components/button.tsx";
import { ConfirmDialog, Dialog } from "#design-system/components/dialog.tsx";
import { formatInstantMs } from "#shared/words/moments.ts";
import { refusalWords } from "./codec-change.ts";
import { hasRowIssue } from "./draft-issues.ts";
import { useDraftStore } from "./draft-store.ts";
import type { ExportDraft, WizardStep } from "./export-draft.ts";
import { Notice } from "./notice.tsx";
import { RangeWatch, totalOf } from "./range-report.tsx";
import { StepContent } from "./step-content.tsx";
import { StepList } from "./step-list.tsx";
import { useWizard, type Wizard } from "./use-wizard.ts";
import styles from "./wizard-dialog.module.css";
import type { WizardDialogProps } from "./wizard-props.ts";
import { STEP_TITLES, offersFinish, stepAfter, stepBefore } from "./wizard-steps.ts";

export function WizardDialog(props: WizardDialogProps) {
  const { draft, onClose, siteTimeZone } = props;
  const atTime = (utcMs: number): string => formatInstantMs(utcMs, siteTimeZone);
  const wizard = useWizard(draft, props, { timeZone: siteTimeZone, atTime });
  const content = useFocusOnStep(draft.step, wizard.missingTimes);
  const [isLeaving, setIsLeaving] = useState(false);
  const drop = () => {
    useDraftStore.getState().drop();
    onClose();
  };
  const leave = () => {
    if (wizard.isFinishing) return;
    if (draft.hasChanges) setIsLeaving(true);
    else drop();
  };
  return (
    <>
      <Dialog
        title={SEND_EVIDENCE_LABEL}
        isOpen
        onClose={leave}
        size="huge"
        aside={<StepList draft={draft} />}
        footerStart={<FooterWords draft={draft} wizard={wizard} />}
        footer={<WizardButtons draft={draft} wizard={wizard} onCancel={leave} />}
      >
        {draft.rows.map((row) => (
          <RangeWatch key={row.cameraId} row={row} onReport={wizard.report} />
        ))}
        <div
          ref={content}
          className={styles["content"]}
          role="group"
          aria-label={STEP_TITLES[draft.step]}
          tabIndex={-1}
        >
          {wizard.failure !== null && <Notice tone="danger">{refusalWords(wizard.failure, atTime)}</Notice>}
          <StepContent {...props} wizard={wizard} />
        </div>
      </Dialog>
      <ConfirmDialog
        title="Discard this export?"
        message="What was entered is lost. Nothing has been sent yet."
        confirmLabel="Discard"
        cancelLabel="Keep editing"
        isDanger
        isOpen={isLeaving}
        onConfirm={drop}
        onCancel={() => setIsLeaving(false)}
      />
    </>
  );
}

/**
 * A step's button may vanish with the step; the focus goes to what the step asks, never nowhere. Where Next found
 * something missing it goes to the first field of that kind, whose sentence is read out with it.
 */
function useFocusOnStep(step: WizardStep, missingTimes: number) {
  const content = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = content.current;
    if (element !== null && !element.contains(document.activeElement)) element.focus();
  }, [step]);
  useEffect(() => {
    if (missingTimes === 0) return;
    content.current?.querySelector<HTMLElement>("[aria-invalid=true], [data-invalid] button")?.focus();
  }, [missingTimes]);
  return content;
}

interface WizardButtonsProps {
  readonly draft: ExportDraft;
  readonly wizard: Wizard;
  readonly onCancel: () => void;
}

function WizardButtons({ draft, wizard, onCancel }: WizardButtonsProps) {
  const before = stepBefore(draft);
  const isLast = stepAfter(draft) === null || draft.association === "none";
  const mayLookOn = stepAfter(draft) !== null;
  return (
    <>
      <Button onPress={onCancel}>Cancel</Button>
      <Button isDisabled={before === null} onPress={wizard.goBack}>
        Back
      </Button>
      {mayLookOn && (
        <Button
          variant={isLast && offersFinish(draft) ? "neutral" : "primary"}
          onPress={wizard.goNext}
          isDisabled={!wizard.mayPressNext}
        >
          Next
        </Button>
      )}
      {offersFinish(draft) && (
        <Button
          variant={isLast ? "primary" : "neutral"}
          onPress={wizard.finish}
          isDisabled={!wizard.mayFinish}
        >
          Finish
        </Button>
      )}
    </>
  );
}

function FooterWords({ draft, wizard }: { readonly draft: ExportDraft; readonly wizard: Wizard }) {
  const total = totalOf(wizard.reports, draft.rows);
  const problems = [...wizard.rowIssues.values()].filter((row) => hasRowIssue(new Map([["", row]]))).length;
  if (draft.step !== "cameras" && problems > 0) {
    return (
      <span className={styles["problems"]} role="status">
        {formatCount(problems, "camera")} {problems === 1 ? "needs" : "need"} a correction.
      </span>
    );
  }
  return (
    <span className={styles["words"]}>
      {formatCount(draft.rows.length, "camera")}
      {total !== null && ` · ${formatBytes(total.lengthBytes)} (${formatNumber(total.lengthBytes)} bytes)`}
    </span>
  );
}
