import { DESTINATION_NAME } from "#shared/domain/brand.ts";
import { RadioGroup } from "#design-system/components/radio-group.tsx";
import { useDraftStore } from "./draft-store.ts";
import type { ExportDraft } from "./export-draft.ts";
import styles from "./steps.module.css";

const OPTIONS = [
  {
    id: "existing",
    label: "Select existing case",
    description: "The evidence goes into an open case of the account.",
  },
  {
    id: "new",
    label: "Create a new case",
    description: "Finish creates the case, then sends the evidence into it.",
  },
  {
    id: "none",
    label: "Skip and upload evidence",
    description: `The evidence is uploaded to ${DESTINATION_NAME} without a case.`,
  },
] as const;

export function AssociationStep({ draft }: { readonly draft: ExportDraft }) {
  return (
    <div className={styles["association"]}>
      <RadioGroup
        label="Case association"
        isLabelHidden
        hasCards
        options={OPTIONS}
        value={draft.association}
        onChange={(association) => useDraftStore.getState().editAssociation({ association })}
      />
    </div>
  );
}
