import { bidiIsolated } from "#shared/domain/names.ts";
import { SEND_EVIDENCE_LABEL } from "#shared/domain/brand.ts";
import type { Camera } from "#shared/domain/camera.ts";
import { useEffect, useState } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Dialog } from "#design-system/components/dialog.tsx";
import { useCameras } from "../../main-process-client/cameras.ts";
import { archiveNow, readHoldings } from "../../main-process-client/holdings.ts";
import { useLogOnState } from "../../main-process-client/operator.ts";
import { useDraftStore } from "./draft-store.ts";
import type { DraftStart, ExportDraft } from "./export-draft.ts";
import { Notice } from "./notice.tsx";
import { rangeOffered } from "./range-offer.ts";
import { WizardDialog } from "./wizard-dialog.tsx";
import type { ExportWizardProps } from "./wizard-props.ts";

/** The way from a tile to an export; shown while it is mounted. */
export function ExportWizard(props: ExportWizardProps) {
  const { value: cameras, failure } = useCameras();
  const username = useLogOnState().value?.operator?.username;
  if (cameras !== undefined && username !== undefined) {
    return <StartedWizard {...props} cameras={cameras} username={username} />;
  }
  return (
    <Dialog
      title={SEND_EVIDENCE_LABEL}
      isOpen
      onClose={props.onClose}
      footer={<Button onPress={props.onClose}>Cancel</Button>}
    >
      {failure === null ? (
        <p role="status">Reading the cameras…</p>
      ) : (
        <Notice tone="danger">
          {failure.message} {failure.action}
        </Notice>
      )}
    </Dialog>
  );
}

type StartedWizardProps = ExportWizardProps & {
  readonly cameras: readonly Camera[];
  readonly username: string;
};

/**
 * Decides once, when it opens, between the draft that is there and a new one. Closing the question
 * decides nothing: the draft stays.
 */
function StartedWizard(props: StartedWizardProps) {
  const draft = useDraftStore((state) => state.draft);
  const [phase, setPhase] = useState<"ask" | "begin" | "edit">(() =>
    firstPhase(useDraftStore.getState().draft, props),
  );
  const { start, cameras, username } = props;
  const [earlierRequestId] = useState(() => useDraftStore.getState().draft?.requestId ?? null);
  const hasBegun = draft !== null && draft.requestId !== earlierRequestId;
  useEffect(() => {
    if (phase !== "begin" || hasBegun || start === null) return undefined;
    let isLeft = false;
    void beginningOf(start, cameras).then((beginning) => {
      if (!isLeft) useDraftStore.getState().begin({ ...beginning, startedBy: username });
    });
    return () => {
      isLeft = true;
    };
  }, [phase, hasBegun, start, cameras, username]);
  if (draft === null || (phase === "begin" && !hasBegun)) return null;
  if (phase !== "ask") return <WizardDialog {...props} draft={draft} />;
  return (
    <Dialog
      title="Continue the unfinished export?"
      isOpen
      onClose={props.onClose}
      size="small"
      role="alertdialog"
      footer={
        <>
          <Button onPress={() => setPhase("begin")}>Start anew</Button>
          <Button variant="primary" autoFocus onPress={() => setPhase("edit")}>
            Continue
          </Button>
        </>
      }
    >
      {unfinishedSentence(draft)}
    </Dialog>
  );
}

/**
 * A draft that this operator worked on is neither dropped nor taken up again without asking, not even for
 * the same camera: whoever right-clicks a tile means what is in the tile now.
 */
function firstPhase(
  draft: ExportDraft | null,
  { start, username }: StartedWizardProps,
): "ask" | "begin" | "edit" {
  if (start === null) return "edit";
  return draft !== null && draft.hasChanges && draft.startedBy === username ? "ask" : "begin";
}

/** The archive is asked at this moment: what it held when a list was read last is minutes old. */
async function beginningOf(
  start: NonNullable<ExportWizardProps["start"]>,
  cameras: readonly Camera[],
): Promise<Omit<DraftStart, "startedBy">> {
  const { cameraId, offer } = start;
  const camera = cameras.find(({ id }) => id === cameraId) ?? { id: cameraId, name: cameraId };
  const held = offer.kind === "live" ? await readHoldings([cameraId]) : null;
  const holding = held?.ok === true ? (held.value.get(cameraId) ?? null) : null;
  return { camera, offered: rangeOffered(offer, holding, archiveNow()) };
}

function unfinishedSentence(draft: ExportDraft): string {
  const names = draft.rows.map((row) => bidiIsolated(row.cameraName)).join(", ");
  return `An export was not finished${names === "" ? "" : `: ${names}`}. Starting anew drops what was entered there.`;
}
