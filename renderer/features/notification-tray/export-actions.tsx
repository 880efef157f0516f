import { inSentences } from "#shared/domain/failure.ts";
import { OPEN_IN_DESTINATION_LABEL } from "#shared/domain/brand.ts";
import { type ExportSummary, isUnfinished } from "#shared/domain/export-status.ts";
import { useState } from "react";
import { Button } from "#design-system/components/button.tsx";
import { ConfirmDialog } from "#design-system/components/dialog.tsx";
import { showToast } from "#design-system/components/toast.tsx";
import {
  useCancelExport,
  useDismissExport,
  useOpenInClearance,
  useRetryExport,
  useSendWithoutLost,
} from "../../main-process-client/exports.ts";
import type { Change } from "../../main-process-client/change.ts";
import { actionsFor, camerasInWords } from "./export-words.ts";

interface ExportActionsProps {
  readonly status: ExportSummary;
  /** The element that names the export. */
  readonly descriptionId: string;
}

type ExportChange = Change<
  | "exports.retry"
  | "exports.sendWithoutLost"
  | "exports.cancel"
  | "exports.dismiss"
  | "exports.openInClearance"
>;

export function ExportActions({ status, descriptionId }: ExportActionsProps) {
  const offered = actionsFor(status);
  const changes = {
    retry: useRetryExport(),
    sendWithout: useSendWithoutLost(),
    cancel: useCancelExport(),
    dismiss: useDismissExport(),
    open: useOpenInClearance(),
  };
  const [asked, setAsked] = useState<"cancel" | "dismiss">("cancel");
  const [isConfirming, setIsConfirming] = useState(false);
  const isSent = offered.dismiss && isUnfinished(status);
  // It has ended by itself, or another has cancelled it: there is nothing left to ask.
  if (isConfirming && !(asked === "cancel" ? offered.cancel : isSent)) setIsConfirming(false);
  const ask = (what: typeof asked) => {
    setAsked(what);
    setIsConfirming(true);
  };
  const run = (change: Pick<ExportChange, "run">) => void runAndTell(change, status.exportId);
  const button = (change: Pick<ExportChange, "run" | "isRunning">) => ({
    size: "small" as const,
    "aria-describedby": descriptionId,
    // Not disabled meanwhile: a disabled button loses the focus.
    onPress: () => {
      if (!change.isRunning) run(change);
    },
  });
  return (
    <>
      {offered.retry && (
        <Button {...button(changes.retry)} icon="retry">
          Retry
        </Button>
      )}
      {offered.sendWithout && <Button {...button(changes.sendWithout)}>Send without it</Button>}
      {offered.open && (
        <Button {...button(changes.open)} icon="open-external">
          {OPEN_IN_DESTINATION_LABEL}
        </Button>
      )}
      {offered.cancel && (
        <Button {...button(changes.cancel)} onPress={() => ask("cancel")} icon="cancel">
          Cancel export
        </Button>
      )}
      {offered.dismiss && (
        <Button {...button(changes.dismiss)} {...(isSent && { onPress: () => ask("dismiss") })} icon="close">
          Dismiss
        </Button>
      )}
      <ConfirmDialog
        {...QUESTIONS[asked](camerasInWords(status))}
        isDanger
        isOpen={isConfirming}
        onConfirm={() => {
          setIsConfirming(false);
          run(changes[asked]);
        }}
        onCancel={() => setIsConfirming(false)}
      />
    </>
  );
}

const QUESTIONS = {
  cancel: (cameras: string) => ({
    title: "Cancel this export?",
    message: `The export of ${cameras} stops, and what was uploaded of it is not used. The footage stays in the archive.`,
    confirmLabel: "Cancel export",
    cancelLabel: "Keep exporting",
  }),
  dismiss: (cameras: string) => ({
    title: "Dismiss this export?",
    message: `Everything of the export of ${cameras} was sent. Whether it becomes available is not told here any more, and the archive may remove its footage as it gets old.`,
    confirmLabel: "Dismiss",
    cancelLabel: "Keep it",
  }),
};

async function runAndTell(change: Pick<ExportChange, "run">, exportId: string): Promise<void> {
  const answer = await change.run({ exportId });
  // Retry pressed twice: what was wanted is under way, and the card is about to say so.
  if (!answer.ok && answer.error.code === "NOTHING_TO_RETRY") return;
  if (!answer.ok) showToast("danger", inSentences(answer.error));
}
