import type { Camera } from "#shared/domain/camera.ts";
import type { ExportDraft } from "./export-draft.ts";
import type { RangeOffer } from "./range-offer.ts";

export interface ExportWizardProps {
  /** The tile it was started from: its camera, and what was marked or shown there. null: it goes on with the draft. */
  readonly start: { readonly cameraId: string; readonly offer: RangeOffer } | null;
  readonly camerasInTiles: readonly string[];
  /** IANA name. */
  readonly siteTimeZone: string;
  readonly onClose: () => void;
  /** The export of these cameras was taken over by the main process. */
  readonly onSent: (cameraIds: readonly string[]) => void;
}

export type WizardDialogProps = ExportWizardProps & {
  readonly cameras: readonly Camera[];
  readonly draft: ExportDraft;
};
